import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { has } from "./world/process";
import { MYSQL_TREE } from "./world/trees";

const PACKAGES = ["mysql-server", "valkey-server", "valkey-tools", "xfsprogs", "perl-base", "openssl", "logrotate"];
const DONE = join(MYSQL_TREE, "prepared");

/** Makes the tree that MySQL and Valkey come from; once. Says what it does, and what it cannot. @returns exit status */
export function prepare(): number {
  if (existsSync(DONE) && readFileSync(DONE, "utf8") === PACKAGES.join(" "))
    return say(`${MYSQL_TREE} is there: nothing to do`);
  if (process.getuid?.() !== 0 || !has("debootstrap"))
    return say("needs root and debootstrap (apt-get install debootstrap)", 1);
  rmSync(MYSQL_TREE, { recursive: true, force: true });
  mkdirSync(dirname(MYSQL_TREE), { recursive: true });
  const mirror = mirrorOf();
  say(`debootstrap of Debian's sid from ${mirror} into ${MYSQL_TREE}, about half a minute`);
  if (!run("debootstrap", "--variant=minbase", "sid", MYSQL_TREE, mirror)) return say("debootstrap failed", 1);
  // Nothing may be started while it is installed.
  writeFileSync(join(MYSQL_TREE, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  say(`installs ${PACKAGES.join(", ")} in it`);
  const install = `mount -t proc proc "$0/proc" && chroot "$0" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${PACKAGES.join(" ")}`;
  if (!run("unshare", "--mount", "sh", "-c", install, MYSQL_TREE)) return say("apt-get failed", 1);
  // The machines bring a configuration of their own, and MySQL's own packages have none.
  for (const name of readdirSync(join(MYSQL_TREE, "etc/mysql")))
    rmSync(join(MYSQL_TREE, "etc/mysql", name), { recursive: true });
  for (const folder of ["var/cache/apt/archives", "var/lib/mysql"])
    rmSync(join(MYSQL_TREE, folder), { recursive: true, force: true });
  writeFileSync(DONE, PACKAGES.join(" "));
  return say("done");
}

/** The mirror that this machine itself installs from. */
function mirrorOf(): string {
  const sources = [
    "/etc/apt/sources.list",
    ...(existsSync(LISTS) ? readdirSync(LISTS).map((file) => join(LISTS, file)) : []),
  ];
  const texts = sources.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  const lines = texts
    .join("\n")
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"));
  return /https?:\/\/\S+\/debian(?=[\s/]|$)/m.exec(lines.join("\n"))?.[0] ?? "http://deb.debian.org/debian";
}

const LISTS = "/etc/apt/sources.list.d";

function run(file: string, ...args: readonly string[]): boolean {
  return spawnSync(file, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

function say(text: string, status = 0): number {
  console.log(text);
  return status;
}
