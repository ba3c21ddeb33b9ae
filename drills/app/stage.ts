import { existsSync, readFileSync } from "node:fs";
import type { Evaluation } from "../../evaluate/graph";
import type { Context } from "../drill";
import { hostOf, numberOf } from "../mysql/promotion-stage";
import { apply, bootServer, health } from "../mysql/servers";
import type { Machine } from "../world/machine";
import { secondsOf, sleep, until } from "../world/process";
import { Cache, trustCache } from "../world/valkey";
import type { World } from "../world/world";
import { JAR } from "./jar";
import { during } from "./traffic";

/** One app server, its cache, and two MySQL servers. */
export interface Stage {
  readonly world: World;
  readonly server: Machine;
  readonly address: string;
  readonly cache: Cache;
  writer: Machine;
  reader: Machine;
  /** The program with another server as its primary. */
  readonly withPrimary: (number: number) => Promise<Evaluation>;
}

const MYSQLD = "/usr/sbin/mysqld";
/** Loads ask for the same players in the same order: what a shorter one reads is cached after this. */
export const WARM_SECONDS = 9;
/** A new JVM is slow, and that is not what is measured here. */
const WARM_MEDIAN = 0.05;
const WARM_TIMES = 5;

export async function stage(world: World, context: Context): Promise<Stage> {
  release(world, "v1");
  const cache = await Cache.start(world);
  const writer = await bootServer(world, "db-mysql-1");
  const server = world.make("app-public-1");
  await trustCache(server);
  const [reader, { status, text }] = await Promise.all([bootServer(world, "db-mysql-2"), server.boot()]);
  if (status !== 0) throw new Error(text);
  const withPrimary: Stage["withPrimary"] = (primary) =>
    context.evaluate("cached", { database: JSON.stringify({ primary }) });
  const made = { world, server, address: world.associate("app-front", server), cache, writer, reader, withPrimary };
  for (let time = 0; time < WARM_TIMES; time++) {
    const { cached } = await during(made, () => sleep(WARM_SECONDS));
    if (cached.median < WARM_MEDIAN) break;
  }
  return made;
}

/** Puts the real app into the bucket as that version. */
export function upload(world: World, version: string): void {
  if (!existsSync(JAR)) throw new Error("examples/app has not been built");
  world.upload(version, readFileSync(JAR));
}

function release(world: World, version: string): void {
  upload(world, version);
  world.account.parameters.set(world.parameter("app-release"), version);
}

export function signal(machine: Machine, name: NodeJS.Signals): void {
  machine.signal(MYSQLD, name);
}

/** @returns seconds until it serves again as what it is */
export async function serves(machine: Machine): Promise<number> {
  return secondsOf(() => until(`${machine.name} to serve`, 60, async () => (await health(machine)).healthy, 0.2));
}

/** Makes the reader the writer, as docs/machines.md says. @returns seconds that the command took */
export async function promote(stage: Stage, ...options: readonly string[]): Promise<number> {
  return secondsOf(async () => {
    const { status, text } = await stage.reader.run("mysql/promote.sh", ...options);
    if (status !== 0) throw new Error(text);
    [stage.writer, stage.reader] = [stage.reader, stage.writer];
  });
}

/** What comes after a promotion: `pulumi up` with the new primary, and the old writer as its reader. */
export async function settle({ world, writer, reader, withPrimary }: Stage): Promise<void> {
  world.account.adopt((await withPrimary(numberOf(writer))).resources);
  const { status, text } = await reader.run("mysql/rejoin.sh", hostOf(writer));
  if (status !== 0) throw new Error(text);
  for (const machine of [writer, reader]) await apply(machine);
}

/** Commits wait for a reader from the first one that a reader has confirmed on. */
export async function protectedCommits({ writer }: Stage): Promise<void> {
  const isOn = async (): Promise<boolean> => (await health(writer)).words.includes("semi-synchronous ON");
  await until("semi-synchronous commits", 15, isOn, 0.5);
}
