import { spawnSync, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export interface Ran {
  readonly status: number;
  /** Standard output alone. */
  readonly out: string;
  /** Standard output and standard error. */
  readonly text: string;
}

/** A command of the drill's own machine that has to work. */
export function must(...argv: readonly string[]): string {
  const [file = "", ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${argv.join(" ")}: ${error?.message ?? (stderr + stdout).trim()}`);
  return stdout;
}

export function has(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}

/** What a process says until it ends, or until its time is up: then it and what it started are killed. */
export async function collect(child: ChildProcess, seconds = Infinity): Promise<Ran> {
  let [out, text] = ["", ""];
  child.stdout?.on("data", (data: Buffer) => {
    out += data.toString();
    text += data.toString();
  });
  child.stderr?.on("data", (data: Buffer) => (text += data.toString()));
  const ended = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      text += error.message;
      resolve(127);
    });
    child.once("close", (code) => {
      resolve(code ?? 128);
    });
  });
  const status = await within(ended, seconds);
  if (status !== undefined) return { status, out, text };
  if (child.pid !== undefined) signal(-child.pid, "SIGKILL");
  return { status: 124, out, text: `${text}\nno end after ${seconds} s` };
}

/** What a promise came to, or nothing when its time was up. */
export async function within<T>(promise: Promise<T>, seconds: number): Promise<T | undefined> {
  if (seconds === Infinity) return promise;
  const stop = new AbortController();
  try {
    return await Promise.race([promise, delay(seconds * 1000, undefined, { signal: stop.signal })]);
  } finally {
    stop.abort();
  }
}

/** Seconds on a clock that nobody sets. */
export function now(): number {
  return performance.now() / 1000;
}

/** How many seconds some work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = now();
  await work();
  return now() - began;
}

/** Asks again and again, and gives up loudly. */
export async function until(
  what: string,
  seconds: number,
  holds: () => boolean | Promise<boolean>,
  pause = 0.1,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(pause);
  }
}

/** What a script said at its end. */
export function lastLine(text = ""): string {
  return text.trim().split("\n").at(-1) ?? "";
}

export function sleep(seconds: number): Promise<void> {
  return delay(seconds * 1000);
}

export function alive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it is gone already
  }
}

export function groupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Every process whose network is that of `pid`'s namespace file. */
export function processesIn(inode: string): number[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      return readlinkSync(`/proc/${entry}/ns/net`) === inode && alive(Number(entry)) ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
