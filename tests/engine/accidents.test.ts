import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parsePreview, PreviewError } from "../../evaluate/preview";
import type { Finding } from "../../report/finding";
import { judge } from "../../report/gate";
import { onEngine } from "./hooks";
import { stacks } from "./queue";
import { EngineStack } from "./stack";

/** A mistake as people make it, on a stack that stands, and who stops it. */
interface Accident {
  readonly says: string;
  /** Patches of the program: file, what stands there, what stands there afterwards. */
  readonly patches?: readonly (readonly [file: string, before: string, after: string])[];
  /** Change of the stack file. */
  readonly set?: Readonly<Record<string, string>>;
  /** `validation`: refused before anything is registered. `engine`: the engine's own preview fails, and the gate with it. `gate`: the gate alone. */
  readonly stoppedBy: "validation" | "engine" | "gate";
  /** What whoever stops it names. */
  readonly names: RegExp;
}

const LIVE = {
  "aws:region": "eu-north-1",
  tier: "elastic",
  "database.kind": "migrating",
  "cache.engineVersion": "8.1",
  "database.volumeGiB": "40",
};

const ACCIDENTS: readonly Accident[] = [
  {
    says: "a subnet's block is moved",
    patches: [["plan/subnets.ts", "isolated: { offset: 8", "isolated: { offset: 9"]],
    stoppedBy: "engine",
    names: /network-isolated-1/,
  },
  {
    says: "a component is renamed without an alias",
    patches: [["index.ts", 'new DbCluster("db"', 'new DbCluster("database"']],
    stoppedBy: "engine",
    names: /db/,
  },
  {
    says: "two zones change places",
    set: { "network.zones[0]": "eu-north-1b", "network.zones[1]": "eu-north-1a", "network.zones[2]": "eu-north-1c" },
    stoppedBy: "validation",
    names: /network\.zones/,
  },
  {
    says: "the cache's version is lowered",
    set: { "cache.engineVersion": "8.0" },
    stoppedBy: "validation",
    names: /cache\.engineVersion/,
  },
  {
    says: "Aurora's version is lowered",
    set: { "database.engineVersion": "8.4.mysql_aurora.8.4.6" },
    stoppedBy: "validation",
    names: /database\.engineVersion/,
  },
  {
    says: "the data volume goes to another zone",
    patches: [["components/db-cluster/mysql.ts", "const ZONE = 1;", "const ZONE = 2;"]],
    stoppedBy: "engine",
    names: /db-mysql-1/,
  },
  {
    says: "the data volume loses its protection and is replaced in one change",
    patches: [
      [
        "components/db-cluster/mysql.ts",
        `{ ...child, protect: true },
  );
}`,
        `{ ...child, protect: false, replacementTrigger: "other" },
  );
}`,
      ],
    ],
    stoppedBy: "gate",
    names: /db-mysql-1/,
  },
  {
    says: "the data volume loses its protection, and nothing else changes",
    patches: [
      [
        "components/db-cluster/mysql.ts",
        "{ ...child, protect: true },\n  );\n}",
        "{ ...child, protect: false },\n  );\n}",
      ],
    ],
    stoppedBy: "gate",
    names: /Volume::db-mysql-1 protect: loses its protection/,
  },
  {
    says: "the data volume gets another device name, for which its machine is stopped",
    patches: [["components/db-cluster/mysql.ts", '"/dev/sdf"', '"/dev/sdg"']],
    stoppedBy: "gate",
    names: /VolumeAttachment::db-mysql-1 deviceName: .*nothing starts it again/,
  },
  {
    says: "a password is made anew",
    patches: [["components/shared/password.ts", "length: 32", "length: 40"]],
    stoppedBy: "engine",
    names: /db-(app|admin|replication)|cache-token/,
  },
  {
    says: "the cluster gets another identifier",
    patches: [
      [
        "components/db-cluster/aurora.ts",
        "const clusterIdentifier = identifier(",
        'const clusterIdentifier = identifier("new",',
      ],
    ],
    stoppedBy: "engine",
    names: /Cluster::db/,
  },
  {
    says: "the cache goes to another subnet group",
    patches: [
      [
        "components/cache-tier.ts",
        "new aws.elasticache.SubnetGroup(\n    name,",
        "new aws.elasticache.SubnetGroup(\n    `${name}-subnets`,",
      ],
    ],
    stoppedBy: "engine",
    names: /ReplicationGroup::cache/,
  },
  {
    says: "the user data of the lone MySQL changes, and it follows its template again",
    patches: [
      ["templates/mysql/my.cnf", "[mysqld]", "[mysqld]\\n# other"],
      ["components/shared/machine.ts", 'version: "$Latest"', "version: template.latestVersion.apply(String)"],
      ["components/shared/machine.ts", 'ignoreChanges: ["launchTemplate"],', ""],
    ],
    stoppedBy: "gate",
    names: /db-mysql/,
  },
  {
    says: "the key is another one",
    patches: [["index.ts", 'new Keyring("key"', 'new Keyring("keys"']],
    stoppedBy: "engine",
    names: /key/i,
  },
  {
    says: "the artifact bucket is renamed",
    patches: [
      ["components/app-tier/releases.ts", "createBucket(`${name}-artifacts`", "createBucket(`${name}-releases`"],
    ],
    stoppedBy: "engine",
    names: /app-artifacts/,
  },
  {
    says: "the fleet is shrunk to nothing",
    patches: [
      ["components/app-tier/fleet.ts", "      minSize: min,\n", "      minSize: 0,\n"],
      ["components/app-tier/fleet.ts", "maxSize: args.max ?? 2 * min", "maxSize: 0"],
      ["components/app-tier/fleet.ts", "minElbCapacity: min", "minElbCapacity: 0"],
    ],
    stoppedBy: "gate",
    names: /Group::app maxSize, minSize: AWS would end all servers but 0 at once, and 2 to 4 run/,
  },
  {
    says: "the fleet is shrunk below what runs",
    set: { "app.min": "1", "app.max": "1" },
    stoppedBy: "gate",
    names: /Group::app maxSize: AWS would end all servers but 1 at once/,
  },
  {
    says: "the load balancer that clients know by its name is renamed",
    patches: [
      ["components/app-tier/load-balancer.ts", "LoadBalancer(\n    name,", "LoadBalancer(\n    `${name}-alb`,"],
    ],
    stoppedBy: "gate",
    names: /LoadBalancer::app : another one would take its place/,
  },
  {
    says: "the volume is made smaller",
    set: { "database.volumeGiB": "30" },
    stoppedBy: "validation",
    names: /database\.volumeGiB/,
  },
  {
    says: "the network gets another block",
    set: { "network.cidr": "10.1.0.0/16" },
    stoppedBy: "validation",
    names: /network\.cidr/,
  },
  { says: "the region is changed", set: { "aws:region": "eu-west-1" }, stoppedBy: "validation", names: /aws:region/ },
  {
    says: "the app turns to a database that was never filled",
    set: { "database.kind": "aurora", "database.active": "" },
    stoppedBy: "validation",
    names: /database\.kind/,
  },
  { says: "the cache is switched off", set: { "cache.shards": "0" }, stoppedBy: "validation", names: /cache\.shards/ },
];

