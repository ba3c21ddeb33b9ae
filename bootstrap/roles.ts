import { VERBS, type TypeRights } from "./rights";
import type { BootstrapSettings } from "./settings";

/** A role that a job of CI takes on with its token, for an hour or two. */
export interface CiRole {
  readonly name: string;
  readonly description: string;
  /** What it may do with the resources of these stacks, and with their state. */
  readonly verbs: readonly (keyof TypeRights)[];
  readonly stacks: readonly string[];
  readonly state: "read" | "write";
  readonly hours: number;
  /** Tokens that it trusts. */
  readonly tokens: Readonly<Record<"github" | "gitlab", TokenClaims>>;
}

/** Claims that a token must have, one of several where there is a list; `*` stands for any text in those under `like`. */
export interface TokenClaims {
  readonly equal: Readonly<Record<string, string | readonly string[]>>;
  readonly like?: Readonly<Record<string, string>>;
}

/** What a job has to ask its token for. */
export const AUDIENCE = "sts.amazonaws.com";

/**
 * A change that nobody has reviewed gets `preview`, and what runs each night without anybody `drift`: neither can change anything. GitHub's
 * tokens name the environment whose approval the job waited for; GitLab's name only the branch.
 */
export function rolesFor(settings: BootstrapSettings): CiRole[] {
  const { stacks } = settings;
  const preview: CiRole = {
    name: "preview",
    description: "What a change would do: reads the state of every stack, and nothing else",
    verbs: [],
    stacks,
    state: "read",
    hours: 1,
    tokens: {
      // Of a pull request, and of what was merged and waits for approval.
      github: github(settings, "pull_request", `ref:refs/heads/${settings.branch}`),
      gitlab: { equal: {}, like: { sub: gitlabSubject(settings, "*") } },
    },
  };
  const drift: CiRole = {
    name: "drift",
    description: "Whether AWS is as the state says: reads both",
    verbs: ["read"],
    stacks,
    state: "read",
    hours: 1,
    tokens: {
      github: github(settings, `ref:refs/heads/${settings.branch}`),
      gitlab: { equal: { sub: gitlabSubject(settings, settings.branch) } },
    },
  };
  return [preview, drift, ...stacks.map((stack) => deployRole(stack, settings))];
}

function deployRole(stack: string, settings: BootstrapSettings): CiRole {
  const token = github(settings, `environment:${stack}`);
  return {
    name: `deploy-${stack}`,
    description: `pulumi up of stack ${stack}`,
    verbs: VERBS,
    stacks: [stack],
    state: "write",
    hours: 2,
    tokens: {
      github: { equal: { ...token.equal, ref: `refs/heads/${settings.branch}` } },
      gitlab: { equal: { sub: gitlabSubject(settings, settings.branch) } },
    },
  };
}

function github({ github: repository }: BootstrapSettings, ...contexts: readonly string[]): TokenClaims {
  const subjects = contexts.map((context) => `repo:${repository ?? ""}:${context}`);
  return { equal: { sub: subjects.length === 1 ? subjects.join("") : subjects } };
}

/** The project is that of the source branch: a fork's merge request has the fork's. */
function gitlabSubject({ gitlab: project }: BootstrapSettings, branch: string): string {
  return `project_path:${project ?? ""}:ref_type:branch:ref:${branch}`;
}
