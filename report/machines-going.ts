import { MACHINE_GROUPS, type Footprint, type MachineGroup } from "../config/footprint";
import type { EngineState, EngineStep } from "../evaluate/preview";
import type { Finding } from "./gate";

const INSTANCE = "aws:ec2/instance:Instance";
const STACK = "pulumi:pulumi:Stack";
const TAG = "billybully:machines";

/** What a resource stands for in its group: how many machines, and of which. */
function machinesOf({ type, inputs }: EngineState): { group: MachineGroup; count: number } | undefined {
  switch (type) {
    case INSTANCE: {
      const tag = (inputs["tags"] as Record<string, unknown> | undefined)?.[TAG];
      const group = MACHINE_GROUPS.find((name) => typeof tag === "string" && tag.endsWith(`-${name}`));
      return group === undefined ? undefined : { group, count: 1 };
    }
    case "aws:autoscaling/group:Group":
      return { group: "app", count: Number(inputs["minSize"]) };
    case "aws:rds/clusterInstance:ClusterInstance":
      return { group: "aurora", count: 1 };
    case "aws:ec2/natGateway:NatGateway":
      return { group: "nat", count: 1 };
    default:
      return undefined;
  }
}

/**
 * Groups of machines of which too many would be away at once. What comes, comes before anything goes; a replacement whose successor comes first
 * takes nothing away; replacements that take the old one down first, and machines that stop to be changed, count together unless they wait for
 * each other. One machine of a group has to stay; of MySQL on EC2 every one, because none takes over by itself.
 */
export function machinesGoing(steps: readonly EngineStep[]): Finding[] {
  const before = footprintIn(steps)?.machines;
  return MACHINE_GROUPS.flatMap((group) => {
    const own = steps.filter(({ oldState, newState }) => stateGroup(oldState ?? newState)?.group === group);
    const gone = own.filter(({ op }) => op === "delete");
    const down = own.filter(isDownMeanwhile);
    const coming = sum(own.filter(({ op }) => op === "create").map(({ newState }) => newState));
    const leaving = Math.max(0, sum(gone.map(({ oldState }) => oldState)) - coming);
    const atOnce = leaving + (inOrder(down) ? Math.min(1, down.length) : down.length);
    // An unknown number counts as one: then nothing may go.
    const spare = group === "mysql" && down.length > 0 ? 0 : Math.max(0, (before?.[group] ?? 1) - 1);
    const affected = [...(leaving > 0 ? gone : []), ...down];
    return atOnce <= spare ? [] : affected.map((step) => finding(step, group, atOnce, spare));
  });
}

function stateGroup(state: EngineState | null | undefined): ReturnType<typeof machinesOf> {
  return state == null ? undefined : machinesOf(state);
}

function sum(states: readonly (EngineState | null | undefined)[]): number {
  return states.reduce((total, state) => total + (stateGroup(state)?.count ?? 0), 0);
}

/** Inputs for which AWS stops a machine to change them in place. */
const STOPS: readonly string[] = ["instanceType"];

function isDownMeanwhile({ op, oldState, newState, diffReasons }: EngineStep): boolean {
  const stops = newState?.type === INSTANCE && diffReasons?.some((property) => STOPS.includes(property)) === true;
  return (op === "replace" && takesDownFirst(newState ?? oldState)) || (op === "update" && stops);
}

/** AWS attaches a network interface once, so a machine on a kept one goes first. Aurora's identifiers are fixed, with the same effect. */
function takesDownFirst(state: EngineState | null | undefined): boolean {
  return state?.type === "aws:rds/clusterInstance:ClusterInstance" || state?.inputs["networkInterfaces"] !== undefined;
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

function finding(
  { urn, op, diffReasons, replaceReasons }: EngineStep,
  group: MachineGroup,
  atOnce: number,
  spare: number,
): Finding {
  const many = spare === 0 ? "which has none to spare" : `of which ${spare} may be away`;
  return {
    urn,
    property: (op === "update" ? diffReasons?.filter((property) => STOPS.includes(property)) : replaceReasons)?.join(
      ", ",
    ),
    why: `${atOnce} machine${atOnce === 1 ? "" : "s"} of group ${group} would be away at once, ${many}`,
    todo: "spread it over several changes, or --allow this URN (in CI: a line of gate-allow.txt) when the interruption is meant",
  };
}

/** What the stack stood on before, from its own outputs in the preview. */
export function footprintIn(steps: readonly EngineStep[]): Footprint | undefined {
  const stack = steps.find(({ urn }) => urn.split("::")[2] === STACK);
  return stack?.oldState?.outputs["footprint"] as Footprint | undefined;
}
