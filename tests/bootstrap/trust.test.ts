import assert from "node:assert/strict";
import type { Evaluation } from "../../evaluate";
import { BOTH, bootstrapWith, documentIn, one } from "./bootstrap";

const GITHUB = "token.actions.githubusercontent.com";
const AUD = "sts.amazonaws.com";

function trusts(evaluation: Evaluation, role: string): unknown {
  const name = `billybully-ci-${role}`;
  return documentIn(one(evaluation, "aws:iam/role:Role", name)["assumeRolePolicy"]);
}

function trust(issuer: "github" | "gitlab", Condition: unknown): unknown {
  return {
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: `<aws:iam/openIdConnectProvider:OpenIdConnectProvider::${issuer}.arn>` },
    Condition,
  };
}

describe("whom the CI roles trust", () => {
  let evaluation: Evaluation;

  before(async () => {
    evaluation = await bootstrapWith(BOTH);
  });

  it("preview: pull requests and the branch itself at GitHub; any branch of the project at GitLab", () => {
    const repo = "repo:billybully/infrastructure";
    assert.deepEqual(trusts(evaluation, "preview"), [
      trust("github", {
        StringEquals: {
          [`${GITHUB}:aud`]: AUD,
          [`${GITHUB}:sub`]: [`${repo}:pull_request`, `${repo}:ref:refs/heads/main`],
        },
      }),
      trust("gitlab", {
        StringEquals: { "gitlab.com:aud": AUD },
        StringLike: { "gitlab.com:sub": "project_path:billybully/backend/infrastructure:ref_type:branch:ref:*" },
      }),
    ]);
  });

  it("drift: the branch that is deployed, and no other", () => {
    assert.deepEqual(trusts(evaluation, "drift"), [
      trust("github", {
        StringEquals: {
          [`${GITHUB}:aud`]: AUD,
          [`${GITHUB}:sub`]: "repo:billybully/infrastructure:ref:refs/heads/main",
        },
      }),
      trust("gitlab", {
        StringEquals: {
          "gitlab.com:aud": AUD,
          "gitlab.com:sub": "project_path:billybully/backend/infrastructure:ref_type:branch:ref:main",
        },
      }),
    ]);
  });

  it("deploy: at GitHub the environment of its stack and the branch, at GitLab the branch", () => {
    for (const stack of ["dev", "prod"])
      assert.deepEqual(trusts(evaluation, `deploy-${stack}`), [
        trust("github", {
          StringEquals: {
            [`${GITHUB}:aud`]: AUD,
            [`${GITHUB}:sub`]: `repo:billybully/infrastructure:environment:${stack}`,
            [`${GITHUB}:ref`]: "refs/heads/main",
          },
        }),
        trust("gitlab", {
          StringEquals: {
            "gitlab.com:aud": AUD,
            "gitlab.com:sub": "project_path:billybully/backend/infrastructure:ref_type:branch:ref:main",
          },
        }),
      ]);
  });

  it("is only the service that was named", async () => {
    const gitlab = await bootstrapWith({ gitlab: "a/b", gitlabUrl: "https://git.example.com/gitlab", branch: "live" });
    const issuers = gitlab.resources.filter(({ type }) => type.includes("openIdConnectProvider"));
    assert.deepEqual(
      issuers.map(({ name, inputs }) => [name, inputs["url"], inputs["clientIdLists"]]),
      [["gitlab", "https://git.example.com/gitlab", [AUD]]],
    );
    assert.deepEqual(trusts(gitlab, "deploy-prod"), [
      trust("gitlab", {
        StringEquals: {
          "git.example.com/gitlab:aud": AUD,
          "git.example.com/gitlab:sub": "project_path:a/b:ref_type:branch:ref:live",
        },
      }),
    ]);
    const github = await bootstrapWith({ github: "a/b" });
    assert.equal((trusts(github, "drift") as unknown[]).length, 1);
  });

  it("has a role for each stack that is named, which lasts as long as its jobs may", async () => {
    const three = await bootstrapWith({ ...BOTH, stacks: ["dev", "stage", "prod"] });
    const roles = three.resources.filter(({ type }) => type === "aws:iam/role:Role");
    assert.deepEqual(
      roles.map(({ inputs }) => [inputs["name"], inputs["maxSessionDuration"]]),
      [
        ["billybully-ci-deploy-dev", 7200],
        ["billybully-ci-deploy-prod", 7200],
        ["billybully-ci-deploy-stage", 7200],
        ["billybully-ci-drift", 3600],
        ["billybully-ci-preview", 3600],
      ],
    );
  });
});
