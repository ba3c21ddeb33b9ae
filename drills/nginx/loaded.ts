import { underLoad, everyKind } from "../load/load";
import { failed, MOST_LAG, sent, type Report, type Which } from "../load/report";
import type { Context, Verdict } from "../drill";
import { jar } from "../world/jar";
import type { Machine } from "../world/machine";
import { sleep } from "../world/process";
import type { World } from "../world/world";

/** A busy machine gets less than what is wanted, and says so. */
const RATES = [500, 1000, 2000, 3000];
export const WANTED_RATE = 2000;
const CALM_P99 = 0.1;
/** Seconds that a busy machine adds to what nginx waits. */
export const MARGIN = 2;

/** A load on small backends, and what became of its writes. */
export interface Loaded {
  readonly load: Report;
  /** Writes that were acknowledged and that no server has. */
  readonly lost: number;
  /** Writes that a server did more than once, or several servers did. */
  readonly twice: number;
  /** Writes that failed for the client, and that a server has done. */
  readonly unawares: number;
}

/** Several machines at once. @throws Error with the words of the first whose bootstrap failed */
export async function bootAll(machines: readonly Machine[]): Promise<void> {
  const ran = await Promise.all(machines.map((machine) => machine.boot()));
  ran.forEach(({ status, text }, i) => {
    if (status !== 0) throw new Error(`${machines[i]?.name ?? "?"} does not come up:\n${text}`);
  });
}

/** Makes a version of the stand-in the current release. */
export function release(world: World, version: string): void {
  world.upload(version, jar({ version }));
  world.account.parameters.set(world.parameter("app-release"), version);
}

let loads = 0;

/** Puts every kind of request on some addresses, and follows each write to where it went. */
export async function load(
  targets: readonly string[],
  seen: () => readonly string[],
  rate: number,
  work: () => Promise<void>,
): Promise<Loaded> {
  const tag = `${++loads}-`;
  const report = await underLoad(
    {
      targets: targets.map((target) => `${target}:80`),
      rate,
      mark: "x-version",
      mix: everyKind(`/work?id=${tag}{id}`),
    },
    work,
  );
  const ours = seen().filter((id) => id.startsWith(tag));
  const known = new Set(ours);
  return {
    load: report,
    lost: report.acknowledged.filter((id) => !known.has(`${tag}${id}`)).length,
    twice: ours.length - known.size,
    unawares: report.unacknowledged.filter((id) => known.has(`${tag}${id}`)).length,
  };
}

/** Writes that a server has done. */
export function seenBy(server: Machine): string[] {
  return server.read("var/lib/billybully-app/seen").split("\n");
}

/** The highest of our rates that this machine answers without sweating. */
export async function calibrate(targets: readonly string[], context: Context): Promise<number> {
  const given = process.env["BILLYBULLY_DRILL_RATE"];
  if (given !== undefined) return Number(given);
  let rate = RATES[0] ?? 0;
  for (const next of RATES) {
    const report = await underLoad(
      { targets: targets.map((target) => `${target}:80`), rate: next, mix: everyKind("/work?id=0") },
      () => sleep(3),
    );
    if (failed(report) > 0 || report.p99 > CALM_P99 || report.lag > MOST_LAG) break;
    rate = next;
  }
  const busy =
    rate < WANTED_RATE
      ? `: this machine is too busy for the ${WANTED_RATE.toLocaleString("en-US")} that the drill wants`
      : "";
  context.say(`${rate.toLocaleString("en-US")} requests/s${busy}`);
  return rate;
}

/** Changes how the stand-in on a server behaves, from now until it ends. */
export async function behave(
  server: Machine,
  slot: string,
  behaviour: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { status, text } = await server.exec([
    "curl",
    "-sS",
    "-d",
    JSON.stringify(behaviour),
    `http://${slot}:8080/drill`,
  ]);
  if (status !== 0) throw new Error(text);
}

/** How many failed of so many. */
export function failures(report: Report, which: Which, most = 0): Verdict {
  const count = failed(report, which);
  return {
    kept: count <= most,
    figures: `${count} of ${sent(report, which).toLocaleString("en-US")}${most > 0 ? `, at most ${Math.round(most)}` : ""}`,
  };
}

/** Every acknowledged write is on a server, and none twice. */
export function writesAreWhole({ lost, twice }: Loaded): Verdict {
  return { kept: lost === 0 && twice === 0, figures: `${lost} lost, ${twice} done twice` };
}
