import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ran } from "./process";
import type { Policies } from "./policies";
import type { Resource } from "../../evaluate/graph";
import { ACCOUNT_ID, type References } from "./references";

/** Who asks AWS: a machine, or a service with a role of its own. */
export interface Caller {
  readonly name: string;
  /** Below which the paths of a machine lie. */
  readonly root: string;
  readonly policies: Policies;
}

export interface Call {
  readonly caller: string;
  readonly line: string;
  readonly status: number;
}

export interface DnsRecord {
  readonly type: string;
  readonly ttl: number;
  readonly records: readonly string[];
}

/** Where an instance of a fleet stands, as Auto Scaling tells it. */
export interface Lifecycle {
  readonly group: string;
  state: string;
  /** What instance metadata says that it should become. */
  target: string;
  /** Hooks that were ended, with their results. */
  readonly ended: string[];
}

type Options = Readonly<Record<string, string>>;
type Operation = (caller: Caller, options: Options, words: readonly string[]) => string;

/** One AWS account, as far as the machines' scripts use it: fails on everything that nobody expected. */
export class Account {
  readonly calls: Call[] = [];
  /** Calls that no script should make; a drill that leaves one here has failed. */
  readonly unexpected: string[] = [];
  readonly parameters = new Map<string, string>();
  readonly objects = new Map<string, Uint8Array>();
  readonly records = new Map<string, DnsRecord>();
  readonly lifecycles = new Map<string, Lifecycle>();
  /** What AWS says of a snapshot: whose it is, its state and when it was made, with tabs between them. */
  readonly snapshots = new Map<string, string>();
  private readonly secrets = new Map<string, string>();
  private broken: { readonly text: string; left: number } | undefined;

  constructor(readonly references: References) {
    for (const version of references.all("aws:secretsmanager/secretVersion:SecretVersion")) {
      const { name } = references.named(version.inputs["secretId"]);
      const arn = references.in(`<aws:secretsmanager/secret:Secret::${name}.arn>`);
      this.secrets.set(arn, String(references.inputs(version)["secretString"]));
    }
    this.adopt(references.resources);
  }

  /** Parameters and names as a program with these resources leaves them. */
  adopt(resources: readonly Resource[]): void {
    for (const { type, inputs } of resources.map((resource) => ({
      ...resource,
      inputs: this.references.inputs(resource),
    }))) {
      if (type === "aws:ssm/parameter:Parameter") this.parameters.set(String(inputs["name"]), String(inputs["value"]));
      if (type !== "aws:route53/record:Record") continue;
      const { name, type: kind, ttl = 60, records = [] } = inputs;
      this.records.set(String(name), { type: String(kind), ttl: Number(ttl), records: records as string[] });
    }
  }

  /** From now on, calls whose line holds the text fail: so many times, or until `mend`. */
  break(text: string, times = Infinity): void {
    this.broken = { text, left: times };
  }

  mend(): void {
    this.broken = undefined;
  }

  secret(name: string): string {
    return this.secrets.get(this.references.in(`<aws:secretsmanager/secret:Secret::${name}.arn>`)) ?? "";
  }

  callsOf(caller: string, text: string): Call[] {
    return this.calls.filter((call) => call.caller === caller && call.line.includes(text));
  }

  /** What `aws ...` prints, and its status. */
  aws(caller: Caller, args: readonly string[]): Ran {
    const line = `aws ${args.join(" ")}`;
    const answer = this.answer(caller, line, args);
    this.calls.push({ caller: caller.name, line, status: answer.status });
    return answer;
  }

  /** Something that is not AWS but may be broken by a drill in the same way. */
  recorded(caller: string, line: string, work: () => Ran): Ran {
    const answer = this.isBroken(line) ? failure("it says no") : work();
    this.calls.push({ caller, line, status: answer.status });
    return answer;
  }

  private isBroken(line: string): boolean {
    if (this.broken === undefined || !line.includes(this.broken.text) || this.broken.left <= 0) return false;
    this.broken.left--;
    return true;
  }

  private answer(caller: Caller, line: string, args: readonly string[]): Ran {
    if (this.isBroken(line)) return failure("An error occurred (ThrottlingException): Rate exceeded");
    const { words, options } = parse(args);
    const operation = OPERATIONS[words.slice(0, 2).join(" ")];
    try {
      for (const bound of ["cli-connect-timeout", "cli-read-timeout"])
        if (options[bound] === undefined)
          throw new Unexpected(`${line}: without --${bound} it would wait for a minute`);
      if (operation === undefined) throw new Unexpected(line);
      return { status: 0, out: `${operation.call(this, caller, options, words.slice(2))}\n`, text: "" };
    } catch (error) {
      if (error instanceof Unexpected) this.unexpected.push(`${caller.name}: ${error.message}`);
      return failure((error as Error).message);
    }
  }

  /** Systems Manager's own calls too, of the release document. */
  getParameter({ policies }: Caller, name: string): string {
    policies.check("ssm:GetParameter", this.parameterArn(name));
    const value = this.parameters.get(name);
    if (value === undefined)
      throw new Error(`An error occurred (ParameterNotFound) when calling the GetParameter operation: ${name}`);
    return value;
  }

  putParameter({ policies }: Caller, name: string, value: string, overwrite: boolean): void {
    policies.check("ssm:PutParameter", this.parameterArn(name));
    if (this.parameters.has(name) && !overwrite) throw new Error(`ParameterAlreadyExists: ${name}`);
    this.parameters.set(name, value);
  }

  deleteParameter({ policies }: Caller, name: string): void {
    policies.check("ssm:DeleteParameter", this.parameterArn(name));
    if (!this.parameters.delete(name)) throw new Error(`ParameterNotFound: ${name}`);
  }

