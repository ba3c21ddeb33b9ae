import { statSync } from "node:fs";
import { must } from "./process";

const BRIDGE = "drill";
/** Where Amazon's own resolver and instance metadata answer in every VPC. */
export const RESOLVER = "169.254.169.253";
export const METADATA = "169.254.169.254";
/** Clients and Elastic IPs (RFC 5737). */
const INTERNET = "203.0.113";
export const CLIENT = `${INTERNET}.250`;

/** A machine's end of the wire. */
export interface Wire {
  readonly address: string;
  /** Path of its network namespace. */
  readonly namespace: string;
  /** What /proc/PID/ns/net says of every process on it. */
  readonly inode: string;
  readonly device: string;
}

/** One VPC: a bridge, a namespace for each machine, and this process's own namespace as the internet, the resolver and the way out. */
export class Network {
  private wires = 0;

  constructor(readonly cidr: string) {
    const [base = "", bits = ""] = cidr.split("/");
    const gateway = base.replace(/\.0$/, ".1");
    // With an address of its own, else it takes that of a machine, and another one when that machine goes.
    must("ip", "link", "add", BRIDGE, "address", macOf(gateway), "type", "bridge", "forward_delay", "0");
    must("ip", "address", "add", `${gateway}/${bits}`, "dev", BRIDGE);
    must("ip", "link", "set", BRIDGE, "up");
    this.gateway = gateway;
  }

  private readonly gateway: string;

  attach(address: string): Wire {
    const number = ++this.wires;
    const [name, near, far] = [`m${number}`, `near${number}`, `far${number}`];
    const inside = (...command: readonly string[]): string => must("ip", "-n", name, ...command);
    must("ip", "netns", "add", name);
    must("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
    must("ip", "link", "set", near, "master", BRIDGE, "up");
    inside("link", "set", far, "name", "eth0", "address", macOf(address));
    inside("address", "add", `${address}/${this.cidr.split("/")[1] ?? ""}`, "dev", "eth0");
    inside("link", "set", "eth0", "up");
    inside("link", "set", "lo", "up");
    inside("route", "add", "default", "via", this.gateway);
    must("nsenter", `--net=/run/netns/${name}`, "sysctl", "-q", "-w", ...NO_REDIRECTS);
    const namespace = `/run/netns/${name}`;
    return { address, namespace, inode: `net:[${statSync(namespace).ino}]`, device: near };
  }

  /** What a route table does: from now on the machine reaches whatever is outside of its subnet through this one. */
  route({ namespace }: Wire, through: Wire): void {
    must("ip", "-n", namespace.replace("/run/netns/", ""), "route", "replace", "default", "via", through.address);
  }

  routeHome({ namespace }: Wire): void {
    must("ip", "-n", namespace.replace("/run/netns/", ""), "route", "replace", "default", "via", this.gateway);
  }

  /** As when the power goes: nobody on the other side is told. */
  unplug({ device }: Wire): void {
    must("ip", "link", "set", device, "down");
  }

  plug({ device }: Wire): void {
    must("ip", "link", "set", device, "up");
  }

  detach({ namespace, device }: Wire): void {
    must("ip", "link", "delete", device);
    must("ip", "netns", "delete", namespace.replace("/run/netns/", ""));
  }

  /** An Elastic IP: from one moment to the next its packets go to another machine. */
  associate(publicIp: string, { address, namespace }: Wire): void {
    const name = namespace.replace("/run/netns/", "");
    must("ip", "-n", name, "address", "replace", `${publicIp}/32`, "dev", "lo");
    must("ip", "route", "replace", `${publicIp}/32`, "via", address);
  }

  close(): void {
    must("ip", "link", "delete", BRIDGE);
  }
}

/** All machines share one wire here, and on AWS nobody tells them of a shorter way. */
const NO_REDIRECTS = ["all", "default", "eth0"].flatMap((device) => [
  `net.ipv4.conf.${device}.accept_redirects=0`,
  `net.ipv4.conf.${device}.send_redirects=0`,
]);

/** Once for the whole run: the addresses that are the same in every VPC. */
export function openInternet(): void {
  must("ip", "link", "set", "lo", "up");
  for (const address of [RESOLVER, METADATA, CLIENT]) must("ip", "address", "add", `${address}/32`, "dev", "lo");
  must(
    "sysctl",
    "-q",
    "-w",
    "net.ipv4.ip_forward=1",
    "net.ipv4.ip_local_port_range=1100 65000",
    "net.ipv4.tcp_tw_reuse=1",
  );
}

export function publicIp(number: number): string {
  return `${INTERNET}.${number + 1}`;
}

/** The same address has the same one for ever, so that a replaced machine needs nobody to forget the old one. */
function macOf(address: string): string {
  return ["02", "00", ...address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");
}
