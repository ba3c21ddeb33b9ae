import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PARTS, type Machine } from "./machine";
import type { Ran } from "./process";

interface Package {
  /** Programs that are not there before. */
  readonly programs?: readonly string[];
  readonly units?: readonly string[];
  readonly more?: (machine: Machine) => void;
}

/** What MySQL's own package does before each start: a server without a database gets an empty one. */
const MYSQLD_PRE_SYSTEMD = `#!/bin/sh
[ -d /var/lib/mysql/data/mysql ] || /usr/sbin/mysqld --initialize-insecure --user=mysql
`;

/** What the repositories of Amazon Linux 2023 have, as far as a machine needs it. */
const PACKAGES: Readonly<Record<string, Package>> = {
  nginx: { programs: ["/usr/sbin/nginx"], units: ["nginx.service"] },
  "java-17-amazon-corretto-headless": { programs: ["/usr/bin/java"] },
  unzip: { programs: ["/usr/bin/unzip"] },
  nftables: { programs: ["/usr/sbin/nft"] },
  xfsprogs: { programs: ["/usr/sbin/mkfs.xfs", "/usr/sbin/xfs_growfs"] },
  logrotate: { units: ["logrotate.timer"] },
  "amazon-cloudwatch-agent": {
    more: (machine) => {
      machine.makeFolder("/opt/aws/amazon-cloudwatch-agent/etc");
      machine.standIn("/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl");
    },
  },
  "mysql-community-server-8.4.*": {
    units: ["mysqld.service"],
    more: (machine) => {
      if (!machine.read("/etc/yum.repos.d/mysql-8.4.repo").includes("repo.mysql.com"))
        throw new Error("no repository has it");
      machine.place("/usr/bin/mysqld_pre_systemd", MYSQLD_PRE_SYSTEMD, 0o755);
      machine.makeFolder("/var/lib/mysql", "mysql");
      machine.makeFolder("/run/mysqld", "mysql");
    },
  },
};

/** Takes away what only a package brings, so that a script that forgets the package is found out. */
export function removePackages(machine: Machine): void {
  for (const { programs = [] } of Object.values(PACKAGES))
    for (const program of programs) rmSync(machine.path(program), { force: true });
  for (const folder of ["etc/systemd/system", "usr/lib/systemd/system"])
    rmSync(machine.path(folder), { recursive: true, force: true });
}

/** What `dnf install` does, from the tree that the machine lies over. */
export function installPackages(machine: Machine, args: readonly string[]): Ran {
  const [verb, ...names] = args.filter((arg) => !arg.startsWith("-"));
  const known = names.flatMap((name) => PACKAGES[name] ?? []);
  if (verb !== "install" || known.length < names.length)
    return { status: 1, out: "", text: `Error: Unable to find a match: ${args.join(" ")}\n` };
  for (const each of known) unpack(machine, each);
  return { status: 0, out: "", text: "" };
}

function unpack(machine: Machine, { programs = [], units = [], more }: Package): void {
  for (const program of programs) install(machine, program);
  for (const unit of units) machine.place(`/usr/lib/systemd/system/${unit}`, readFileSync(join(PARTS, unit), "utf8"));
  more?.(machine);
}

function install(machine: Machine, program: string): void {
  const { java, tree } = machine.args;
  if (existsSync(machine.path(program))) return;
  if (program === "/usr/bin/java" && java !== undefined) {
    machine.place(program, `#!/bin/sh\nexec ${java.join(" ")} "$@"\n`, 0o755);
    return;
  }
  copyFileSync(join(tree, program), machine.path(program));
}
