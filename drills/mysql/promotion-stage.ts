import type { Evaluation } from "../../evaluate/graph";
import type { Context } from "../drill";
import type { Machine } from "../world/machine";
import { until, type Ran } from "../world/process";
import type { World } from "../world/world";
import { apply, bootServer, health, number, sql } from "./servers";
import { createTable, TABLE, whileWriting, type Written } from "./writing";

export interface Stage {
  readonly world: World;
  /** By their numbers. */
  readonly servers: Map<number, Machine>;
  /** Number of the one that writes. */
  writer: number;
  /** Number of the one that was the writer and has no power. */
  gone: number | undefined;
  /** The program with another server as its primary. */
  readonly withPrimary: (number: number) => Promise<Evaluation>;
}

export const READERS = 2;
export async function stage(world: World, context: Context): Promise<Stage> {
  const servers = new Map<number, Machine>();
  for (let number = 1; number <= READERS + 1; number++) {
    servers.set(number, await bootServer(world, `db-mysql-${number}`));
    if (number === 1) await createTable(server(servers, 1));
  }
  return {
    world,
    servers,
    writer: 1,
    gone: undefined,
    withPrimary: (primary) => context.evaluate("cached", { database: JSON.stringify({ readers: READERS, primary }) }),
  };
}

export const WRITER = "writer.cached.billybully.internal";

/** The writer, and the two others in their order from there. */
export function trio({ servers, writer }: Stage): Record<"first" | "second" | "third", Machine> {
  const at = (step: number): Machine => server(servers, ((writer - 1 + step) % (READERS + 1)) + 1);
  return { first: at(0), second: at(1), third: at(2) };
}

function server(servers: ReadonlyMap<number, Machine>, number: number): Machine {
  const machine = servers.get(number);
  if (machine === undefined) throw new Error(`no server ${number}`);
  return machine;
}

export function numberOf({ name }: Machine): number {
  return Number(name.replace("db-mysql-", ""));
}

export function hostOf(machine: Machine): string {
  return `mysql-${numberOf(machine)}.cached.billybully.internal`;
}

export function cut(stage: Stage): void {
  server(stage.servers, stage.writer).cutPower();
  stage.gone = stage.writer;
}

/** What an earlier phase leaves, where it was not run. */
export async function lose(stage: Stage): Promise<void> {
  const { second } = trio(stage);
  await protectedCommits(server(stage.servers, stage.writer));
  cut(stage);
  const { status, text } = await second.run("mysql/promote.sh", "--old-writer-is-gone");
  if (status !== 0) throw new Error(text);
  stage.writer = numberOf(second);
}

export function whileWritten({ world }: Stage, work: () => Promise<void>): Promise<Written> {
  return whileWriting(world, WRITER, work);
}

/** What `pulumi up` does with another `database.primary`: settings and names, then `apply.sh` on one machine after the other. */
export async function turn(stage: Stage, primary: Machine): Promise<void> {
  const { world, servers, withPrimary } = stage;
  stage.writer = numberOf(primary);
  world.account.adopt((await withPrimary(stage.writer)).resources);
  for (const [number, machine] of servers) if (number !== stage.gone) await apply(machine);
}

/** What `pulumi up` does on a machine whose stack names it the primary by mistake, which is put right at once. */
export async function namedAgain(stage: Stage, machine: Machine): Promise<Ran & { closed: boolean }> {
  const { world, withPrimary } = stage;
  world.account.adopt((await withPrimary(numberOf(machine))).resources);
  const outcome = await machine.run("mysql/apply.sh");
  const closed = (await number(machine, "SELECT @@GLOBAL.super_read_only")) === 1;
  world.account.adopt((await withPrimary(stage.writer)).resources);
  return { ...outcome, closed };
}

/** Commits wait for a reader only from the first one that a reader has confirmed on. Where they never do, the phase goes on and shows it. */
export async function protectedCommits(writer: Machine): Promise<void> {
  const wait = until("semi-synchronous commits", 15, async () => {
    await sql(writer, `REPLACE INTO ${TABLE} VALUES (0, 'a commit')`);
    return (await health(writer)).words.includes("semi-synchronous ON");
  });
  await wait.catch(() => undefined);
}

export async function answers(machine: Machine): Promise<boolean> {
  return (await machine.exec(["mysql", "-NBr", "-e", "DO 1"])).status === 0;
}
