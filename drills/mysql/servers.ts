import { createConnection, type Connection } from "mysql2/promise";
import type { Machine } from "../world/machine";
import { sleep } from "../world/process";
import type { World } from "../world/world";

/** Schema and user of the app, as in plan/environment.ts. */
const APP = { database: "billybully", user: "billybully", secret: "db-app" };
const ADMIN = { database: "billybully", user: "admin", secret: "db-admin" };
const CONNECT_MS = 1000;
/** A server that is not well after so long is given up; 300 on a real one. */
const READY_SECONDS = "45";

/** A MySQL machine of the program's, up and serving; a volume that is new has so many GiB, else what the program says. @throws Error with the bootstrap's own words where it does not come up */
export async function bootServer(world: World, name: string, gib?: number): Promise<Machine> {
  const machine = world.make(name);
  machine.env["BILLYBULLY_READY_SECONDS"] = READY_SECONDS;
  const booted = machine.boot();
  await sleep(0.5); // its volume comes some time after it
  const volume = world.volumeOf(machine);
  world.attach(machine, { ...volume, gib: gib ?? volume.gib });
  const { status, text } = await booted;
  if (status !== 0) throw new Error(`${name} does not come up:\n${text}`);
  return machine;
}

/** As root, through the socket: rows of columns with tabs between them. */
export async function sql(machine: Machine, statement: string): Promise<string> {
  const { status, out, text } = await machine.exec(["mysql", "-NBr"], { input: statement });
  if (status !== 0) throw new Error(`${machine.name}: ${statement.slice(0, 200)}: ${text}`);
  return out.trim();
}

export async function number(machine: Machine, statement: string): Promise<number> {
  return Number(await sql(machine, statement));
}

export interface Health {
  readonly healthy: boolean;
  /** The script's own line. */
  readonly words: string;
}

export async function health(machine: Machine): Promise<Health> {
  const { status, text } = await machine.run("mysql/health.sh");
  return { healthy: status === 0, words: text.trim() };
}

/** What somebody outside has of the world: its names and its passwords. */
export interface Outside {
  readonly resolver: Pick<World["resolver"], "address">;
  readonly account: Pick<World["account"], "secret">;
}

/** From the outside, as the app's servers see it: over TLS, by its name. */
export async function connect(world: Outside, host: string, who: "app" | "admin" = "app"): Promise<Connection> {
  const { database, user, secret } = who === "app" ? APP : ADMIN;
  const connection = await createConnection({
    host: world.resolver.address(host),
    user,
    database,
    password: world.account.secret(secret),
    ssl: { rejectUnauthorized: false },
    connectTimeout: CONNECT_MS,
  });
  connection.on("error", () => undefined); // whoever asks next is told
  return connection;
}

/** Runs `apply.sh`, as the program's associations do after a change of settings. */
export async function apply(machine: Machine): Promise<string> {
  const { status, text } = await machine.run("mysql/apply.sh");
  if (status !== 0) throw new Error(`${machine.name}: apply.sh: ${text}`);
  return text;
}

/** Whether two servers hold the same rows of a table, and how many they are. Nobody may write meanwhile. */
export async function sameRows(one: Machine, other: Machine, table: string): Promise<{ same: boolean; rows: number }> {
  const ask = `CHECKSUM TABLE ${table}; SELECT COUNT(*) FROM ${table}`;
  const [here, there] = [await sql(one, ask), await sql(other, ask)];
  return { same: here === there, rows: Number(here.split("\n").at(-1)) };
}

/** Waits until a server has applied all that another has committed. */
export async function caughtUp(reader: Machine, writer: Machine, seconds = 60): Promise<void> {
  const executed = await sql(writer, "SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')");
  const outcome = await number(reader, `SELECT WAIT_FOR_EXECUTED_GTID_SET('${executed}', ${seconds})`);
  if (outcome !== 0) throw new Error(`${reader.name} is not where ${writer.name} is after ${seconds} s`);
}