const outcomes = new Map<Accident, Promise<Outcome>>();

onEngine("accidents on a live stack", start, () => {
  for (const accident of ACCIDENTS) {
    it(`${accident.says}: stopped by ${accident.stoppedBy}`, async () => {
      const outcome = await outcomes.get(accident);
      assert.equal(outcome?.stoppedBy, accident.stoppedBy, outcome?.words);
      assert.match(outcome.words, accident.names);
    });
  }
});

/** One turn of the queue for the stack and all that happens to it, one accident after the other. */
function start(): void {
  const stack = new EngineStack("accidents");
  const live = new Promise<void>((resolve, reject) => {
    const turn = stacks.add(async () => {
      await stack.create(LIVE);
      await stack.up();
      resolve();
      await Promise.allSettled(outcomes.values());
      await stack.forget();
    });
    turn.catch(reject);
  });
  let previous: Promise<unknown> = live;
  for (const accident of ACCIDENTS) {
    const before = previous;
    const outcome = live.then(() => before).then(() => happen(stack, accident));
    outcomes.set(accident, outcome);
    previous = outcome.catch(() => undefined);
  }
}

interface Outcome {
  readonly stoppedBy: Accident["stoppedBy"] | "nobody";
  readonly words: string;
}

/** Lets an accident happen to the stack's program or file, asks for a preview, and puts everything back. */
async function happen(stack: EngineStack, { patches = [], set = {} }: Accident): Promise<Outcome> {
  const files = new Map(
    patches.map(([file]) => [join(stack.folder, file), readFileSync(join(stack.folder, file), "utf8")]),
  );
  const stackFile = join(stack.folder, `Pulumi.${stack.name}.yaml`);
  files.set(stackFile, readFileSync(stackFile, "utf8"));
  try {
    for (const [file, before, after] of patches) {
      const path = join(stack.folder, file);
      const text = readFileSync(path, "utf8");
      assert.ok(text.includes(before), `${file} has no ${before}`);
      writeFileSync(
        path,
        text.replace(before, () => after),
      );
    }
    await stack.set(set);
    return outcomeOf(await stack.preview());
  } finally {
    for (const [path, text] of files) writeFileSync(path, text);
  }
}

function outcomeOf(preview: string): Outcome {
  try {
    const { stopped } = judge(parsePreview(preview), []);
    return { stoppedBy: stopped.length > 0 ? "gate" : "nobody", words: stopped.map(wordsOf).join("\n") };
  } catch (error) {
    if (!(error instanceof PreviewError)) throw error;
    return {
      stoppedBy: error.message.includes("The configuration of stack") ? "validation" : "engine",
      words: error.message,
    };
  }
}

function wordsOf({ urn, property, why }: Finding): string {
  return `${urn} ${property ?? ""}: ${why}`;
}
