import { JVM_NAME_SECONDS } from "../../plan/environment";
import type { MigrationStep } from "../../plan/migration-document";
import type { Context } from "../drill";
import { bootServer, caughtUp, connect, number, sameRows, sql, type Outside } from "../mysql/servers";
import { ANSWER_SECONDS, createTable, TABLE, whileWriting, type Written } from "../mysql/writing";
import type { Machine } from "../world/machine";
import { sleep, type Ran } from "../world/process";
import type { World } from "../world/world";
import { Aurora } from "./aurora";
import { Steps } from "./steps";

export const TIER = "cached";
export const DATABASE = { kind: "migrating" };
export const WRITER = "writer.cached.billybully.internal";

/** Tables beside the one that is written to all the time: of every kind of column, of two keys, and of another schema. */
const MANY = "billybully.drill_many";
export const TABLES = [TABLE, MANY, "billybully.drill_pairs", "drill_extra.things"];
/** More than compare.sh reads at once. */
export const ROWS = 150_000;
/** Changes in a second of rows that are there already, beside the stream of new ones. */
const CHANGES = 20;

export interface Stage {
  readonly world: World;
  readonly context: Context;
  readonly steps: Steps;
  readonly aurora: Aurora;
  writer: Machine;
  reader: Machine;
  /** Whether the two sides follow each other, and whether the app has left the side that was copied. */
  is: "apart" | "following" | "moved";
}

export async function setStage(world: World, context: Context): Promise<Stage> {
  const writer = await bootServer(world, "db-mysql-1");
  await createTable(writer);
  await fill(writer);
  const reader = await bootServer(world, "db-mysql-2");
  return { world, context, writer, reader, aurora: await Aurora.start(world), steps: new Steps(world), is: "apart" };
}

async function fill(writer: Machine): Promise<void> {
  await sql(
    writer,
    `CREATE TABLE ${MANY} (id BIGINT AUTO_INCREMENT PRIMARY KEY, player BIGINT, name VARCHAR(60), price DECIMAL(12,4), rate DOUBLE, at TIMESTAMP(6) NULL,
       kind ENUM('cash', 'stock'), flags BIT(9), data JSON, raw VARBINARY(30), note TEXT CHARACTER SET latin1, KEY (player));
     SET cte_max_recursion_depth = ${ROWS};
     INSERT INTO ${MANY} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
       SELECT i, i % 1000, CONCAT('자산 ', i), i / 7, i / 3, IF(i % 5, '2026-11-25 01:02:03.456789', NULL), IF(i % 2, 'cash', 'stock'), i % 512,
         JSON_OBJECT('i', i), UNHEX(SHA2(i, 224)), IF(i % 3, REPEAT('é', 20), NULL) FROM n;
     CREATE TABLE billybully.drill_pairs (a INT, b VARCHAR(20), note TEXT, PRIMARY KEY (a, b));
     INSERT INTO billybully.drill_pairs SELECT id, CONCAT('b', id), 'a note' FROM ${MANY} WHERE id <= 2000;
     CREATE DATABASE drill_extra;
     CREATE TABLE drill_extra.things (id INT PRIMARY KEY, name VARCHAR(20));
     INSERT INTO drill_extra.things VALUES (1, 'one');
     CREATE USER report IDENTIFIED BY 'of-its-own'; GRANT SELECT ON billybully.* TO report`,
  );
}

/** Runs a step where its runbook says that it is run. */
export function step(stage: Stage, name: MigrationStep, more?: Readonly<Record<string, string>>): Promise<Ran> {
  return stage.steps.run(stage.writer, name, more);
}

/** A step that has to end well. */
export async function done(stage: Stage, name: MigrationStep, more?: Readonly<Record<string, string>>): Promise<Ran> {
  const ran = await step(stage, name, more);
  if (ran.status !== 0) throw new Error(`${name}: status ${ran.status}:\n${ran.text}`);
  return ran;
}

/** Whatever the phases before have not done: both sides follow each other, and the app is where it was. */
export async function following(stage: Stage): Promise<void> {
  if (stage.is === "moved") await back(stage);
  if (stage.is === "following") return;
  await done(stage, "copy", { Overwrite: "aurora" });
  await done(stage, "follow");
  await done(stage, "compare");
  stage.is = "following";
}

