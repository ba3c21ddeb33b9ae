import type { Context } from "../drill";
import type { Report } from "../load/report";
import type { Machine } from "../world/machine";
import type { World } from "../world/world";
import { bootAll, calibrate, load, release, seenBy, type Loaded } from "./loaded";

export interface Stage {
  readonly world: World;
  readonly servers: Machine[];
  balancer: Machine;
  readonly address: string;
  readonly rate: number;
  /** Writes that servers did that are no more. */
  readonly gone: string[];
}

/** Names of the program's machines in this tier. */
export const SERVERS = ["app-private-1", "app-private-2", "app-private-3"];
export const BALANCER = "app-balancer";
/** What nginx's configuration promises, in seconds: see docs/machines.md. */
export const TIMEOUT = { connect: 1, app: 10, server: 12 };
/** Requests that are in a server's hands at one moment, most of all. */
export const IN_HAND = 40;

export async function stage(world: World, context: Context): Promise<Stage> {
  release(world, "v1");
  const servers = SERVERS.map((name) => world.make(name));
  await bootAll(servers);
  const balancer = world.make(BALANCER);
  await bootAll([balancer]);
  const address = world.associate("app-front", balancer);
  return { world, servers, balancer, address, rate: await calibrate([address], context), gone: [] };
}

export function during(stage: Stage, work: (second: Machine) => Promise<void>): Promise<Loaded> {
  const second = stage.servers[1];
  if (second === undefined) throw new Error("no second server");
  return load(
    [stage.address],
    () => [...stage.gone, ...stage.servers.flatMap(seenBy)],
    stage.rate,
    () => work(second),
  );
}

/** Without their apps, which `start` brings back. */
export async function stopped<T>(
  servers: readonly Machine[],
  work: (start: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const tell = async (verb: string): Promise<void> => {
    for (const server of servers) await server.systemd.systemctl([verb, "billybully-app@blue"]);
  };
  await tell("stop");
  return work(() => tell("start"));
}

/** The part of the load that is one server's, for so many seconds; the margin is for the noise of a small machine. */
export function share({ rate }: Report, seconds: number, part = 1): number {
  return Math.ceil((rate / SERVERS.length) * seconds * part * 1.25) + IN_HAND;
}
