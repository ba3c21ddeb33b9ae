/**
 * What AWS sells, as far as this program sizes with it. Sources: AWS's instance type pages and "Burstable performance
 * instances: CPU credits" (EC2), "Supported DB instance classes" (Aurora MySQL), "Supported node types" (ElastiCache).
 */

export type Architecture = "arm64" | "x86_64";

/** Families that run Amazon Linux 2023 on Nitro. Older ones (t2, m4, ...) name their disks otherwise and are refused. */
const FAMILIES: Readonly<Record<string, Architecture>> = {
  ...named("arm64", "t4g m6g m7g m8g c6g c7g c8g r6g r7g r8g"),
  ...named("x86_64", "t3 t3a m5 m5a m6i m6a m7i m7a c5 c5a c6i c6a c7i c7a r5 r5a r6i r6a r7i r7a"),
};
const BURSTABLE_SIZES = ["nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"];
const SIZES = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];

/** Share of each vCPU that a burstable machine may use for ever. */
const BASELINE: Readonly<Record<string, number>> = {
  nano: 0.05,
  micro: 0.1,
  small: 0.2,
  medium: 0.2,
  large: 0.3,
  xlarge: 0.4,
  "2xlarge": 0.4,
};

const AURORA_FAMILIES = ["r5", "r6g", "r6i", "r7g", "r7i", "r8g"];
const AURORA_BURSTABLE = ["t3.medium", "t3.large", "t4g.medium", "t4g.large"];

/** Memory of the cache nodes this program chooses among, GiB. */
const CACHE_MEMORY_GIB: Readonly<Record<string, number>> = {
  "cache.t4g.micro": 0.5,
  "cache.t4g.small": 1.37,
  "cache.t4g.medium": 3.09,
  "cache.r7g.large": 13.07,
  "cache.r7g.xlarge": 26.32,
  "cache.r7g.2xlarge": 52.82,
  "cache.r7g.4xlarge": 105.81,
};
const CACHE_FAMILIES = ["m5", "m6g", "m7g", "r5", "r6g", "r7g"];
const CACHE_BURSTABLE = ["t3.micro", "t3.small", "t3.medium", "t4g.micro", "t4g.small", "t4g.medium"];

/** The steps by which each part grows, smallest first: Graviton, because it is the cheapest per vCPU in Seoul. */
export const LADDERS = {
  app: [
    "t4g.small",
    "t4g.medium",
    "c7g.large",
    "c7g.xlarge",
    "c7g.2xlarge",
    "c7g.4xlarge",
    "c7g.8xlarge",
    "c7g.16xlarge",
  ],
  mysql: [
    "t4g.small",
    "t4g.medium",
    "m7g.large",
    "m7g.xlarge",
    "m7g.2xlarge",
    "m7g.4xlarge",
    "m7g.8xlarge",
    "m7g.16xlarge",
  ],
  aurora: ["t4g.medium", "r7g.large", "r7g.xlarge", "r7g.2xlarge", "r7g.4xlarge", "r7g.8xlarge", "r7g.16xlarge"],
  cache: ["cache.t4g.micro", "cache.t4g.small", "cache.t4g.medium", "cache.r7g.large"],
} as const;

export function isInstanceType(text: string): boolean {
  const [family = "", size = "", ...rest] = text.split(".");
  if (rest.length > 0 || !Object.hasOwn(FAMILIES, family)) return false;
  return (isBurstable(text) ? BURSTABLE_SIZES : SIZES).includes(size);
}

/** Whether a machine earns credits for bursts and falls back to its baseline when they are spent. */
export function isBurstable(type: string): boolean {
  return /^((cache|db)\.)?t\d/.test(type);
}

/** Whether Aurora MySQL runs on this type (as the class `db.` + type). */
export function isAuroraType(text: string): boolean {
  const [family = "", size = ""] = text.split(".");
  return AURORA_BURSTABLE.includes(text) || (AURORA_FAMILIES.includes(family) && SIZES.includes(size));
}

export function isCacheNodeType(text: string): boolean {
  const [prefix, family = "", size = "", ...rest] = text.split(".");
  if (prefix !== "cache" || rest.length > 0) return false;
  return CACHE_BURSTABLE.includes(`${family}.${size}`) || (CACHE_FAMILIES.includes(family) && SIZES.includes(size));
}

/** Families by use, for error messages. */
export const ALLOWED = {
  instanceType: `${Object.keys(FAMILIES).join(", ")}; t* from nano to 2xlarge, the others from large to 16xlarge`,
  auroraType: `${AURORA_BURSTABLE.join(", ")}; ${AURORA_FAMILIES.join(", ")} from large to 16xlarge`,
  cacheNodeType: `cache.{${CACHE_BURSTABLE.join(", ")}}; cache.{${CACHE_FAMILIES.join(", ")}} from large to 16xlarge`,
};

export function architectureOf(instanceType: string): Architecture {
  const architecture = FAMILIES[instanceType.split(".")[0] ?? ""];
  if (architecture === undefined) throw new RangeError(`${instanceType} is of no family this program knows`);
  return architecture;
}

/** vCPUs that a type keeps up for ever: all of them, or the baseline of a burstable one. Takes `t4g.small` and `cache.t4g.small`. */
export function sustainedVcpus(type: string): number {
  const size = type.split(".").at(-1) ?? "";
  const vcpus = size.endsWith("xlarge") ? 4 * Number(size.replace("xlarge", "") || 1) : 2;
  return isBurstable(type) ? vcpus * (BASELINE[size] ?? 1) : vcpus;
}

/** GiB of a cache node that sizing may choose, or nothing for one that only a stack file names. */
export function cacheMemoryGib(nodeType: string): number | undefined {
  return CACHE_MEMORY_GIB[nodeType];
}

function named(architecture: Architecture, families: string): Record<string, Architecture> {
  return Object.fromEntries(families.split(" ").map((family) => [family, architecture]));
}
