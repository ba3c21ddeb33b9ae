import Table from "cli-table3";
import type { Settings } from "../config";
import { PRESETS } from "../config/tiers";
import type { Evaluation, Resource } from "../evaluate";
import { REFERENCE } from "../evaluate/graph";
import { SUBNET_KINDS } from "../plan/subnets";
import { placesOf, type Cell } from "./places";
import { plainText, table, title } from "./table";

/** What `up` would build, for a terminal. */
export function describePlan(evaluation: Evaluation, settings: Settings): string {
  const { resources, stack } = evaluation;
  const custom = resources.filter(({ options }) => options.custom);
  const kept = custom.filter(({ protect }) => protect).length;
  return [
    `${stack}: tier ${settings.tier}, ${PRESETS[settings.tier].title}`,
    `${settings.region}, sized for ${settings.users.toLocaleString("en")} users: ${settings.demand.peakRequests.toFixed(1)} requests/s at the peak`,
    title("Layout"),
    describeLayout(evaluation, settings),
    title("Addresses in use"),
    describeAddresses(evaluation),
    title("Sizes"),
    describeSizes(settings),
    title(`Resources: ${custom.length}, of which ${kept} are protected`),
    describeResources(resources),
    "",
  ].join("\n");
}

function describeLayout({ resources, outputs }: Evaluation, settings: Settings): string {
  const cells = placesOf(resources);
  const { zones } = settings.network;
  const picture = new Table({ style: { head: [], border: [] } });
  picture.push([{ content: `clients  ->  ${friendly(outputs["url"])}`, colSpan: zones.length + 1 }]);
  picture.push([`VPC\n${settings.network.cidr}`, ...zones]);
  for (const kind of SUBNET_KINDS)
    picture.push([
      kind,
      ...zones.map((zone) => describeCell(cells.find((cell) => cell.kind === kind && cell.zone === zone))),
    ]);
  return picture.toString();
}

function describeCell(cell: Cell | undefined): string {
  return cell === undefined ? "" : [cell.cidr, ...cell.things].join("\n");
}

function describeAddresses({ resources, outputs }: Evaluation): string {
  const associations = resources.filter(({ type }) => type === "aws:ec2/eipAssociation:EipAssociation");
  const gateways = resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway");
  const elastic = resources
    .filter(({ type }) => type === "aws:ec2/eip:Eip")
    .map((address) => {
      const association = associations.find(({ name }) => name === address.name);
      const target = association?.inputs["instanceId"] ?? association?.inputs["networkInterfaceId"];
      const gateway = gateways.find(({ name }) => name === address.name);
      return [
        address.name,
        "Elastic IP",
        nameOf(target ?? gateway?.name) ?? "kept for the way back",
        address.protect ? "for ever" : "with its machine",
      ];
    });
  const interfaces = resources
    .filter(({ type }) => type === "aws:ec2/networkInterface:NetworkInterface")
    .map(({ name }) => [name, "private address", `machine ${name}`, "outlives the machine"]);
  const names = ["databaseWriter", "databaseReader", "cacheEndpoint", "loadBalancer"]
    .filter((output) => outputs[output] !== undefined)
    .map((output) => [output, "name", friendly(outputs[output]), "outlives what is behind it"]);
  return table(["address", "kind", "leads to", "kept"], [...elastic, ...interfaces, ...names]);
}

/** A value for people: of a reference, the resource and its property. */
function friendly(value: unknown): string {
  return plainText(value).replace(REFERENCE, "<$2.$3>");
}

/** The name inside a reference such as `<aws:ec2/instance:Instance::app-public-1.id>`. */
function nameOf(value: unknown): string | undefined {
  return value === undefined ? undefined : plainText(value).replace(REFERENCE, "$2");
}

function describeSizes(settings: Settings): string {
  const hidden = unused(settings);
  const keys = Object.keys(settings.origins).filter((key) => !hidden.includes(key));
  const order = [...new Set(keys.map((key) => key.split(".")[0]))];
  keys.sort((a, b) => order.indexOf(a.split(".")[0]) - order.indexOf(b.split(".")[0]));
  const rows = keys.map((key) => [key, shown(valueAt(settings, key)), settings.origins[key] ?? ""]);
  const warnings = settings.short.map((key) => {
    const usual =
      settings.origins[key] === "stack file" ? "this does not carry" : "the largest there is does not carry";
    return `  ${key}: ${SHORT[key] ?? usual} the peak of these users in tier ${settings.tier}`;
  });
  return [table(["key", "value", "from"], rows), ...warnings].join("\n");
}

/** What is too small where it is not a type. */
const SHORT: Readonly<Record<string, string>> = {
  "app.max": "so many of these servers do not carry",
  "cache.shards": "so many of these nodes do not carry",
};

/** Keys that mean nothing in this stack. */
function unused({ app, cache, database }: Settings): string[] {
  return [
    ...(app.front === "alb" ? ["app.servers"] : ["app.min", "app.max"]),
    ...(cache.shards === 0 ? ["cache.nodeType", "cache.replicas", "cache.engineVersion"] : []),
    ...(database.kind === "aurora" ? ["database.volumeGiB", "database.primary"] : []),
    ...(database.kind === "self-managed" ? ["database.engineVersion"] : []),
    ...(database.kind === "migrating" ? [] : ["database.active"]),
  ];
}

function valueAt(settings: Settings, key: string): unknown {
  if (key === "database.volumeGiB") return settings.database.volumeGib;
  if (key === "database.instanceType" && settings.database.kind === "aurora") return settings.database.instanceClass;
  return key
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], settings);
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : plainText(value);
}

function describeResources(resources: readonly Resource[]): string {
  const components = resources.filter(({ type }) => type.startsWith("billybully:"));
  const counts = [...components, undefined].flatMap((component) => {
    const own = resources.filter(
      ({ options, urn }) => options.custom && componentOf(urn, components) === component?.urn,
    );
    const types = count(own.map(({ type }) => type.split(":").at(-1) ?? type));
    const text = types.map(([type, number]) => (number === 1 ? type : `${number} ${type}`)).join(", ");
    return own.length === 0 ? [] : [[component?.name ?? "(stack)", String(own.length), text]];
  });
  return table(
    ["component", "", "made of"],
    counts.map(([name = "", number = "", text = ""]) => [name, number, wrap(text, 96)]),
  );
}

function componentOf(urn: string, components: readonly Resource[]): string | undefined {
  const types = urn.split("::")[2] ?? "";
  return components.find(({ type }) => types.startsWith(`${type}$`))?.urn;
}

function count(types: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function wrap(text: string, width: number): string {
  return text.replace(new RegExp(`(.{1,${width}})(?: |$)`, "g"), "$1\n").trimEnd();
}
