import type { Footprint } from "./footprint";
import type { Loss } from "./loss";

/** Something that somebody outside notices. */
export interface Notice {
  readonly felt: boolean;
  readonly text: string;
}

/** Names in `consent`. */
const DOMAIN_ZONE = "domain zone";
const DOMAIN = "domain name";

/** The name under which clients come. Nobody tells them of another one. */
export function namesLost(before: Footprint, after: Footprint): Loss[] {
  const { domain, hostedZoneId: zone } = before;
  if (domain === null) return [];
  const keep = { "edge.domain": domain, ...(typeof zone === "string" && { "edge.hostedZoneId": zone }) };
  const same = domain === after.domain;
  const moved = typeof zone === "string" && zone !== after.hostedZoneId;
  return [
    {
      key: "edge.domain",
      broken: before.ownZone && (!after.ownZone || !same),
      why: `the zone of ${domain} would be deleted, and whoever delegated to it would lead nowhere`,
      allowed: domain,
      keep,
      consent: [DOMAIN_ZONE],
    },
    {
      key: "edge.domain",
      broken: !before.ownZone && !same,
      why: `${domain} would lead nowhere, and clients use it`,
      allowed: domain,
      keep,
      consent: [DOMAIN],
    },
    {
      key: "edge.hostedZoneId",
      broken: same && moved,
      why: `${domain} would leave its zone for another one, to which nobody may have delegated yet`,
      allowed: zone ?? "",
      keep,
      consent: [DOMAIN],
    },
  ];
}

/** What clients, and partners who list addresses, will notice. */
export function waysIn(before: Footprint, after: Footprint): Notice[] {
  const gone = before.addresses.filter((name) => !after.addresses.includes(name));
  const egress = gone.filter((name) => name.startsWith("network-"));
  const isNamed = before.domain !== null && before.domain === after.domain;
  return [
    ...(isNamed ? [] : unnamed(before, after, gone)),
    {
      felt: egress.length > 0,
      text: `the addresses ${egress.join(", ")} go: partners that list whence machines reach out have to be told`,
    },
    ...secured(before, after),
  ];
}

function unnamed(before: Footprint, after: Footprint, gone: readonly string[]): Notice[] {
  const servers = gone.filter((name) => name.startsWith("app-"));
  const told = "without edge.domain clients have to be told the new address";
  const [was, is] = [behindAlb(before), behindAlb(after)];
  return [
    { felt: !was && is, text: `nothing answers on the front address any more; ${told}` },
    { felt: was && !is, text: `the load balancer's own name goes; ${told}` },
    { felt: servers.length > 0, text: `the addresses ${servers.join(", ")} go with their servers; ${told}` },
  ];
}

/** The load balancer alone has a certificate, and only for a domain. */
function secured(before: Footprint, after: Footprint): Notice[] {
  const [was, is] = [before, after].map((each) => (behindAlb(each) ? each.domain : null));
  return [
    {
      felt: was != null && is === null,
      text: `nothing answers on https://${was ?? ""} any more, only on http: machines of ours have no certificate`,
    },
    {
      felt: is != null && was === null,
      text: `http is redirected to https://${is ?? ""}, after which most clients repeat a POST as a GET: have them use https`,
    },
  ];
}

function behindAlb({ front }: Footprint): boolean {
  return front === "alb";
}
