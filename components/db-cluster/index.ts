import * as pulumi from "@pulumi/pulumi";
import { planDatabase, type ActiveDatabase, type DatabaseKind } from "../../plan/database";
import { databaseEnvironment } from "../../plan/environment";
import { createPassword, type Password } from "../shared/password";
import { secretValue } from "../shared/settings";
import type { Site } from "../shared/site";
import { createAurora } from "./aurora";
import { createMigration } from "./migration";
import { createMysql } from "./mysql";
import { createNames } from "./names";

export interface DbClusterArgs {
  readonly site: Site;
  /** MySQL on EC2, Aurora MySQL, or both while data moves between them. Changing it moves no data. */
  readonly kind: DatabaseKind;
  /** Which one the app uses; turns the names `writer` and `reader`. @default - the one there is; MySQL on EC2 where both are */
  readonly active?: ActiveDatabase;
  /** EC2 type of each MySQL machine. Changing it restarts them, one after the other. @default t4g.medium */
  readonly instanceType?: string;
  /** Class of each Aurora instance. Changing it restarts them, one after the other. @default db.r7g.large */
  readonly instanceClass?: string;
  /** Servers that read, beside the one that writes, 0 to 15. */
  readonly readers: number;
  /** GiB of each MySQL machine's data volume. Grows in place, never shrinks. @default 20 */
  readonly volumeGib?: number;
  /** Number of the MySQL machine that writes; another one only after its promotion. @default 1 */
  readonly primary?: number;
  /** Full version of Aurora MySQL. A higher one is installed in place, with a short interruption. @default 8.4.mysql_aurora.8.4.7 */
  readonly engineVersion?: string;
  /** AMI of the MySQL machines. @default - the newest Amazon Linux 2023 at each launch */
  readonly imageId?: string | undefined;
  /** Key for data at rest and passwords; changing it replaces the database. @default - AWS's own keys */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Days that logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** Texts by machine name; another text replaces that machine around its volume. @default - no machine is replaced */
  readonly replace?: Readonly<Record<string, string>>;
}

/**
 * MySQL with one writer and any number of readers, behind two names that stay the same whatever is behind them.
 *
 * On EC2 the volume is the database and the machine around it may be replaced; a dead writer is replaced by a promotion that an operator
 * starts. Aurora fails over by itself within a minute.
 */
export class DbCluster extends pulumi.ComponentResource {
  /** Name of the server that writes. */
  readonly writer: string;
  /** Name of all servers that read, where there are any. */
  readonly reader: string | undefined;
  /** What Spring Boot needs to use it. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Systems Manager document that moves data, step by step (docs/migration.md), and the id of the machine that it runs on; while both kinds are there. */
  readonly migrationDocument: pulumi.Output<string> | undefined;
  readonly migrationMachine: pulumi.Output<string> | undefined;
  /** Secrets that `environment` refers to. */
  readonly secretArns: readonly pulumi.Output<string>[];

  constructor(name: string, args: DbClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("billybully:database:DbCluster", name, {}, opts);
    const child = { parent: this };
    const active = args.active ?? (args.kind === "aurora" ? "aurora" : "self-managed");
    const plan = planDatabase({ ...args, active, primary: args.primary ?? 1 }, args.site.zones.length);
    const passwords = createPasswords(name, args, child);
    const mysql = createMysql(name, plan, { ...args, passwords }, child);
    const aurora = plan.clusters.map(({ instances }) =>
      createAurora(name, instances, { ...args, password: passwords.app }, child),
    );

    const [migration] = plan.migrations.flatMap((moves) =>
      aurora.map((cluster) => createMigration(name, moves, { site: args.site, mysql, aurora: cluster }, child)),
    );

    const endpoints = (active === "aurora" ? aurora[0] : mysql) ?? mysql;
    createNames(name, args.site, endpoints, args.readers, child);
    this.writer = `writer.${args.site.privateZone.name}`;
    this.reader = args.readers > 0 ? `reader.${args.site.privateZone.name}` : undefined;
    this.migrationDocument = migration?.document;
    this.migrationMachine = migration?.machine;
    this.secretArns = [passwords.app.secretArn];
    this.environment = {
      ...databaseEnvironment(this.writer, this.reader),
      SPRING_DATASOURCE_PASSWORD: secretValue(passwords.app.secretArn),
    };
    this.registerOutputs({ writer: this.writer, reader: this.reader });
  }
}

export type Passwords = Readonly<Record<"app" | "admin" | "replication", Password>>;

/** The same three whatever kind of database there is, so that going from one to the other makes none and loses none. */
function createPasswords(name: string, { kmsKeyArn }: DbClusterArgs, child: pulumi.CustomResourceOptions): Passwords {
  return {
    app: createPassword(`${name}-app`, kmsKeyArn, child),
    admin: createPassword(`${name}-admin`, kmsKeyArn, child),
    replication: createPassword(`${name}-replication`, kmsKeyArn, child),
  };
}
