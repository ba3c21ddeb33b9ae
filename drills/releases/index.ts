import { all, defineDrill, is, phase, pledge, type Context, type Phase, type Pledge } from "../drill";
import { bootAll, calibrate, load, release, seenBy, type Loaded } from "../nginx/loaded";
import { nothing, writes } from "../nginx/pledges";
import { execute, type Execution } from "../world/automation";
import { jar } from "../world/jar";
import type { Machine } from "../world/machine";
import { sleep } from "../world/process";
import type { World } from "../world/world";

interface Stage {
  readonly world: World;
  readonly servers: readonly Machine[];
  readonly address: string;
  readonly rate: number;
}

/** A release under load, what was live before, and what the servers have afterwards. */
interface Released extends Loaded {
  readonly execution: Execution;
  readonly before: string;
  /** Servers with something of the new version on their disks. */
  readonly marked: readonly string[];
  /** Versions that are live, by server. */
  readonly live: readonly string[];
  /** What a new server would install. */
  readonly current: string;
}

const SERVERS = ["app-private-1", "app-private-2", "app-private-3"];
const DOCUMENT = "app-release";
/** A release that does not come up is given up after 180 s on a server, and after these in a drill. */
const READY_SECONDS = 8;

async function stage(world: World, context: Context): Promise<Stage> {
  release(world, "v1");
  const servers = SERVERS.map((name) => world.make(name));
  for (const server of servers) server.env["BILLYBULLY_READY_SECONDS"] = String(READY_SECONDS);
  await bootAll(servers);
  const balancer = world.make("app-balancer");
  await bootAll([balancer]);
  const address = world.associate("app-front", balancer);
  return { world, servers, address, rate: await calibrate([address], context) };
}

/** Puts a JAR into the bucket, and has the program's own document put it on the servers while requests come. */
async function releasing(stage: Stage, version: string, content: Uint8Array | undefined): Promise<Released> {
  const { world } = stage;
  if (content !== undefined) world.upload(version, content);
  const before = currentIn(world);
  let execution: Execution | undefined;
  const loaded = await underLoad(stage, async () => {
    execution = await execute(world, DOCUMENT, { Version: version });
    await sleep(1);
  });
  if (execution === undefined) throw new Error("no execution");
  const [live, marked] = [await liveOn(stage.servers), await markedBy(version, stage.servers)];
  return { ...loaded, execution, before, live, marked, current: currentIn(world) };
}

function underLoad({ address, servers, rate }: Stage, work: () => Promise<void>): Promise<Loaded> {
  return load([address], () => servers.flatMap(seenBy), rate, work);
}

async function liveOn(servers: readonly Machine[]): Promise<string[]> {
  return Promise.all(
    servers.map(async (server) => {
      const { out } = await server.run("app/release.sh", "status");
      const answered = await server.exec(["curl", "-s", "-o", "/dev/null", "-D", "-", "http://127.0.0.1/work?id=0"]);
      const version = /x-version: (\S+)/i.exec(answered.out)?.[1] ?? "nothing";
      return out.trim().endsWith(` ${version}`) ? version : `${version} (status says ${out.trim()})`;
    }),
  );
}

async function markedBy(version: string, servers: readonly Machine[]): Promise<string[]> {
  const folders = ["releases", "slots"].map((folder) => `/var/lib/billybully/${folder}`);
  const listed = await Promise.all(servers.map((server) => server.exec(["ls", "-l", ...folders])));
  return servers.filter((_, index) => listed[index]?.out.includes(version)).map(({ name }) => name);
}

/** How many show the page of a server that has no release yet, and say that it has none. */
async function waiting(servers: readonly Machine[]): Promise<number> {
  const answers = await Promise.all(
    servers.map(async (server) => [
      (await server.run("app/release.sh", "status")).out.trim() === "none",
      (await server.exec(["curl", "-s", "http://127.0.0.1/"])).out.includes("waits for its first release"),
    ]),
  );
  return answers.filter((each) => each.every(Boolean)).length;
}

function currentIn(world: World): string {
  return world.account.parameters.get(world.parameter("app-release")) ?? "";
}

const everywhere: Pledge<Released> = pledge("everywhere", "every server has it, and new ones will", (released) =>
  is(hasAll(released, "v2") && released.execution.status === "Success", said(released)),
);

const takenBackEverywhere: Pledge<Released> = pledge(
  "everywhere",
  "it is taken back by itself: every server has what it had, and new ones will",
  (released) => is(hasAll(released, released.before) && released.execution.status === "Failed", said(released)),
);

function hasAll({ live, current }: Released, version: string): boolean {
  return [...live, current].every((each) => each === version);
}

function said({ execution, live, current }: Released): string {
  return `${execution.status}: ${execution.steps.join(", ")}; ${live.join(", ")}; new ones ${current}`;
}

function says(words: RegExp): Pledge<Pick<Released, "execution">> {
  return pledge("says", "the execution says why", ({ execution }) => is(words.test(execution.words), execution.words));
}

const nothingLeft: Pledge<Pick<Released, "marked">> = pledge(
  "left",
  "nothing of it is left on any server",
  ({ marked }) => is(marked.length === 0, marked.join(", ")),
);

