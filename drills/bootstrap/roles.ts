import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CLIENT } from "../world/network";
import type { Machine } from "../world/machine";
import type { World } from "../world/world";

/** A machine of the program's as a bootstrap makes it, and how to tell that it serves as what it is. */
export interface Role {
  readonly name: string;
  readonly title: string;
  /** Name of its instance in tier `balanced`, which has every role. */
  readonly instance: string;
  /** Instance that has to serve before this one can. */
  readonly after?: string;
  /** Says in its own words how it serves; nothing where it does not. */
  serves(machine: Machine, world: World): Promise<string | undefined>;
}

export const ROLES: readonly Role[] = [
  { name: "server", title: "an app server", instance: "app-private-1", serves: answers },
  { name: "balancer", title: "the nginx balancer", instance: "app-balancer", after: "app-private-1", serves: answers },
  { name: "writer", title: "the MySQL writer", instance: "db-mysql-1", serves: healthy },
  { name: "reader", title: "a MySQL reader", instance: "db-mysql-2", after: "db-mysql-1", serves: healthy },
  { name: "nat", title: "the NAT instance", instance: "network-nat", serves: leadsOut },
];

/** Whether a machine of this role keeps a data volume. */
export function hasVolume({ instance }: Role): boolean {
  return instance.startsWith("db-mysql");
}

async function answers(machine: Machine): Promise<string | undefined> {
  const { status, out } = await machine.exec(["curl", "-sf", "-m", "3", "http://127.0.0.1/actuator/health"]);
  return status === 0 ? out : undefined;
}

async function healthy(machine: Machine): Promise<string | undefined> {
  const { status, out } = await machine.run("mysql/health.sh");
  return status === 0 ? out.trim() : undefined;
}

/** Asks somebody outside from a private machine that has no other way, and has them say who asked. */
async function leadsOut(nat: Machine, world: World): Promise<string | undefined> {
  const server = createServer((request, response) => response.end(request.socket.remoteAddress));
  await new Promise<void>((resolve) => server.listen(0, CLIENT, resolve));
  const { port } = server.address() as AddressInfo;
  const asker = world.machines.find(({ name }) => name === "app-private-1") ?? world.make("app-private-1");
  world.network.route(asker.wire, nat.wire);
  try {
    const { status, out } = await asker.exec(["curl", "-sf", "-m", "3", `http://${CLIENT}:${port}/`]);
    return status === 0 && out.endsWith(nat.wire.address) ? `the outside sees ${nat.wire.address}` : undefined;
  } finally {
    world.network.routeHome(asker.wire);
    server.closeAllConnections();
    server.close();
  }
}
