import { z } from "zod";
import { ACTIVE_DATABASES, DATABASE_KINDS } from "../plan/database";
import { EGRESS } from "../plan/egress";
import { ALLOWED, isCacheNodeType, isInstanceType } from "../plan/catalogue";
import { cidrProblem, isBlock, MAX_ZONES } from "../plan/subnets";
import { READERS_AT_MOST } from "../plan/capacity";
import { field, oneOf, texts, whole } from "./fields";
import { hostIn, isWord, namedTextsIn, textsIn, vpcBlockIn } from "./mends";
import { model } from "./model";
import { TIERS } from "./tiers";

const inPlace = "in place";

const instanceType = (use: string, change: string, example: string, prefix = /^/): z.ZodOptional<z.ZodString> =>
  field(
    z.string().refine((type) => isInstanceType(type.replace(prefix, "")), "no such instance type here"),
    {
      about: `Machine type of ${use}`,
      allowed: ALLOWED.instanceType,
      example,
      otherwise: "model",
      change,
    },
  );

const image = (use: string): z.ZodOptional<z.ZodString> =>
  field(z.string().regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/), {
    about: `AMI of ${use}; Amazon Linux 2023 of the machine type's architecture`,
    allowed: "ami- and 8 or 17 hexadecimal digits",
    example: "ami-0123456789abcdef0",
    mend: () => undefined,
    otherwise: "the newest Amazon Linux 2023 at each launch",
    change: "lone machines keep theirs until `replace`; a fleet is refreshed",
  });

const network = z.strictObject({
  cidr: field(
    z.string().superRefine((cidr, context) => {
      const problem = cidrProblem(cidr);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    }),
    {
      about: "IPv4 block of the VPC",
      allowed: "a private block from /16 to /21",
      example: "10.0.0.0/16",
      mend: (wrong) => vpcBlockIn(wrong) ?? "10.0.0.0/16",
      otherwise: "10.0.0.0/16",
      change: "never: it replaces the whole network, which is protected",
    },
  ),
  zones: field(z.array(z.string()).min(1).max(MAX_ZONES), {
    about: "Zones with subnets, in the order in which they were added",
    allowed: `1 to ${MAX_ZONES} full zone names of aws:region, each once`,
    example: '["ap-northeast-2a","ap-northeast-2b","ap-northeast-2c"]',
    mend: (wrong) => textsIn(wrong, isWord)?.slice(0, MAX_ZONES),
    otherwise: "the first three of the region",
    change: "append only; another order would move every subnet",
  }),
  egress: field(z.enum(EGRESS), {
    about: "How machines in private subnets reach out",
    allowed: oneOf(EGRESS),
    example: "nat-gateway",
    otherwise: "tier",
    change: "routes turn in place; open connections break once and the public address of the way out changes",
  }),
  reserved: field(z.array(z.string().refine(isBlock, "not an IPv4 block")), {
    about: "Blocks of other networks (VPN, office, other VPCs) that this one must never overlap",
    allowed: "IPv4 blocks",
    example: '["10.8.0.0/16"]',
    mend: (wrong) => textsIn(wrong, isBlock),
    otherwise: "none",
    change: "nothing: it is only checked",
  }),
  addressQuota: field(whole(1, 500), {
    about: "Elastic IPs that the account may have in the region (AWS quota L-0263D0A3)",
    allowed: "1 to 500",
    example: 5,
    otherwise: "5, AWS's default",
    change: "nothing: it is only checked",
  }),
});

const app = z.strictObject({
  instanceType: instanceType(
    "the app servers",
    "a lone server restarts, about a minute; a fleet is replaced server by server",
    "c7g.large",
  ),
  servers: field(whole(1, 20), {
    about: "App servers that stand alone (tiers single to balanced)",
    allowed: "1 to 20, behind one nginx 1 to 9",
    example: 3,
    otherwise: "tier",
    change: "servers are added or removed at the end; the others stay",
  }),
  min: field(whole(1, 1000), {
    about: "Fewest servers of the fleet (tiers elastic and up); enough for the modelled peak",
    allowed: "1 to 1000, not above app.max",
    example: 2,
    otherwise: "model",
    change: inPlace,
  }),
  max: field(whole(1, 1000), {
    about: "Most servers of the fleet",
    allowed: "1 to 1000, not below app.min",
    example: 6,
    otherwise: "twice app.min",
    change: "in place; what runs above a lower one is ended at once, of which the gate lets pass a half",
  }),
  imageId: image("the app servers and the nginx balancer"),
});

const cache = z.strictObject({
  nodeType: field(z.string().refine(isCacheNodeType, "no such node type here"), {
    about: "ElastiCache node type",
    allowed: ALLOWED.cacheNodeType,
    example: "cache.r7g.large",
    otherwise: "model",
    change: "nodes are replaced one after the other; without replicas the cache is empty and away for minutes",
  }),
  shards: field(whole(0, 90), {
    about: "Shards; 0 is no cache",
    allowed: "0 to 90, and with its replicas at most 90 nodes",
    example: 1,
    otherwise: "tier, then model",
    change: "slots move while the cache serves; 0 would delete it and is refused by its protection",
  }),
  replicas: field(whole(0, 5), {
    about: "Replicas of each shard; with one or more a lost node is taken over in another zone",
    allowed: "0 to 5",
    example: 1,
    otherwise: "tier, then one for each further zone",
    change: inPlace,
  }),
  engineVersion: field(z.string().regex(/^(8\.[0-2]|9\.[01])$/), {
    about: "Valkey version, quoted",
    allowed: '"8.0" to "8.2", "9.0", "9.1"',
    example: "8.0",
    otherwise: "8.0",
    change: "upwards in place; downwards it would replace the cache and is refused by its protection",
  }),
});