const unlocked: Pledge<Pick<Released, "execution">> = pledge(
  "unlocked",
  "and the next release can begin",
  ({ execution }) =>
    is(
      execution.steps.some((step) => step.startsWith("unlock")),
      execution.steps.at(-1) ?? "",
    ),
);

/** A release that fails in some way, while another version serves. */
function takenBack(name: string, title: string, content: () => Uint8Array | undefined, words: RegExp): Phase<Stage> {
  return phase(
    name,
    title,
    (stage: Stage) => releasing(stage, name, content()),
    nothing,
    writes,
    takenBackEverywhere,
    nothingLeft,
    says(words),
    unlocked,
  );
}

const PHASES: readonly Phase<Stage>[] = [
  phase(
    "rolled",
    "a new version is put on three servers",
    (stage: Stage) => releasing(stage, "v2", jar({ version: "v2", start: 1 })),
    nothing,
    writes,
    everywhere,
    unlocked,
  ),
  takenBack("crashing", "a version that ends by itself", () => jar({ crash: true }), /ended by itself/),
  takenBack(
    "unhealthy",
    "a version that comes up and says that it is not ready",
    () => jar({ ready: false }),
    /not ready within/,
  ),
  takenBack(
    "behind-nginx",
    "a version that is ready, and fails behind nginx",
    () => jar({ broken: true }),
    /fails behind nginx/,
  ),
  takenBack("no-jar", "something that is not a JAR", () => Buffer.from("<html>404</html>"), /is not a JAR/),
  takenBack("absent", "a version that nobody has uploaded", () => undefined, /find: /),
  phase(
    "second-server",
    "a version that comes up on the first server and not on the second",
    (stage: Stage) => releasing(stage, "half", jar({ version: "half", crash: stage.servers[1]?.wire.address ?? "" })),
    nothing,
    writes,
    takenBackEverywhere,
    says(/app-private-2: status 5/),
    unlocked,
  ),
  phase(
    "first",
    "the very first version comes up on the first server and not on the second",
    async ({ world, servers }: Stage) => {
      const [parameter, before] = [world.parameter("app-release"), currentIn(world)];
      world.account.parameters.set(parameter, "none");
      for (const server of servers) await server.run("app/release.sh", "back", before);
      const waited = await waiting(servers);
      world.upload("first", jar({ version: "first", crash: servers[1]?.wire.address ?? "" }));
      const execution = await execute(world, DOCUMENT, { Version: "first" });
      const facts = { execution, waited, waits: await waiting(servers), marked: await markedBy("first", servers) };
      world.account.parameters.set(parameter, before);
      for (const server of servers) await server.run("app/release.sh", "current");
      return facts;
    },
    pledge("everywhere", "it is taken back by itself: every server waits for its first release again", (facts) =>
      all(
        is(facts.execution.status === "Failed", `${facts.execution.status}: ${facts.execution.steps.join(", ")}`),
        ...[facts.waited, facts.waits].map((count) => is(count === SERVERS.length, `${count} of ${SERVERS.length}`)),
      ),
    ),
    nothingLeft,
    says(/app-private-2: status 5/),
    unlocked,
  ),
  phase(
    "two-at-once",
    "two releases are started at once",
    async (stage: Stage) => {
      const { world } = stage;
      for (const version of ["v3", "v4"]) world.upload(version, jar({ version, start: 1 }));
      let executions: Execution[] = [];
      const loaded = await underLoad(stage, async () => {
        executions = await Promise.all(["v3", "v4"].map((Version) => execute(world, DOCUMENT, { Version })));
        await sleep(1);
      });
      return { ...loaded, executions, live: await liveOn(stage.servers), current: currentIn(world) };
    },
    nothing,
    writes,
    pledge(
      "one",
      "one is done whole, and the other refused before it touches a server",
      ({ executions, live, current }) =>
        all(
          is(
            executions.map(({ status }) => status).join() === "Success,Failed",
            executions.map(({ status }) => status).join(", "),
          ),
          is(executions[1]?.steps.join() === "lock", executions[1]?.words ?? ""),
          is(
            [...live, current].every((version) => version === "v3"),
            `${live.join(", ")}; new ones ${current}`,
          ),
        ),
    ),
  ),
  phase(
    "settings",
    "the app's settings change, and are applied on one server after the other",
    async (stage: Stage) => {
      const { world, servers } = stage;
      const parameter = world.parameter("app");
      world.account.parameters.set(parameter, `${world.settings("app")}DRILL=1\n`);
      const loaded = await underLoad(stage, async () => {
        for (const server of servers) {
          const { status, text } = await server.run("app/apply.sh");
          if (status !== 0) throw new Error(text);
        }
      });
      const told = servers.filter((server) =>
        ["blue", "green"].some((slot) => server.read(`run/billybully/app-${slot}.env`).includes("DRILL=")),
      );
      return { ...loaded, told: told.length };
    },
    nothing,
    writes,
    pledge("told", "every app has been started with the new settings", ({ told }) =>
      is(told === SERVERS.length, `${told} of ${SERVERS.length}`),
    ),
  ),
];

export const releases = defineDrill<Stage>({
  name: "releases",
  title: "new versions of the app on three servers behind nginx",
  needs: ["root", "nginx"],
  quick: true,
  company: false,
  tier: "balanced",
  java: "stand-in",
  stage,
  phases: PHASES,
});