export async function moved(stage: Stage): Promise<void> {
  if (stage.is === "moved") return;
  await following(stage);
  await done(stage, "cut-over");
  stage.is = "moved";
}

async function back(stage: Stage): Promise<void> {
  await done(stage, "fall-back");
  stage.is = "following";
}

/** For as long as the VPC's resolver keeps a name, and then the JVM. */
const KEPT_MS = (5 + JVM_NAME_SECONDS) * 1000;

/** The app's view of the world: it keeps a name that it has asked for. */
export class App implements Outside {
  readonly account: Outside["account"];
  private readonly kept = new Map<string, { readonly address: string; readonly until: number }>();

  constructor(private readonly world: World) {
    this.account = world.account;
  }

  readonly resolver = {
    address: (name: string): string => {
      const known = this.kept.get(name);
      if (known !== undefined && known.until > Date.now()) return known.address;
      const address = this.world.resolver.address(name);
      this.kept.set(name, { address, until: Date.now() + KEPT_MS });
      return address;
    },
  };
}

/** While an app writes: new rows, each of which is accounted for, and changes of rows that are there. */
export async function whileUsed({ world }: Stage, work: () => Promise<void>): Promise<Written> {
  const app = new App(world);
  const state = { on: true };
  const changes = change(app, state);
  try {
    return await whileWriting(app, WRITER, work);
  } finally {
    state.on = false;
    await changes;
  }
}

function changesOf(i: number): { readonly sql: string; readonly values: number[] }[] {
  const id = (i * 7919) % ROWS;
  return [
    {
      sql: `UPDATE ${MANY} SET price = price + 1, note = 'changed', data = JSON_SET(data, '$.n', ${i}) WHERE id = ?`,
      values: [id],
    },
    { sql: "REPLACE INTO billybully.drill_pairs VALUES (?, 'changed', 'é')", values: [id] },
    { sql: "DELETE FROM billybully.drill_pairs WHERE a = ? AND b <> 'changed'", values: [i] },
  ];
}

async function change(app: App, state: { readonly on: boolean }): Promise<void> {
  let connection: Awaited<ReturnType<typeof connect>> | undefined;
  for (let i = 1; state.on; i++) {
    try {
      connection ??= await connect(app, WRITER);
      // A machine without power never answers.
      for (const { sql, values } of changesOf(i))
        await connection.query({ sql, values, timeout: ANSWER_SECONDS * 1000 });
    } catch {
      connection?.destroy();
      connection = undefined;
    }
    await sleep(1 / CHANGES);
  }
  connection?.destroy();
}

/** Which tables differ between the two sides when nobody writes, and how many rows there are. */
export async function compared({ writer, aurora }: Stage): Promise<{ differing: string[]; rows: number }> {
  await caughtUp(aurora.machine, writer);
  await caughtUp(writer, aurora.machine);
  const found = await Promise.all(
    TABLES.map(async (table) => ({ table, ...(await sameRows(writer, aurora.machine, table)) })),
  );
  return {
    differing: found.filter(({ same }) => !same).map(({ table }) => table),
    rows: found.reduce((sum, { rows }) => sum + rows, 0),
  };
}

/** Acknowledged writes that a side does not have. */
export async function missing(side: Machine, { acknowledged }: Written): Promise<number> {
  const ids = [...acknowledged];
  if (ids.length === 0) throw new Error("nobody has written anything");
  const bounds = `id BETWEEN ${Math.min(...ids)} AND ${Math.max(...ids)}`;
  const there = new Set((await sql(side, `SELECT id FROM ${TABLE} WHERE ${bounds}`)).split("\n").map(Number));
  return ids.filter((id) => !there.has(id)).length;
}

/** What the app is told that writes on a side; nothing where it is let. */
export async function refusalOn(
  { world }: Stage,
  address: string,
  who: "app" | "admin" = "app",
): Promise<string | undefined> {
  const outside = { account: world.account, resolver: { address: () => address } };
  try {
    const connection = await connect(outside, address, who);
    try {
      await connection.query(`INSERT INTO ${TABLE} VALUES (-1, 'not here')`);
      return undefined;
    } finally {
      connection.destroy();
    }
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

export async function isOpen(machine: Machine): Promise<boolean> {
  return (await number(machine, "SELECT @@GLOBAL.read_only")) === 0;
}
