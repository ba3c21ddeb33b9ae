import { DEFAULT_MODEL } from "../../plan/capacity";
import { SCHEMA } from "../../plan/environment";
import { underLoad, type Kind } from "../load/load";
import { failed, milliseconds, type Report } from "../load/report";
import { number, sql } from "../mysql/servers";
import type { Machine } from "../world/machine";
import { sleep } from "../world/process";
import type { Stage } from "./stage";

/** Requests a second, of all kinds. Two cores with a JVM, two MySQL servers and the load on them bear a hundred. */
const RATE = 40;
/** Players whose assets are asked for again and again. A prime, so that clients of every kind meet all of them. */
export const PLAYERS = 199;
/** Nobody reads what these have, so that no write empties what is cached. */
const WRITTEN_PLAYERS = 47;
const PROBE_SECONDS = 0.25;
const TABLE = `${SCHEMA}.asset`;

/** Shares of the capacity model, of so many requests. */
const OF = 50;
const WRITES = Math.round(OF * DEFAULT_MODEL.writeShare);
const CACHED = Math.round((OF - WRITES) * DEFAULT_MODEL.cacheHitShare);
/** Writes of a second. */
export const WRITE_RATE = (RATE * WRITES) / OF;

type Part = "cached" | "fresh" | "writes";

/** What became of a load's writes. */
export interface Rows {
  /** Acknowledged, and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly twice: number;
  /** Failed for the client, and there all the same. */
  readonly unawares: number;
}

/** What became of the three kinds of request, and of the probe that decides whether the server stays. */
export interface Traffic extends Record<Part, Report>, Rows {
  /** Answers of the readiness probe that were not 200. */
  readonly unready: number;
  readonly probes: number;
  /** Writes that failed for the client, and are not there just once after it has repeated them. */
  readonly unmended: number;
  readonly lines: readonly string[];
}

let loads = 0;

/** A mark of its own for each load's writes. */
export function nextTag(): string {
  return `t${++loads}`;
}

/** Puts the modelled mix on the server while something happens, and follows each write into MySQL. */
export async function during(stage: Stage, work: (tag: string) => Promise<void>): Promise<Traffic> {
  const tag = nextTag();
  const health = { on: true, probes: 0, unready: 0 };
  const probing = probe(stage, health);
  const load = { targets: [`${stage.address}:80`], rate: RATE, mix: mixOf(tag) };
  const { named } = await underLoad(load, () => work(tag)).finally(() => (health.on = false));
  await probing;
  const { cached, fresh, writes } = named as Record<Part, Report>;
  const rows = await rowsOf(stage.writer, tag, writes);
  await repeat(stage, tag, writes.unacknowledged);
  const repeated = await present(stage.writer, tag);
  return {
    ...{ cached, fresh, writes, ...rows },
    unready: health.unready,
    probes: health.probes,
    unmended: writes.unacknowledged.filter((id) => repeated.get(id) !== 1).length,
    lines: [tell("cached reads", cached), tell("other reads", fresh), tell("writes", writes)],
  };
}

/** Every kind in its share and evenly mixed, for clients that keep their connections and such that do not. */
function mixOf(tag: string): Kind[] {
  return Array.from({ length: OF }, (_, i) => {
    const kept = i % 2 === 0;
    const place = (i * 7) % OF; // prime to it, so that no kind comes in a row
    if (place < WRITES) return writeOf(tag, kept);
    const path = `/players/1{id%${PLAYERS}}/assets`;
    return place < WRITES + CACHED
      ? { name: "cached", method: "GET", path, kept }
      : { name: "fresh", method: "GET", path: `${path}/fresh`, kept };
  });
}

export function writeOf(tag: string, kept: boolean): Kind {
  return { name: "writes", method: "POST", path: pathOf(`{id%${WRITTEN_PLAYERS}}`), body: bodyOf(tag, "{id}"), kept };
}

function pathOf(player: string): string {
  return `/players/1000${player}/assets`;
}

function bodyOf(tag: string, id: string): string {
  return JSON.stringify({ requestId: `${tag}-${id}`, name: "share", amount: 1 });
}

