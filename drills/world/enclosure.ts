import { spawn } from "node:child_process";
import { constants } from "node:os";
import { must } from "./process";
import { openInternet } from "./network";
import { prepareFolders } from "./world";

const MARK = "BILLYBULLY_DRILL_ENCLOSED";

export function isEnclosed(): boolean {
  return process.env[MARK] === "1";
}

/**
 * Runs this very command again in process, mount and network namespaces of its own. They end with it, however it ends, and everything that a
 * drill started, mounted or connected ends with them.
 */
export async function enclose(): Promise<number> {
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const unshare = [
    "unshare",
    "--fork",
    "--pid",
    "--kill-child=KILL",
    "--mount",
    "--propagation",
    "private",
    "--mount-proc",
    "--net",
  ];
  // A shell as the first process buries the orphans.
  const init = ["bash", "-c", '"$@"; exit $?', "drill", ...command];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...unshare, ...init], {
    stdio: "inherit",
    env: { ...process.env, [MARK]: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      child.kill("SIGKILL");
      process.exit(128 + constants.signals[signal]);
    });
  return new Promise((resolve) =>
    child.once("exit", (status) => {
      resolve(status ?? 1);
    }),
  );
}

/** Inside: what all drills of one run share. */
export function furnish(): void {
  must("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run");
  prepareFolders();
  openInternet();
}
