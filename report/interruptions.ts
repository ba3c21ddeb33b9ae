import type { Footprint, MachineGroup } from "../config/footprint";
import type { Change } from "../evaluate/compare";
import { isOfFrontAddress } from "../plan/front";

interface Felt {
  /** At most so many seconds; 0 where it is felt otherwise. */
  readonly seconds: number;
  readonly felt: string;
}

/** What somebody outside feels of one change. */
export interface Interruption extends Felt {
  readonly name: string;
}

interface Rule extends Felt {
  readonly type: string;
  readonly applies: (change: Change) => boolean;
  /** What is felt where no other machine of the group stands in. */
  readonly alone?: Felt & { readonly of: MachineGroup };
}

const updates =
  (property: string, name = /./) =>
  (change: Change): boolean =>
    change.operation === "update" && change.properties.includes(property) && name.test(change.name);
const replacedOldFirst =
  (name: RegExp) =>
  (change: Change): boolean =>
    change.operation === "replace" && change.oldFirst && name.test(change.name);

/**
 * Seconds are upper bounds: time to live of a name, AWS's own figures for Aurora ("less than 60 seconds" where a reader takes over, "less than 10
 * minutes" where the only instance is made anew; none for a change of class), a boot. docs/drills.md has what was measured of them.
 *
 * A fleet that shrinks has no rule: a server that goes has answered its last request before (drill `fleet`, `terminated`).
 */
const RULES: readonly Rule[] = [
  {
    type: "aws:ec2/eipAssociation:EipAssociation",
    applies: ({ operation, name }) => operation === "replace" && isOfFrontAddress(name),
    seconds: 1,
    felt: "the address moves to a machine that serves already; requests on the old one end with it",
  },
  {
    type: "aws:route53/record:Record",
    applies: ({ operation, name }) => operation === "update" && name === "app",
    seconds: 30,
    felt: "clients that looked the name up before come to the old front until they look again",
  },
  {
    type: "aws:route53/record:Record",
    applies: ({ operation, name }) => (operation === "delete" || operation === "replace") && name === "app",
    seconds: 0,
    felt: "the name that clients use leads nowhere, or is asked for in another zone",
  },
  {
    type: "aws:route53/record:Record",
    applies: updates("records", /-(writer|reader)$/),
    seconds: 15,
    felt: "the app finds the other database when its connections break and it looks the name up again",
  },
  {
    type: "aws:ec2/instance:Instance",
    applies: updates("instanceType"),
    seconds: 90,
    felt: "the machine stops and starts; where it is the only one, nobody stands in",
  },
  {
    type: "aws:ec2/instance:Instance",
    applies: replacedOldFirst(/-mysql-/),
    seconds: 300,
    felt: "the volume goes to a new machine",
  },
  {
    type: "aws:ec2/instance:Instance",
    applies: replacedOldFirst(/-private-/),
    seconds: 0,
    felt: "the other servers serve meanwhile",
    alone: { of: "app", seconds: 300, felt: "nobody serves until the new machine does" },
  },
  {
    type: "aws:ec2/instance:Instance",
    applies: replacedOldFirst(/-nat$/),
    seconds: 180,
    felt: "private machines do not reach out",
  },
  {
    type: "aws:ec2/route:Route",
    applies: ({ operation }) => operation === "update",
    seconds: 1,
    felt: "connections of private machines to the outside break once, and their address there is another",
  },
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    applies: updates("nodeType"),
    seconds: 0,
    felt: "nodes are replaced; without replicas the cache is empty and away for minutes, and reads go to the database",
  },
  {
    type: "aws:rds/clusterInstance:ClusterInstance",
    applies: updates("instanceClass"),
    seconds: 60,
    felt: "the writer restarts and a reader takes over",
    alone: { of: "aurora", seconds: 600, felt: "the only instance restarts, and there is no reader to take over" },
  },
  { type: "aws:rds/cluster:Cluster", applies: updates("engineVersion"), seconds: 120, felt: "all instances restart" },
];

/** @param before how many machines of each group stood before; an unknown number counts as one */
export function interruptionsOf(
  changes: readonly Change[],
  before: Partial<Footprint["machines"]> | undefined,
): Interruption[] {
  const isAlone = (group: MachineGroup): boolean => (before?.[group] ?? 1) < 2;
  return changes.flatMap((change) =>
    RULES.filter(({ type, applies }) => type === change.type && applies(change)).map(({ alone, ...usual }) => {
      const { seconds, felt } = alone !== undefined && isAlone(alone.of) ? alone : usual;
      return { name: change.name, seconds, felt };
    }),
  );
}
