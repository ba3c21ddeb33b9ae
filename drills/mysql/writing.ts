import type { Connection, RowDataPacket } from "mysql2/promise";
import { longestGap } from "../load/report";
import type { Machine } from "../world/machine";
import { now, sleep, within } from "../world/process";
import { connect, sql, type Outside } from "./servers";

/** What became of a steady stream of writes. */
export interface Written {
  /** Ids that the database has acknowledged. */
  readonly acknowledged: ReadonlySet<number>;
  /** Writes whose outcome the client does not know, or knows to be none, by what it was told. */
  readonly failed: ReadonlyMap<string, number>;
  /** Longest time without an acknowledged write, in seconds. */
  readonly longestGap: number;
  readonly seconds: number;
}

export const TABLE = "billybully.drill_writes";
const WRITERS = 4;
/** Writes of each writer in a second. */
const RATE = 50;
/** The app's own bound: `socketTimeout` of its driver. */
export const ANSWER_SECONDS = 3;

let next = 1;

export async function createTable(writer: Machine): Promise<void> {
  await sql(writer, `CREATE TABLE IF NOT EXISTS ${TABLE} (id BIGINT PRIMARY KEY, body VARCHAR(200))`);
}

/** Writes rows of ever new ids to whatever answers to a name, as an app does: never twice, and after each failure on a new connection. */
export async function whileWriting(world: Outside, host: string, work: () => Promise<void>): Promise<Written> {
  const acknowledged = new Set<number>();
  const failed = new Map<string, number>();
  const times: number[] = [];
  const state = { on: true };
  const begin = now();
  const note = (id: number, failure: string | undefined): void => {
    if (failure !== undefined) failed.set(failure, (failed.get(failure) ?? 0) + 1);
    else {
      acknowledged.add(id);
      times.push(now());
    }
  };
  const writers = Array.from({ length: WRITERS }, () => write(world, host, state, note));
  let end = begin;
  try {
    await work();
  } finally {
    end = now();
    state.on = false;
    await Promise.all(writers);
  }
  const counted = times.filter((time) => time <= end);
  return { acknowledged, failed, longestGap: longestGap(counted, begin, end), seconds: end - begin };
}

async function write(
  world: Outside,
  host: string,
  state: { readonly on: boolean },
  note: (id: number, failure: string | undefined) => void,
): Promise<void> {
  let connection: Connection | undefined;
  for (let due = now(); state.on; due += 1 / RATE) {
    await sleep(Math.max(0, due - now()));
    const id = next++;
    try {
      connection ??= await connect(world, host);
      const statement = `INSERT INTO ${TABLE} VALUES (?, REPEAT('x', 200))`;
      const answer = await within(connection.query(statement, [id]), ANSWER_SECONDS);
      if (answer === undefined) throw Object.assign(new Error(), { code: `no answer in ${ANSWER_SECONDS} s` });
      note(id, undefined);
    } catch (error) {
      note(id, (error as { code?: string }).code ?? (error as Error).message);
      connection?.destroy();
      connection = undefined;
      due = now();
    }
  }
  connection?.destroy();
}

/** Which of the writes a server has; those of other streams are not counted. */
export async function present(world: Outside, address: string, ids: ReadonlySet<number>): Promise<Set<number>> {
  const connection = await connect(world, address);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT id FROM ${TABLE}`);
    return new Set(rows.map((row) => Number(row["id"])).filter((id) => ids.has(id)));
  } finally {
    connection.destroy();
  }
}

/** Acknowledged writes that a server does not have. */
export async function lostOn(world: Outside, host: string, { acknowledged }: Written): Promise<number> {
  return acknowledged.size - (await present(world, host, acknowledged)).size;
}

export function failures({ failed }: Written): number {
  return [...failed.values()].reduce((sum, count) => sum + count, 0);
}

/** `812 writes (198/s), 12 failed (ECONNREFUSED: 12), longest gap 1.2 s`. */
export function describeWrites(written: Written): string {
  const { acknowledged, failed, longestGap: gap, seconds } = written;
  const kinds = [...failed].map(([kind, count]) => `${kind}: ${count}`).join(", ");
  const rate = Math.round(acknowledged.size / seconds);
  return `${acknowledged.size} writes acknowledged (${rate}/s), ${failures(written)} failed${kinds === "" ? "" : ` (${kinds})`}, longest gap ${gap.toFixed(1)} s`;
}
