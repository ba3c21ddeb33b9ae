import { TIERS } from "../../config/tiers";
import type { Evaluation } from "../../evaluate";
import { stackWith, ZONES, type Words } from "./stacks";

const FOUR = [...ZONES, "ap-northeast-2d"];

/** Stack files that together use every branch of the program: each tier alone, and what a person may say beside it. */
export const VARIANTS: Readonly<Record<string, Words>> = {
  ...Object.fromEntries(TIERS.map((tier) => [tier, { tier }])),
  "multi-az in four zones": { tier: "multi-az", network: { zones: FOUR } },
  "multi-az in two zones": { tier: "multi-az", network: { zones: ZONES.slice(0, 2) } },
  "multi-az for ten million": { tier: "multi-az", users: 10_000_000 },
  "single in one zone, with a domain": {
    tier: "single",
    network: { zones: [ZONES[1]] },
    edge: { domain: "example.com" },
  },
  "replicated with a domain": { tier: "replicated", edge: { domain: "api.example.com" } },
  "elastic with a domain": { tier: "elastic", edge: { domain: "api.example.com" } },
  "elastic in a zone of its own": { tier: "elastic", edge: { domain: "api.example.com", hostedZoneId: "Z0123456789" } },
  "elastic while data moves": { tier: "elastic", database: { kind: "migrating" } },
  "resilient after data moved": { tier: "resilient", database: { kind: "migrating", active: "aurora" } },
  "resilient without readers": { tier: "resilient", database: { readers: 0 } },
  "cached with three readers and another primary": { tier: "cached", database: { readers: 3, primary: 2 } },
  "single with a cache": { tier: "single", cache: { shards: 1 } },
  "cached without one": { tier: "cached", cache: { shards: 0 } },
  "single with Aurora and no way out": { tier: "single", network: { egress: "none" }, database: { kind: "aurora" } },
  "resilient with a regional gateway": { tier: "resilient", network: { egress: "nat-regional" } },
  "balanced on x86 with machines to replace": {
    tier: "balanced",
    app: { instanceType: "m7i.large", imageId: "ami-0123456789abcdef0" },
    replace: { "app-balancer": "2026-12-01", "db-mysql-1": "a", "network-nat": "b" },
  },
};

export function variant(name: string): Promise<Evaluation> {
  return stackWith(VARIANTS[name]!);
}
