import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { JAR } from "./app/jar";
import type { Need } from "./drill";
import { has } from "./world/process";
import { MYSQL_TREE } from "./world/trees";

/** What this machine lacks of what a drill needs, in words that say how to get it. */
export function lacking(needs: readonly Need[]): string[] {
  return [...new Set(["root" as const, ...needs])].flatMap((need) => CHECKS[need]() ?? []);
}

const CHECKS: Readonly<Record<Need, () => string | undefined>> = {
  root: () => {
    if (process.platform !== "linux") return "Linux";
    if (process.getuid?.() !== 0) return "root: network namespaces and mounts";
    const lacks = commands("ip", "unshare", "nsenter", "setpriv", "prlimit", "perl", "curl", "flock", "mount", "blkid");
    if (lacks !== undefined) return lacks;
    const probe = spawnSync("unshare", [
      "--mount",
      "--net",
      "--pid",
      "--fork",
      "ip",
      "link",
      "add",
      "drill",
      "type",
      "bridge",
    ]);
    return probe.status === 0 ? undefined : "namespaces: this container may not make them";
  },
  nginx: () => commands("nginx", "unzip"),
  nftables: () => commands("nft"),
  java: () => commands("java", "unzip", "keytool"),
  mysql: () => (existsSync(join(MYSQL_TREE, "usr/sbin/mysqld")) ? undefined : "MySQL: npm run drill -- --prepare"),
  valkey: () =>
    existsSync(join(MYSQL_TREE, "usr/bin/valkey-server")) ? undefined : "Valkey: npm run drill -- --prepare",
  xfs: () => commands("mkfs.xfs", "mkfs.ext4"),
  app: () => (existsSync(JAR) || has("mvn") ? undefined : "mvn, to build examples/app"),
};

function commands(...names: readonly string[]): string | undefined {
  const missing = names.filter((name) => !has(name));
  return missing.length === 0 ? undefined : missing.join(", ");
}
