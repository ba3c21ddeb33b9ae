import { MACHINE_GROUPS, type MachineGroup } from "../config/footprint";
import { ENDS, footprintIn, type EngineState, type EngineStep } from "../evaluate/preview";
import { ALLOW, type Finding } from "./finding";
import { FLEET, sizesOf } from "./fleet-size";
import { isWayIn } from "./ways-in";

const INSTANCE = "aws:ec2/instance:Instance";
const AURORA = "aws:rds/clusterInstance:ClusterInstance";
const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";
const TAG = "billybully:machines";

/** Whose machines a resource stands for. */
function groupOf({ type, inputs }: EngineState): MachineGroup | undefined {
  switch (type) {
    case INSTANCE: {
      const tag = (inputs["tags"] as Record<string, unknown> | undefined)?.[TAG];
      return MACHINE_GROUPS.find((name) => typeof tag === "string" && tag.endsWith(`-${name}`));
    }
    case FLEET:
      return "app";
    case AURORA:
      return "aurora";
    case "aws:ec2/natGateway:NatGateway":
      return "nat";
    default:
      return undefined;
  }
}

/** Groups whose machines are back only when somebody sees to it, so that any one of them is told. */
const NONE_TAKES_OVER: ReadonlySet<MachineGroup> = new Set<MachineGroup>(["mysql"]);

/**
 * Groups of machines of which too many would be away at once. What comes, comes before anything goes; a replacement whose successor comes first
 * takes nothing away; replacements that take the old one down first, and machines that stop to be changed, count together unless they wait for
 * each other. One machine of a group has to stay, since how many are wanted is the stack file's matter; and at least half of it while the others
 * are only changed, since then all of them are wanted. Of MySQL on EC2 every one has to stay, because none takes over by itself.
 */
export function machinesGoing(steps: readonly EngineStep[]): Finding[] {
  const before = footprintIn(steps)?.machines;
  return MACHINE_GROUPS.flatMap((group) => {
    const own = steps.filter(({ oldState, newState }) => isOf(group, oldState ?? newState));
    const gone = own.filter(({ op }) => op === "delete");
    const down = [...own.filter(isDownMeanwhile), ...(group === "mysql" ? detached(steps) : [])];
    const leaving = Math.max(
      0,
      sum(gone, ({ oldState }) => machinesIn(oldState, Infinity)) - coming(group, own, steps),
    );
    const changing = inOrder(down) ? Math.min(1, down.length) : down.length;
    // An unknown number counts as one: then nothing may go.
    const all = before?.[group] ?? 1;
    const limits = [
      { away: changing, spare: NONE_TAKES_OVER.has(group) ? 0 : Math.floor(all / 2) },
      { away: leaving + changing, spare: Math.max(0, all - 1) },
    ];
    const broken = limits.find(({ away, spare }) => away > spare);
    const affected = [...(leaving > 0 ? gone : []), ...down];
    return broken === undefined ? [] : affected.map((step) => finding(step, group, broken));
  });
}

function isOf(group: MachineGroup, state: EngineState | null | undefined): boolean {
  return state != null && groupOf(state) === group;
}

/** Machines of one resource; of a fleet as many as run at least. */
function machinesIn(state: EngineState | null | undefined, unknown: number): number {
  return state?.type === FLEET ? (sizesOf(state).minSize ?? unknown) : 1;
}

function sum(steps: readonly EngineStep[], count: (step: EngineStep) => number): number {
  return steps.reduce((total, step) => total + count(step), 0);
}

/** In place of the balancer another way in will do: a load balancer of AWS's, or the front address, turned to another machine. */
function coming(group: MachineGroup, own: readonly EngineStep[], steps: readonly EngineStep[]): number {
  const made = own.filter(({ op }) => op === "create");
  const turned = steps.filter(
    ({ op, newState }) => /^(create|replace)$/.test(op) && newState != null && isWayIn(newState),
  );
  return sum(made, ({ newState }) => machinesIn(newState, 0)) + (group === "balancer" ? turned.length : 0);
}

/** Inputs for which AWS stops a machine to change them in place, by type. */
const STOPS: Readonly<Record<string, readonly string[]>> = {
  [INSTANCE]: ["instanceType"],
  [AURORA]: ["instanceClass"],
};

function stoppedFor({ newState, diffReasons }: EngineStep): string[] {
  return diffReasons?.filter((property) => STOPS[newState?.type ?? ""]?.includes(property)) ?? [];
}

function isDownMeanwhile(step: EngineStep): boolean {
  const { op, oldState, newState } = step;
  return (op === "replace" && takesDownFirst(newState ?? oldState)) || (op === "update" && stoppedFor(step).length > 0);
}

/** AWS attaches a network interface once, so a machine on a kept one goes first. Aurora's identifiers are fixed, with the same effect. */
function takesDownFirst(state: EngineState | null | undefined): boolean {
  return state?.type === AURORA || state?.inputs["networkInterfaces"] !== undefined;
}

/** Volumes that are taken from a machine which stays. The provider stops it for that (`stopInstanceBeforeDetaching`), and nothing starts it again. */
function detached(steps: readonly EngineStep[]): EngineStep[] {
  const ending = steps.filter(({ op }) => ENDS.has(op));
  const going = new Set(
    ending.filter(({ oldState }) => oldState?.type === INSTANCE).map(({ oldState }) => oldState?.id),
  );
  return ending.filter(({ oldState }) => {
    const machine = oldState?.inputs["instanceId"];
    return oldState?.type === ATTACHMENT && !(typeof machine === "string" && going.has(machine));
  });
}

/** Whether all but one wait for another of them, or for what says that it serves. */
function inOrder(steps: readonly EngineStep[]): boolean {
  const names = steps.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
  const waits = steps.filter(({ newState }, index) =>
    newState?.dependencies.some((urn) =>
      names.some((name, other) => other !== index && (urn.endsWith(`::${name}`) || urn.endsWith(`::${name}-apply`))),
    ),
  );
  return waits.length >= steps.length - 1;
}

function finding(step: EngineStep, group: MachineGroup, { away, spare }: { away: number; spare: number }): Finding {
  const many = spare === 0 ? "which has none to spare" : `of which ${spare} may be away`;
  const why =
    step.oldState?.type === ATTACHMENT ? ": it is stopped to give its volume back, and nothing starts it again" : "";
  return {
    urn: step.urn,
    property: (step.op === "update" ? stoppedFor(step) : step.replaceReasons)?.join(", "),
    why: `${away} machine${away === 1 ? "" : "s"} of group ${group} would be away at once, ${many}${why}`,
    todo: `spread it over several changes, or ${ALLOW} when the interruption is meant`,
  };
}
