import { all, is, none, phase, pledge, type Phase } from "../drill";
import { digestFiles, findFiles } from "../world/files";
import type { Machine } from "../world/machine";
import { lastLine, sleep, until, type Ran } from "../world/process";
import type { World } from "../world/world";
import { hasVolume, ROLES, type Role } from "./roles";

/** What stands already; the next role finds it. */
export interface Stage {
  readonly world: World;
}

/** Tries of the most patient call: packages, 20 times. */
const MOST_TRIES = 20;

/** Where a machine keeps what it is. Logs, locks and what is in memory only are left out. */
const KEPT = ["etc", "opt/billybully", "usr/lib/systemd", "var/lib/billybully"];

interface Refusal {
  readonly call: string;
  readonly failed: Ran;
  readonly tries: number;
  /** Files of which only a part is there, and other things that must not be. */
  readonly half: readonly string[];
}

/** One call after the other that the role makes of AWS and of the package repositories fails for ever; the next run comes as far as the next call. */
export function refused(role: Role): Phase<Stage> {
  return phase(
    `${role.name}-refused`,
    `${role.title} comes up while one call after the other is refused`,
    async ({ world }: Stage) => {
      await standsBefore(role, world);
      const calls = await callsOf(role, world);
      const machine = world.make(role.instance);
      const refusals: Refusal[] = [];
      const again = () => machine.run("machine/bootstrap.sh");
      for (const call of calls) {
        const run = refusals.length === 0 ? () => firstBoot(machine, role, world) : again;
        refusals.push({ call, ...(await whileRefused(call, run, world)), half: remains(machine, role, world) });
      }
      const mended = await again();
      const serves = await role.serves(machine, world);
      discard(machine, role, world);
      return { refusals, mended, serves };
    },
    pledge("says", "it fails, and says in a line what could not be had", ({ refusals }) =>
      all(
        is(refusals.length > 0, `${refusals.length} calls`),
        ...refusals
          .filter(({ failed }) => failed.status === 0 || reasonOf(failed) === undefined)
          .map(({ call, failed }) => is(false, `${call}: status ${failed.status}, "${lastLine(failed.text)}"`)),
      ),
    ),
    pledge("bounded", `it tries more than once, and at most ${MOST_TRIES} times`, ({ refusals }) =>
      all(...refusals.map(({ call, tries }) => is(tries > 1 && tries <= MOST_TRIES, `${call}: ${tries}`))),
    ),
    pledge("half", "nothing is left half done", ({ refusals }) =>
      all(
        ...refusals
          .filter(({ half }) => half.length > 0)
          .map(({ call, half }) => is(false, `${call}: ${half.join(", ")}`)),
      ),
    ),
    pledge("mends", "when all works again, the next run makes the machine whole", ({ mended, serves }) =>
      is(mended.status === 0 && serves !== undefined, serves ?? lastLine(mended.text)),
    ),
  );
}

export function boots(role: Role): Phase<Stage> {
  return phase(
    role.name,
    `${role.title} boots from its user data, is bootstrapped again, and boots again`,
    async ({ world }: Stage) => {
      await standsBefore(role, world);
      const machine = world.make(role.instance);
      const first = await firstBoot(machine, role, world);
      const serves = [await role.serves(machine, world)];
      const before = stateOf(machine, role, world);
      const again = await machine.run("machine/bootstrap.sh");
      serves.push(await role.serves(machine, world));
      const after = stateOf(machine, role, world);
      await machine.shutdown();
      await machine.boot();
      const back = await soon(() => role.serves(machine, world));
      serves.push(back);
      return {
        first,
        again,
        serves,
        changedAgain: differing(before, after),
        changedByBoot: differing(after, stateOf(machine, role, world)),
      };
    },
    pledge("serves", "when its bootstrap ends it serves", ({ first, serves }) =>
      is(first.status === 0 && serves[0] !== undefined, serves[0] ?? lastLine(first.text)),
    ),
    pledge("again", "another run changes nothing", ({ again, serves, changedAgain }) =>
      all(
        is(again.status === 0 && serves[1] !== undefined, `status ${again.status}`),
        none(changedAgain.length, `files changed ${changedAgain.join(", ")}`.trim()),
      ),
    ),
    pledge("reboot", "after a reboot it serves again by itself, and nothing has changed", ({ serves, changedByBoot }) =>
      all(
        is(serves[2] !== undefined, serves[2] ?? "it does not serve"),
        none(changedByBoot.length, `files changed ${changedByBoot.join(", ")}`.trim()),
      ),
    ),
  );
}