const database = z.strictObject({
  kind: field(z.enum(DATABASE_KINDS), {
    about: "MySQL on EC2, Aurora MySQL, or both while data moves from one to the other",
    allowed: oneOf(DATABASE_KINDS),
    example: "migrating",
    otherwise: "tier",
    change: "data never moves by itself: docs/migration.md",
  }),
  active: field(z.enum(ACTIVE_DATABASES), {
    about: "Which database the app uses, where both exist",
    allowed: oneOf(ACTIVE_DATABASES),
    example: "self-managed",
    otherwise: "the one there is; self-managed while migrating",
    change: "the names writer and reader turn within seconds; only after the runbook's cut-over",
  }),
  instanceType: instanceType(
    "each database server (Aurora calls it db.TYPE; both spellings are taken there)",
    "every server restarts, one after the other; Aurora fails over first where it has a reader",
    "r7g.large",
    /^db\./,
  ),
  readers: field(whole(0, READERS_AT_MOST), {
    about: "Servers that read, beside the one that writes",
    allowed: `0 to ${READERS_AT_MOST}`,
    example: 2,
    otherwise: "tier, then model",
    change: "readers are added or removed at the end; going to or from 0 restarts the app without a lost request",
  }),
  volumeGiB: field(whole(8, 16_384), {
    about: "Data volume of each MySQL machine",
    allowed: "8 to 16384 GiB",
    example: 50,
    otherwise: "model, at least 20",
    change: "grows in place; AWS never shrinks a volume, so a smaller value fails",
  }),
  primary: field(whole(1, READERS_AT_MOST + 1), {
    about: "Number of the MySQL machine that writes",
    allowed: "1 to database.readers + 1",
    example: 2,
    otherwise: "1",
    change: "the names turn within seconds; only after its promotion (docs/operations.md)",
  }),
  engineVersion: field(z.string().regex(/^8\.4\.mysql_aurora\.8\.4\.\d+$/), {
    about: "Full version of Aurora MySQL",
    allowed: "8.4.mysql_aurora.8.4.N",
    example: "8.4.mysql_aurora.8.4.7",
    otherwise: "8.4.mysql_aurora.8.4.7",
    change: "upwards in place with an interruption of a minute or so; downwards it is refused",
  }),
  imageId: image("the MySQL machines"),
});

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const edge = z.strictObject({
  domain: field(z.string().regex(DOMAIN), {
    about: "Name under which clients reach the service",
    allowed: "a domain name in lower case",
    example: "api.example.com",
    mend: (wrong) => hostIn(wrong, DOMAIN),
    otherwise: "none: the front address, or the load balancer's own name",
    change: "its record is made or removed; the addresses behind it stay",
  }),
  hostedZoneId: field(z.string().regex(/^Z[A-Z0-9]{7,31}$/), {
    about: "Route 53 public zone that holds edge.domain",
    allowed: "Z and 7 to 31 letters and digits",
    example: "Z0123456789ABCDEFGHIJ",
    otherwise: "a zone is made for edge.domain; delegate to the output nameServers",
    change: "the records move to it",
  }),
});

const operations = z.strictObject({
  logRetentionDays: field(
    z.union([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731].map((days) => z.literal(days))),
    {
      about: "Days that logs are kept in CloudWatch",
      allowed: "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731",
      example: 30,
      otherwise: "30",
      change: "older logs go within a day",
    },
  ),
});

const replace = z.record(z.string(), z.string());
texts.add(replace, {
  about: "Texts by machine name; another text replaces that lone machine (new AMI, new files)",
  allowed: "a machine of the plan, and any text",
  example: '{"app-public-1":"2026-12-01"}',
  mend: namedTextsIn,
  otherwise: "no machine is replaced",
  change:
    "the named machine is replaced: its successor serves first, or its peers serve meanwhile; a lone one costs minutes",
});

const consent = z.array(z.string().min(1));
texts.add(consent, {
  about: "What a change may lose, by name, in a change of its own; a data resource is unprotected by hand as well",
  allowed: 'the names that the refusal gives: "cache", "db", "db-mysql-1", ..., "domain zone", "domain name"',
  example: '["cache"]',
  mend: (wrong) => textsIn(typeof wrong === "string" ? [wrong] : wrong, isWord),
  otherwise: "nothing may be lost",
  change: "lets through exactly the losses it names",
});

const tier = z.enum(TIERS);
texts.add(tier, {
  about: "The step of the ladder",
  allowed: oneOf(TIERS),
  example: "single",
  otherwise: "required",
  change: "the stack grows or shrinks to it: `npm run plan -- --from OLD --to NEW`",
});

const users = whole(1, 1_000_000_000);
texts.add(users, {
  about: "Registered users, which set the sizes inside the tier",
  allowed: "a whole number from 1 to 1000000000",
  example: 100_000,
  otherwise: "10000",
  change: "sizes that come from the model follow, each as its own row says",
});

export const stackSchema = z.strictObject({
  tier,
  users: users.optional(),
  network: network.optional(),
  app: app.optional(),
  cache: cache.optional(),
  database: database.optional(),
  edge: edge.optional(),
  operations: operations.optional(),
  replace: replace.optional(),
  consent: consent.optional(),
  model: model.optional(),
});

/** A stack file's own words, checked field by field. */
export type StackFile = z.infer<typeof stackSchema>;
