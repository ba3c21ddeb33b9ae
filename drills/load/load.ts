import { spawn } from "node:child_process";
import { join } from "node:path";
import { collect, sleep } from "../world/process";
import { CLIENT } from "../world/network";
import type { LoadOptions } from "./generator";
import type { Report } from "./report";

/** Longer than anything that a machine promises to answer within. */
const PATIENCE = 30;

export type Kind = LoadOptions["mix"][number];

/** Idempotent or not, for clients that keep their connections and such that do not: a quarter each. */
export function everyKind(path: string): Kind[] {
  return ["GET", "POST"].flatMap((method) =>
    [true, false].map((kept) => ({ method, kept, path, ...(method === "POST" && { body: '{"id":{id}}' }) })),
  );
}

export interface LoadArgs {
  readonly targets: readonly string[];
  readonly rate: number;
  readonly mix: readonly Kind[];
  readonly mark?: string;
  readonly patience?: number;
}

/** Puts a load on some targets for as long as the work takes. */
export async function underLoad(args: LoadArgs, work: () => Promise<void>): Promise<Report> {
  const options: LoadOptions = { patience: PATIENCE, from: CLIENT, ...args };
  const file = join(__dirname, "generator.ts");
  const child = spawn(process.execPath, ["--require", "./commands/typescript.cjs", file, JSON.stringify(options)], {
    cwd: join(__dirname, "..", ".."),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = collect(child, 1800);
  try {
    await sleep(1);
    await work();
  } finally {
    child.stdin.end();
  }
  const { status, out, text } = await ended;
  if (status !== 0) throw new Error(`the load failed: ${text}`);
  return JSON.parse(out) as Report;
}