/** Whoever an earlier phase has not left here. */
async function standsBefore({ after }: Role, world: World): Promise<void> {
  if (after === undefined || world.machines.some(({ name }) => name === after)) return;
  const role = ROLES.find(({ instance }) => instance === after);
  if (role === undefined) throw new Error(`no role ${after}`);
  await firstBoot(world.make(after), role, world);
}

/** What a machine of this role asks for while it comes up, found by letting one come up. */
async function callsOf(role: Role, world: World): Promise<string[]> {
  const machine = world.make(role.instance);
  const began = world.account.calls.length;
  const { status, text } = await firstBoot(machine, role, world);
  if (status !== 0) throw new Error(`${role.instance} does not come up:\n${text}`);
  discard(machine, role, world);
  const lines = world.account.calls.slice(began).map(({ line }) => line);
  return [...new Set(lines.flatMap((line) => CALLS.exec(line)?.[0] ?? []))];
}

/** As much of a call as tells it from the others; secrets are all alike. The log agent is not needed to serve. */
const CALLS = /get-secret-value|get-parameter --name \S+|s3 cp|autoscaling \S+|dnf .*install/;

async function whileRefused(
  call: string,
  run: () => Promise<Ran>,
  world: World,
): Promise<{ failed: Ran; tries: number }> {
  const began = world.account.calls.length;
  world.account.break(call);
  const failed = await run();
  world.account.mend();
  return { failed, tries: world.account.calls.slice(began).filter(({ line }) => line.includes(call)).length };
}

/** A volume comes some time after its machine. */
async function firstBoot(machine: Machine, role: Role, world: World): Promise<Ran> {
  machine.env["BILLYBULLY_PAUSE"] = "0.1";
  machine.env["BILLYBULLY_READY_SECONDS"] = "30";
  const booted = machine.boot();
  if (hasVolume(role)) {
    await sleep(1);
    world.attach(machine);
  }
  return booted;
}

function discard(machine: Machine, role: Role, world: World): void {
  world.remove(machine);
  if (hasVolume(role)) world.volumes.delete(world.volumeOf(machine).id);
}

/** Parts of files, settings that are not whole, and a volume that was touched before anybody knew what for. */
function remains(machine: Machine, role: Role, world: World): string[] {
  const parts = findFiles(
    machine.root,
    ["run/billybully", "var/lib/billybully", "etc/billybully", "etc/nginx", "etc/my.cnf.d"],
    /\.(new|part)$|settings\.env\.\w+$|remote\.\w+$/,
  );
  const settings = machine.read("run/billybully/settings.env");
  const broken = settings === "" || settings.endsWith('"\n') ? [] : ["settings.env is cut short"];
  const touched = hasVolume(role) && world.volumes.identity(world.volumeOf(machine).id) !== "" ? ["the volume"] : [];
  return [...parts, ...broken, ...touched];
}

function stateOf(machine: Machine, role: Role, world: World): ReadonlyMap<string, string> {
  const files = digestFiles(machine.root, KEPT);
  if (hasVolume(role)) files.set("the volume's file system", world.volumes.identity(world.volumeOf(machine).id));
  return files;
}

function differing(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key));
}

async function soon(serves: () => Promise<string | undefined>): Promise<string | undefined> {
  let words: string | undefined;
  await until("it to serve", 60, async () => (words = await serves()) !== undefined, 0.5).catch(() => undefined);
  return words;
}

function reasonOf({ text }: Ran): string | undefined {
  return /: FAILED: (.+)/.exec(text)?.[1];
}