/** What a client does about a write of which it does not know what became: the same once more. */
async function repeat({ address }: Stage, tag: string, ids: readonly number[]): Promise<void> {
  for (const id of ids)
    await fetch(`http://${address}${pathOf(String(id % WRITTEN_PLAYERS))}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: bodyOf(tag, String(id)),
    });
}

async function probe({ address }: Stage, health: { on: boolean; probes: number; unready: number }): Promise<void> {
  while (health.on) {
    health.probes++;
    const signal = AbortSignal.timeout(3000);
    const ready = await fetch(`http://${address}/actuator/health/readiness`, { signal }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (!ready) health.unready++;
    await sleep(PROBE_SECONDS);
  }
}

/** Compares what a load's clients were told with what the writer has. */
export async function rowsOf(writer: Machine, tag: string, writes: Report): Promise<Rows> {
  const rows = await present(writer, tag);
  return {
    lost: writes.acknowledged.filter((id) => !rows.has(id)).length,
    twice: [...rows.values()].filter((count) => count > 1).length,
    unawares: writes.unacknowledged.filter((id) => rows.has(id)).length,
  };
}

/** How many rows each write of a load has left. */
async function present(writer: Machine, tag: string): Promise<Map<number, number>> {
  const own = `request_id LIKE '${tag}-%'`;
  const rows = await sql(writer, `SELECT request_id, COUNT(*) FROM ${TABLE} WHERE ${own} GROUP BY request_id`);
  const pairs = rows
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => row.split("\t"));
  return new Map(pairs.map(([id = "", count]) => [Number(id.slice(tag.length + 1)), Number(count)]));
}

export function countRows(writer: Machine, tag: string): Promise<number> {
  return number(writer, `SELECT COUNT(*) FROM ${TABLE} WHERE request_id LIKE '${tag}-%'`);
}

/** Holds every write back for some seconds: nobody else gets at the table. */
export async function holdWrites(writer: Machine, seconds: number): Promise<void> {
  await sql(writer, `LOCK TABLES ${TABLE} WRITE; DO SLEEP(${seconds}); UNLOCK TABLES`);
}

/** Statements of the app as MySQL itself has counted them since it started. */
export interface Statements {
  readonly reads: number;
  readonly writes: number;
}

export async function statements(machine: Machine): Promise<Statements> {
  const like = (pattern: string): string => `COALESCE(SUM(IF(DIGEST_TEXT LIKE '${pattern}', COUNT_STAR, 0)), 0)`;
  const counted = await sql(
    machine,
    `SELECT ${like("SELECT%LIMIT%")}, ${like("INSERT%")} FROM performance_schema.events_statements_summary_by_digest
       WHERE SCHEMA_NAME = '${SCHEMA}' AND DIGEST_TEXT LIKE '%asset%'`,
  );
  const [reads = 0, writes = 0] = counted.split("\t").map(Number);
  return { reads, writes };
}

/** Statements of both servers in the time that some work takes. */
export interface Counted {
  readonly onWriter: Statements;
  readonly onReader: Statements;
}

export async function counting<F>({ writer, reader }: Stage, work: () => Promise<F>): Promise<F & Counted> {
  const before = [await statements(writer), await statements(reader)] as const;
  const facts = await work();
  const after = [await statements(writer), await statements(reader)] as const;
  const since = (i: 0 | 1): Statements => ({
    reads: after[i].reads - before[i].reads,
    writes: after[i].writes - before[i].writes,
  });
  return { ...facts, onWriter: since(0), onReader: since(1) };
}

export function tell(what: string, report: Report): string {
  const kinds = new Map<string, number>();
  for (const { outcome, count } of report.tallies) kinds.set(outcome, (kinds.get(outcome) ?? 0) + count);
  const bad = [...kinds].filter(([kind]) => !kind.startsWith("2")).map(([kind, count]) => `${kind}: ${count}`);
  const why = bad.length === 0 ? "" : ` (${bad.join(", ")})`;
  return [
    `${report.sent} ${what}, ${failed(report)} failed${why}`,
    `median ${milliseconds(report.median)}`,
    `slowest ${milliseconds(report.slowest)}`,
    `longest gap ${milliseconds(report.longestGap)}`,
  ].join(", ");
}