  getSecret({ policies }: Caller, arn: string): string {
    policies.check("secretsmanager:GetSecretValue", arn);
    const secret = this.secrets.get(arn);
    if (secret === undefined)
      throw new Error("An error occurred (ResourceNotFoundException) when calling GetSecretValue");
    return secret;
  }

  getObject({ policies }: Caller, key: string): Uint8Array {
    policies.check("s3:GetObject", `arn:aws:s3:::${key}`);
    const object = this.objects.get(key);
    if (object === undefined)
      throw new Error("fatal error: An error occurred (404) when calling the HeadObject operation: Key does not exist");
    return object;
  }

  lifecycle(id: string): Lifecycle {
    const found = this.lifecycles.get(id);
    if (found === undefined) throw new Error(`no instance ${id} in any group`);
    return found;
  }

  snapshot(id: string): string {
    const found = this.snapshots.get(id);
    if (found === undefined) throw new Error(`An error occurred (InvalidSnapshot.NotFound): ${id}`);
    return found;
  }

  private parameterArn(name: string): string {
    return `arn:aws:ssm:${this.references.region}:${ACCOUNT_ID}:parameter${name}`;
  }
}

class Unexpected extends Error {}

const OPERATIONS: Readonly<Record<string, (this: Account, ...args: Parameters<Operation>) => string>> = {
  "ssm get-parameter"(caller, options) {
    expect(options, { query: "Parameter.Value" });
    return this.getParameter(caller, options["name"] ?? "");
  },
  "secretsmanager get-secret-value"(caller, options) {
    expect(options, { query: "SecretString" });
    return this.getSecret(caller, options["secret-id"] ?? "");
  },
  "s3 cp"(caller, _, [from = "", to = ""]) {
    writeFileSync(join(caller.root, to), this.getObject(caller, from.replace("s3://", "")));
    return "";
  },
  "autoscaling describe-auto-scaling-instances"(caller, options) {
    expect(options, { query: "AutoScalingInstances[0].[AutoScalingGroupName,LifecycleState]" });
    caller.policies.check("autoscaling:DescribeAutoScalingInstances", "*");
    const { group, state } = this.lifecycle(options["instance-ids"] ?? "");
    return `${group}\t${state}`;
  },
  "autoscaling complete-lifecycle-action"(caller, options) {
    const group = options["auto-scaling-group-name"] ?? "";
    const arn = `arn:aws:autoscaling:${this.references.region}:${ACCOUNT_ID}:autoScalingGroup:0:autoScalingGroupName/${group}`;
    caller.policies.check("autoscaling:CompleteLifecycleAction", arn);
    const instance = this.lifecycle(options["instance-id"] ?? "");
    const hook = options["lifecycle-hook-name"] ?? "";
    const waits = hook === "launching" ? "Pending:Wait" : "Terminating:Wait";
    if (instance.group !== group || instance.state !== waits)
      throw new Error(`No active Lifecycle Action found with instance in state ${instance.state}`);
    instance.ended.push(`${hook} ${options["lifecycle-action-result"] ?? ""}`);
    instance.state = hook === "launching" ? "InService" : "Terminating:Proceed";
    return "";
  },
  "ec2 describe-snapshots"(caller, options) {
    expect(options, { query: "Snapshots[0].[VolumeId,State,StartTime]" });
    caller.policies.check("ec2:DescribeSnapshots", "*");
    return this.snapshot(options["snapshot-ids"] ?? "");
  },
  "rds describe-db-cluster-snapshots"(caller, options) {
    expect(options, { query: "DBClusterSnapshots[0].[DBClusterIdentifier,Status,SnapshotCreateTime]" });
    caller.policies.check("rds:DescribeDBClusterSnapshots", "*");
    return this.snapshot(options["db-cluster-snapshot-identifier"] ?? "");
  },
  "route53 change-resource-record-sets"(caller, options) {
    const { Changes } = JSON.parse(options["change-batch"] ?? "") as { Changes: readonly RecordChange[] };
    const context = {
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": Changes.map(
        ({ ResourceRecordSet }) => ResourceRecordSet.Name,
      ),
      "route53:ChangeResourceRecordSetsRecordTypes": Changes.map(({ ResourceRecordSet }) => ResourceRecordSet.Type),
      "route53:ChangeResourceRecordSetsActions": Changes.map(({ Action }) => Action),
    };
    caller.policies.check(
      "route53:ChangeResourceRecordSets",
      `arn:aws:route53:::hostedzone/${options["hosted-zone-id"] ?? ""}`,
      context,
    );
    for (const { Action, ResourceRecordSet: set } of Changes) {
      if (Action !== "UPSERT") throw new Unexpected(`route53 ${Action}`);
      this.records.set(set.Name, {
        type: set.Type,
        ttl: set.TTL,
        records: set.ResourceRecords.map(({ Value }) => Value),
      });
    }
    return "";
  },
};

interface RecordChange {
  readonly Action: string;
  readonly ResourceRecordSet: {
    readonly Name: string;
    readonly Type: string;
    readonly TTL: number;
    readonly ResourceRecords: readonly { readonly Value: string }[];
  };
}

function parse(args: readonly string[]): { words: string[]; options: Options } {
  const words: string[] = [];
  const options: Record<string, string> = {};
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (!arg.startsWith("--")) words.push(arg);
    else if (arg === "--only-show-errors") options["only-show-errors"] = "yes";
    else options[arg.slice(2)] = args[++i] ?? "";
  }
  return { words, options };
}

function expect(options: Options, expected: Options): void {
  for (const [key, value] of Object.entries(expected))
    if (options[key] !== value) throw new Unexpected(`--${key} ${options[key] ?? "missing"}, expected ${value}`);
}

function failure(text: string): Ran {
  return { status: 254, out: "", text: `${text}\n` };
}
