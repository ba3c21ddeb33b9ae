import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Site } from "../shared/site";

/** Host names of one kind of database. */
export interface Endpoints {
  readonly writer: pulumi.Input<string>;
  readonly reader: pulumi.Input<string>;
}

/** Seconds for which a client may keep a name. A change of writer reaches the app within this and its connections' retries. */
const TTL_SECONDS = 5;

/** The names that the app knows. Both are aliases of other names, so another kind of database changes them in place. */
export function createNames(
  name: string,
  { privateZone }: Pick<Site, "privateZone">,
  endpoints: Endpoints,
  readers: number,
  child: pulumi.CustomResourceOptions,
): void {
  const records = [
    { label: "writer", target: endpoints.writer },
    ...(readers > 0 ? [{ label: "reader", target: endpoints.reader }] : []),
  ];
  for (const { label, target } of records) {
    const record = {
      zoneId: privateZone.id,
      name: `${label}.${privateZone.name}`,
      type: "CNAME",
      ttl: TTL_SECONDS,
      records: [target],
    };
    new aws.route53.Record(`${name}-${label}`, record, child);
  }
}
