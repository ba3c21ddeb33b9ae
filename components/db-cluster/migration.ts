import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabasePlan } from "../../plan/database";
import { migrationDocument } from "../../plan/migration-document";
import type { Allow } from "../shared/permissions";
import type { Site } from "../shared/site";
import type { Aurora } from "./aurora";
import type { Mysql } from "./mysql";

/** How an operator moves data between the two databases: `document` is run on `machine`. */
export interface Migration {
  readonly document: pulumi.Output<string>;
  readonly machine: pulumi.Output<string>;
}

/** What the machine may do beside its own, to see that a database is safe before it goes. Neither action can be narrowed to one database. */
export const SEE_SNAPSHOTS: Allow = {
  actions: ["ec2:DescribeSnapshots", "rds:DescribeDBClusterSnapshots"],
  resources: ["*"],
};

/** One document for all steps, which goes with the migration. */
export function createMigration(
  name: string,
  { primary, names }: DatabasePlan["migrations"][number],
  { mysql, aurora, site }: { readonly mysql: Mysql; readonly aurora: Aurora; readonly site: Pick<Site, "privateZone"> },
  child: pulumi.CustomResourceOptions,
): Migration {
  const machine = mysql.machines.get(primary);
  if (machine === undefined) throw new RangeError(`there is no MySQL machine number ${primary}`);
  const args = {
    stack: pulumi.getStack(),
    auroraHost: aurora.writer,
    auroraReader: aurora.reader,
    auroraCluster: aurora.clusterIdentifier,
    readerName: names.includes("reader") ? `reader.${site.privateZone.name}` : "",
  };
  const content = pulumi.output(args).apply(migrationDocument);
  const document = new aws.ssm.Document(
    `${name}-migration`,
    { documentType: "Command", documentFormat: "JSON", content },
    child,
  );
  return { document: document.name, machine };
}
