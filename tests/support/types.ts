import type { Evaluation } from "../../evaluate";
import { allTiers, stackWith } from "./stacks";

/** Stack files that, with the bare tiers, make every resource type that the program knows. */
const WIDEST = [
  { tier: "replicated", edge: { domain: "api.example.com" } },
  { tier: "elastic", database: { kind: "migrating" }, edge: { domain: "api.example.com" } },
  { tier: "multi-az", network: { egress: "nat-regional" }, edge: { domain: "api.example.com" } },
];

export async function widestEvaluations(): Promise<Evaluation[]> {
  return [...(await allTiers()).values(), ...(await Promise.all(WIDEST.map((words) => stackWith(words))))];
}

/** Every type that the program makes at any tier, and whether it protects it: always, never, or here and there. */
export async function usedTypes(): Promise<Map<string, Set<boolean>>> {
  const types = new Map<string, Set<boolean>>();
  for (const { resources } of await widestEvaluations())
    for (const { type, protect, options } of resources)
      if (options.custom) types.set(type, (types.get(type) ?? new Set()).add(protect));
  return types;
}
