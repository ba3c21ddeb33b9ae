import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { actionsFor } from "./rights";
import { documentsFor, statementsFor } from "./policies";
import { AUDIENCE, type CiRole, type TokenClaims } from "./roles";
import type { BootstrapSettings } from "./settings";
import type { State } from "./state";

/** A service whose tokens AWS accepts. */
export interface Issuer {
  readonly service: "github" | "gitlab";
  /** Its address without `https://`, as AWS writes it before each claim. */
  readonly host: string;
  readonly arn: pulumi.Output<string>;
}

/** Only those that the settings name. AWS has one for each address in an account: one that is there already is imported. */
export function createIssuers({ github, gitlab, gitlabUrl }: BootstrapSettings): Issuer[] {
  const services = [
    { service: "github", used: github !== undefined, url: "https://token.actions.githubusercontent.com" },
    { service: "gitlab", used: gitlab !== undefined, url: gitlabUrl },
  ] as const;
  return services
    .filter(({ used }) => used)
    .map(({ service, url }) => {
      const { arn } = new aws.iam.OpenIdConnectProvider(service, { url, clientIdLists: [AUDIENCE] });
      return { service, host: url.replace("https://", ""), arn };
    });
}

export function createRole(
  project: string,
  role: CiRole,
  region: string,
  issuers: readonly Issuer[],
  state: State,
): pulumi.Output<string> {
  const name = `${project}-ci-${role.name}`;
  const trust = issuers.map(({ service, host, arn }) => ({
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: arn },
    Condition: conditionsFor(host, role.tokens[service]),
  }));
  const made = new aws.iam.Role(name, {
    name,
    description: role.description,
    assumeRolePolicy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: trust }),
    maxSessionDuration: role.hours * 3600,
  });
  const rights = { role: made.id, policy: stateRights(project, role, state) };
  new aws.iam.RolePolicy(`${name}-state`, { name: "state", ...rights });
  const statements = statementsFor(actionsFor(role.verbs), { region, project, stacks: role.stacks });
  for (const [index, policy] of documentsFor(statements).entries()) {
    const part = `${name}-${index + 1}`;
    const { arn } = new aws.iam.Policy(part, { name: part, description: role.description, policy });
    new aws.iam.RolePolicyAttachment(part, { role: made.name, policyArn: arn });
  }
  return made.arn;
}

function conditionsFor(host: string, { equal, like }: TokenClaims): Record<string, TokenClaims["equal"]> {
  const named = (claims: TokenClaims["equal"]): TokenClaims["equal"] =>
    Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${host}:${claim}`, value]));
  return { StringEquals: named({ aud: AUDIENCE, ...equal }), ...(like && { StringLike: named(like) }) };
}

/** Where Pulumi keeps what belongs to one stack; a backup of the last state stands beside it. */
const FILES = [
  "stacks/PROJECT/STACK.json*",
  "stacks/PROJECT/STACK.pulumi-tags",
  "history/PROJECT/STACK/*",
  "backups/PROJECT/STACK/*",
  "locks/*/PROJECT/STACK/*",
];

function stateRights(project: string, { stacks, state: access }: CiRole, state: State): pulumi.Output<string> {
  const objects = (paths: readonly string[]): pulumi.Output<string>[] =>
    paths.map((path) => pulumi.interpolate`${state.bucketArn}/.pulumi/${path}`);
  const own = objects(
    stacks.flatMap((stack) => FILES.map((path) => path.replace("PROJECT", project).replace("STACK", stack))),
  );
  const common = objects(["meta.yaml", "Pulumi.yaml"]);
  const write = [
    { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: own },
    { Effect: "Allow", Action: ["kms:Encrypt", "kms:GenerateDataKey"], Resource: state.keyArn },
  ];
  const statements = [
    { Effect: "Allow", Action: "s3:ListBucket", Resource: state.bucketArn },
    { Effect: "Allow", Action: "s3:GetObject", Resource: [...common, ...own] },
    { Effect: "Allow", Action: "kms:Decrypt", Resource: state.keyArn },
    ...(access === "write" ? write : []),
  ];
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}
