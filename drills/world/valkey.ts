import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine";
import { must, until } from "./process";
import type { World } from "./world";

const PORT = 6379;
const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup";
const SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";
const CERTIFICATE = "/drill/cache.crt";
const KEY = "/drill/cache.key";
/** Where the certificate is kept, for every node that is ever made. */
const FILES = "/run/drill-cache";

/** The program's cache as ElastiCache keeps it: one node in cluster mode, with TLS, the token, and the names that lead to it. */
export class Cache {
  private constructor(
    private readonly world: World,
    private readonly endpoint: string,
    /** The node there is now. */
    public node: Machine,
  ) {}

  static async start(world: World): Promise<Cache> {
    const { name } = world.references.find(GROUP, "cache");
    const endpoint = world.references.in(`<${GROUP}::${name}.configurationEndpointAddress>`);
    makeCertificate(endpoint);
    const cache = new Cache(world, endpoint, make(world));
    await cache.takeOver(cache.node);
    return cache;
  }

  /** What AWS does about a lost node: an empty one, of another address, under the same names. */
  async replace(): Promise<void> {
    const next = make(this.world);
    await this.takeOver(next);
    this.world.remove(this.node);
    this.node = next;
  }

  /** Starts it again after its process was killed: empty, with the slots that it had. */
  async run(node = this.node): Promise<void> {
    node.spawn(["/usr/bin/valkey-server", "/drill/valkey.conf"]);
    await until("Valkey to answer", 10, async () => (await this.ask(node, "PING")).includes("PONG"));
  }

  async command(...words: readonly string[]): Promise<string> {
    return this.ask(this.node, ...words);
  }

  private async takeOver(node: Machine): Promise<void> {
    await node.boot();
    node.place("/drill/valkey.conf", this.configuration());
    for (const [file, path] of [["crt", CERTIFICATE] as const, ["key", KEY] as const])
      node.place(path, readFileSync(join(FILES, file), "utf8"));
    await this.run(node);
    await this.ask(node, "CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await until("the cluster", 10, async () => (await this.ask(node, "CLUSTER", "INFO")).includes("cluster_state:ok"));
    for (const name of [this.endpoint, this.nodeName])
      this.world.account.records.set(name, { type: "A", ttl: 5, records: [node.wire.address] });
  }

  private configuration(): string {
    const group = this.world.references.find(PARAMETERS, "cache");
    const parameters = group.inputs["parameters"] as { name: string; value: string }[];
    return [
      `port 0`,
      `tls-port ${PORT}`,
      `tls-cert-file ${CERTIFICATE}`,
      `tls-key-file ${KEY}`,
      `tls-ca-cert-file ${CERTIFICATE}`,
      `tls-auth-clients no`,
      `tls-cluster yes`,
      `cluster-announce-hostname ${this.nodeName}`,
      `cluster-preferred-endpoint-type hostname`,
      `cluster-config-file /drill/nodes.conf`,
      `requirepass ${this.world.account.secret("cache-token")}`,
      `save ""`,
      ...parameters.map(({ name, value }) => `${name} ${value}`),
    ].join("\n");
  }

  private get nodeName(): string {
    return this.endpoint.replace("clustercfg", "cache-0001-001");
  }

  private async ask(node: Machine, ...words: readonly string[]): Promise<string> {
    const token = this.world.account.secret("cache-token");
    const login = ["--no-auth-warning", "-a", token, "--tls", "--insecure"];
    const { text } = await node.exec(["valkey-cli", "-h", node.wire.address, ...login, ...words]);
    return text.trim();
  }
}

function make(world: World): Machine {
  const { inputs } = world.references.find(SUBNETS, "cache");
  const [subnet] = inputs["subnetIds"] as string[];
  return world.node("cache", world.references.named(subnet).name);
}

/** One that is its own authority, for all names of the group, as AWS's has them. */
function makeCertificate(endpoint: string): void {
  must("mkdir", "-p", FILES);
  const names = ["-subj", "/CN=cache", "-addext", `subjectAltName=DNS:${endpoint.replace(/^[^.]+/, "*")}`];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", join(FILES, "key")];
  must("openssl", "req", "-x509", "-days", "2", ...names, ...key, "-out", join(FILES, "crt"));
}

/** Has the JVMs of a machine trust the cache, as they trust Amazon's authority of their own accord. */
export async function trustCache(machine: Machine): Promise<void> {
  machine.place(CERTIFICATE, readFileSync(join(FILES, "crt"), "utf8"));
  const store = ["-cacerts", "-storepass", "changeit", "-noprompt"];
  const certificate = ["-alias", "drill", "-file", CERTIFICATE];
  const { status, text } = await machine.exec(["keytool", "-importcert", ...store, ...certificate]);
  if (status !== 0) throw new Error(text);
}
