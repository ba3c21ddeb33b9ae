import { phase, type Phase } from "../drill";
import { sleep } from "../world/process";
import { BALANCER, during, SERVERS, type Stage } from "./balanced-stage";
import { bootAll, seenBy } from "./loaded";
import { goesOn, newOnes, nothing, turnsOnce, unseen, writes } from "./pledges";

/** What the team does to it on purpose. */
export const CHANGES: readonly Phase<Stage>[] = [
  phase(
    "reloaded",
    "nginx is reloaded on the balancer",
    (stage: Stage) =>
      during(stage, async () => {
        for (let i = 0; i < 3; i++) {
          await stage.balancer.systemd.systemctl(["reload-or-restart", "nginx"]);
          await sleep(1.5);
        }
      }),
    newOnes,
    unseen,
    writes,
  ),
  phase(
    "server-replaced",
    "a server is replaced; the next one has its address",
    (stage: Stage) =>
      during(stage, async (second) => {
        await second.shutdown();
        stage.gone.push(...seenBy(second));
        stage.world.remove(second);
        const next = stage.world.make(SERVERS[1] ?? "");
        stage.servers[1] = next;
        await bootAll([next]);
        await sleep(2);
      }),
    nothing,
    goesOn,
  ),
  phase(
    "resized",
    "the balancer is told of two servers, and of three again",
    (stage: Stage) => {
      const parameter = stage.world.parameter(BALANCER);
      const three = stage.world.settings(BALANCER);
      return during(stage, async () => {
        for (const value of [three.replace(/ \S+\n/, "\n"), three]) {
          stage.world.account.parameters.set(parameter, value);
          const { status, text } = await stage.balancer.run("balancer/apply.sh");
          if (status !== 0) throw new Error(text);
          await sleep(1);
        }
      });
    },
    newOnes,
    unseen,
    writes,
  ),
  phase(
    "balancer-replaced",
    "the balancer is replaced; the next one serves before the address is turned to it",
    (stage: Stage) =>
      during(stage, async () => {
        const next = stage.world.make(BALANCER);
        await bootAll([next]);
        const old = stage.balancer;
        stage.world.associate("app-front", next);
        stage.balancer = next;
        await sleep(2);
        await old.shutdown();
        stage.world.remove(old);
        await sleep(1);
      }),
    turnsOnce,
    goesOn,
  ),
];
