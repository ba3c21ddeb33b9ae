import { all, atMost, defineDrill, is, phase, pledge, type Phase } from "../drill";
import { underLoad, type Kind } from "../load/load";
import type { Report } from "../load/report";
import { failures, release } from "../nginx/loaded";
import type { Lifecycle } from "../world/account";
import type { Machine } from "../world/machine";
import { sleep, until } from "../world/process";
import type { World } from "../world/world";

interface Stage {
  readonly world: World;
  readonly servers: Machine[];
}

const GROUP = "app";
/** A load balancer goes on for some seconds after it was told to turn away. */
const TURNED_AWAY = 10;
/** A request that takes so long is in the server's hands when it has to go; nginx gives it 10 s. */
const SLOW_SECONDS = 8;
const SLOW_REQUESTS = 40;
/** The hook's own patience, in components/app-tier/fleet.ts. */
const HEARTBEAT = 120;
const RATE = 200;

/** @throws Error where its bootstrap fails */
async function launch(world: World, servers: Machine[]): Promise<{ ended: readonly string[]; answered: boolean }> {
  const machine = start(world);
  const { status, text } = await machine.boot();
  if (status !== 0) throw new Error(text);
  servers.push(machine);
  return { ended: lifecycleOf(world, machine).ended, answered: await answers(machine) };
}

const PHASES: readonly Phase<Stage>[] = [
  phase(
    "launched",
    "Auto Scaling starts two servers",
    async ({ world, servers }: Stage) => ({ states: [await launch(world, servers), await launch(world, servers)] }),
    pledge("serves", "a server goes into service when it serves, and says so itself", ({ states }) =>
      all(
        ...states.map(({ ended, answered }) =>
          is(
            ended.join() === "launching CONTINUE" && answered,
            `${ended.join(", ")}, ${answered ? "serves" : "DOES NOT SERVE"}`,
          ),
        ),
      ),
    ),
  ),
  phase(
    "abandoned",
    "a third server cannot get the release",
    async ({ world }: Stage) => {
      const machine = start(world);
      machine.env["BILLYBULLY_PAUSE"] = "0.1";
      world.account.break("s3 cp");
      const { status } = await machine.boot();
      world.account.mend();
      const { ended } = lifecycleOf(world, machine);
      const answered = await answers(machine);
      world.remove(machine);
      return { status, ended, answered };
    },
    pledge(
      "abandons",
      "a server that cannot serve gives itself up, and answers nobody",
      ({ status, ended, answered }) =>
        is(status !== 0 && ended.join() === "launching ABANDON" && !answered, ended.join(", ")),
    ),
  ),
  phase(
    "terminated",
    "Auto Scaling ends one of two servers",
    async ({ world, servers }: Stage) => {
      while (servers.length < 2) await launch(world, servers);
      const [leaving, staying] = servers;
      if (leaving === undefined || staying === undefined) throw new Error("two servers");
      const lifecycle = lifecycleOf(world, leaving);
      const reports: Report[] = [];
      let seconds = 0;
      const others = await underLoad(loadOn(staying), async () => {
        const began = performance.now();
        const turning = await underLoad(loadOn(leaving), async () => {
          lifecycle.state = "Terminating:Wait";
          lifecycle.target = "Terminated";
          await sleep(TURNED_AWAY - 1);
        });
        reports.push(turning, await underLoad(slowOn(leaving), () => sleep(1)));
        await until("the end of the hook", HEARTBEAT, () => lifecycle.ended.includes("terminating CONTINUE"), 0.2);
        seconds = (performance.now() - began) / 1000;
      });
      const [own, slow] = reports;
      if (own === undefined || slow === undefined) throw new Error("no load");
      const stopped = !leaving.systemd.isActive("billybully-app@blue.service");
      const killed = leaving.journal.some((line) => line.includes("did not stop within"));
      await leaving.shutdown();
      return { load: own, slow, others, seconds, stopped, killed };
    },
    pledge(
      "finishes",
      "every request is answered that comes until the load balancer has turned away",
      ({ load, others }) => all(failures(load, {}), failures(others, {})),
    ),
    pledge("in-hand", `also those of ${SLOW_SECONDS} s that it has in its hands`, ({ slow }) => failures(slow, {})),
    pledge("ends", "then it says that it may go, within the hook's patience, with its app stopped by itself", (facts) =>
      all(
        is(facts.stopped && !facts.killed, facts.killed ? "KILLED" : facts.stopped ? "stopped" : "STILL RUNS"),
        atMost(facts.seconds, HEARTBEAT, " s"),
      ),
    ),
  ),
];

/** With the pauses of a real one: what is promised here is about time. */
function start(world: World): Machine {
  const machine = world.launch(GROUP);
  delete machine.env["BILLYBULLY_PAUSE"];
  return machine;
}

function lifecycleOf({ account }: World, machine: Machine): Lifecycle {
  return account.lifecycle(machine.args.instanceId);
}

async function answers(machine: Machine): Promise<boolean> {
  return (await machine.exec(["curl", "-sf", "-m", "2", "http://127.0.0.1/actuator/health"])).status === 0;
}

function loadOn({ wire }: Machine): Parameters<typeof underLoad>[0] {
  return { targets: [`${wire.address}:80`], rate: RATE, mix: kinds("/work?id={id}"), mark: "x-version" };
}

function slowOn({ wire }: Machine): Parameters<typeof underLoad>[0] {
  const path = `/work?id=slow-{id}&ms=${SLOW_SECONDS * 1000}`;
  return { targets: [`${wire.address}:80`], rate: SLOW_REQUESTS, mix: kinds(path), mark: "x-version" };
}

/** A load balancer keeps its connections. */
function kinds(path: string): Kind[] {
  return [
    { method: "GET", kept: true, path },
    { method: "POST", kept: true, path, body: "{}" },
  ];
}

export const fleet = defineDrill<Stage>({
  name: "fleet",
  title: "servers that Auto Scaling starts and ends",
  needs: ["root", "nginx"],
  quick: true,
  company: true,
  tier: "elastic",
  java: "stand-in",
  stage: (world) => {
    release(world, "v1");
    return Promise.resolve({ world, servers: [] });
  },
  phases: PHASES,
});
