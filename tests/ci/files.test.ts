import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { load } from "js-yaml";
import { ROOT } from "./sandbox";

type Yaml = Readonly<Record<string, unknown>>;

const WORKFLOWS = readdirSync(join(ROOT, ".github/workflows")).map((file) => `.github/workflows/${file}`);
const ACTIONS = readdirSync(join(ROOT, ".github/actions")).map((folder) => `.github/actions/${folder}/action.yml`);
const GITHUB = [...WORKFLOWS, ...ACTIONS];
const GITLAB = ".gitlab-ci.yml";
const SCRIPTS = readdirSync(join(ROOT, "ci")).filter((file) => file.endsWith(".sh"));

const text = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const yaml = (file: string): Yaml => load(text(file)) as Yaml;
const PATH = [join(ROOT, ".cache/lint/bin"), process.env["PATH"] ?? ""].join(delimiter);

/** Runs a linter where this machine has it; `.ci/run` installs all of them. */
function lint(context: Mocha.Context, command: string, ...args: string[]): void {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, PATH },
  });
  if (error !== undefined) {
    console.log(`      ${command} is not installed: ${(error as NodeJS.ErrnoException).code ?? error.message}`);
    context.skip();
  }
  assert.equal(status, 0, `${stdout}\n${stderr}`);
}

function jobsOf(file: string): [name: string, job: Yaml][] {
  return Object.entries((yaml(file)["jobs"] ?? {}) as Record<string, Yaml>);
}

function stepsIn(file: string): Yaml[] {
  const own = jobsOf(file).flatMap(([, job]) => (job["steps"] ?? []) as Yaml[]);
  const action = yaml(file)["runs"] as { steps: Yaml[] } | undefined;
  return [...own, ...(action?.steps ?? [])];
}

/** Every shell command in the files of both forges, with the file. */
function commands(): [file: string, command: string][] {
  const github = GITHUB.flatMap((file) =>
    stepsIn(file).flatMap(({ run }) => (typeof run === "string" ? [[file, run] as [string, string]] : [])),
  );
  const gitlab = Object.values(yaml(GITLAB)).flatMap((job) =>
    ["before_script", "script", "after_script"].flatMap((key) => ((job as Yaml)[key] ?? []) as string[]),
  );
  return [...github, ...gitlab.map((command) => [GITLAB, command] as [string, string])];
}

describe("CI files", () => {
  it("of GitHub pass actionlint", function () {
    lint(this, "actionlint", "-shellcheck=", ...WORKFLOWS);
  });

  it("of GitHub pass zizmor, which looks for ways in", function () {
    lint(this, "zizmor", "--offline", "--quiet", "--no-progress", "--min-severity", "medium", ".github");
  });

  it("of GitLab are valid by its schema", function () {
    lint(this, "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", GITLAB);
  });

  it("hold no logic: a command is one of ci/'s scripts, or npm's", () => {
    const found = commands();
    assert.ok(found.length >= 20, `${found.length}`);
    for (const [file, command] of found) {
      assert.match(command, /^(ci\/[\w-]+\.sh|node ci\/publish\.mjs|npm (ci --ignore-scripts|test))( |$)/, file);
      assert.doesNotMatch(command, /[;|&`]|\$\(|\n/, `${file}: ${command}`);
      for (const [script] of command.matchAll(/ci\/[\w.-]+/g)) assert.ok(existsSync(join(ROOT, script)), script);
    }
  });

  it("put no text of others into a command: values come through the environment, in quotes", () => {
    for (const [file, command] of commands()) {
      assert.doesNotMatch(command, /\$\{\{/, file);
      const bare = command.replaceAll(/"[^"]*"/g, "");
      assert.doesNotMatch(bare, /\$/, `${file}: ${command}`);
    }
  });

  it("know the same stacks as the stack files and the bootstrap", () => {
    const stacks = readdirSync(ROOT)
      .flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? [])
      .filter((stack) => stack !== "local")
      .sort();
    const matrices = [...WORKFLOWS.flatMap(jobsOf), ...Object.entries(yaml(GITLAB) as Record<string, Yaml>)].flatMap(
      ([, job]) => {
        const strategy = (job["strategy"] as Yaml | undefined)?.["matrix"] as Yaml | undefined;
        const parallel = ((job["parallel"] as Yaml | undefined)?.["matrix"] ?? []) as Yaml[];
        return [strategy?.["stack"], ...parallel.map(({ STACK }) => STACK)].filter((list) => list !== undefined);
      },
    ) as string[][];
    assert.equal(matrices.length, 4);
    for (const matrix of matrices) assert.deepEqual([...matrix].sort(), stacks);
    const deployed = jobsOf(".github/workflows/main.yml").flatMap(
      ([, job]) => ((job["with"] as Yaml | undefined)?.["stack"] ?? []) as string,
    );
    assert.deepEqual(deployed.sort(), stacks);
    for (const stack of stacks) {
      const job = yaml(GITLAB)[`deploy ${stack}`] as Yaml;
      assert.deepEqual([(job["environment"] as Yaml)["name"], job["resource_group"]], [stack, stack]);
      assert.deepEqual(job["script"], [`ci/with-token.sh ci/deploy.sh ${stack} "$fingerprint"`]);
    }
    const declared = (yaml("bootstrap/Pulumi.yaml")["config"] as { stacks: { default: string[] } }).stacks.default;
    assert.deepEqual([...declared].sort(), stacks);
  });
});

describe("CI at GitHub", () => {
  it("pins every action of others by its full commit, with the version beside it, the same everywhere", () => {
    const pins = new Map<string, Set<string>>();
    for (const file of GITHUB)
      for (const [, action, pin] of text(file).matchAll(/uses: ([^\s@]+)(@.*)?$/gm)) {
        if (action?.startsWith("./") === true) {
          assert.equal(pin, undefined);
          continue;
        }
        assert.match(pin ?? "", /^@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${file}: ${action ?? ""}`);
        pins.set(action!, (pins.get(action!) ?? new Set()).add(pin!));
      }
    assert.deepEqual([...pins.keys()].sort(), [
      "actions/checkout",
      "actions/setup-node",
      "aws-actions/configure-aws-credentials",
    ]);
    for (const [action, found] of pins) assert.equal(found.size, 1, action);
  });

  it("gives a workflow no rights, and a job only those that are listed here", () => {
    const rights: Record<string, unknown> = {};
    for (const file of WORKFLOWS) {
      assert.deepEqual(yaml(file)["permissions"], {}, file);
      for (const [name, job] of jobsOf(file)) rights[`${file.slice(18, -4)}: ${name}`] = job["permissions"];
    }
    const read = { contents: "read" };
    const aws = { ...read, "id-token": "write" };
    assert.deepEqual(rights, {
      "drift: stack": { ...aws, issues: "write" },
      "drift-stack: drift": aws,
      "drift-stack: report": { ...read, issues: "write" },
      "main: test": read,
      "main: dev": aws,
      "main: prod": aws,
      "main-stack: preview": aws,
      "main-stack: deploy": aws,
      "pull-request: test": read,
      "pull-request: stack": { ...aws, "pull-requests": "write" },
      "pull-request-stack: preview": aws,
      "pull-request-stack: comment": { ...read, "pull-requests": "write" },
      "test: test": read,
    });
  });

  it("never runs a pull request with the rights of the repository", () => {
    for (const file of WORKFLOWS)
      assert.doesNotMatch(text(file), /pull_request_target|workflow_run|secrets[.:[]/, file);
    const [, stack] = jobsOf(".github/workflows/pull-request.yml").find(([name]) => name === "stack")!;
    assert.equal(stack["if"], "github.event.pull_request.head.repo.full_name == github.repository");
  });

  it("leaves no token in a checkout, and lets no job run for ever", () => {
    for (const file of WORKFLOWS)
      for (const [name, job] of jobsOf(file)) {
        if (job["uses"] !== undefined) continue;
        assert.ok(Number(job["timeout-minutes"]) <= 120, `${file}: ${name}`);
        const [checkout] = job["steps"] as Yaml[];
        assert.match(String(checkout?.["uses"]), /^actions\/checkout@/);
        assert.equal((checkout?.["with"] as Yaml)["persist-credentials"], false, `${file}: ${name}`);
      }
  });

  it("deploys behind an environment, one at a time, never cut short, for as long as the role lasts", () => {
    const [, deploy] = jobsOf(".github/workflows/main-stack.yml").find(([name]) => name === "deploy")!;
    assert.equal(deploy["environment"], "${{ inputs.stack }}");
    assert.deepEqual(deploy["concurrency"], { group: "deploy-${{ inputs.stack }}", "cancel-in-progress": false });
    const prepare = (deploy["steps"] as Yaml[])[1]!["with"] as Yaml;
    assert.deepEqual(
      [deploy["timeout-minutes"], prepare["seconds"], prepare["role"]],
      [120, 7200, "${{ vars.AWS_ROLE_DEPLOY }}"],
    );
    for (const file of WORKFLOWS.filter((each) => !each.endsWith("main-stack.yml")))
      assert.doesNotMatch(text(file), /AWS_ROLE_DEPLOY|ci\/deploy\.sh/, file);
  });

  it("writes comments with what is merged, and installs nothing where it holds a token", () => {
    const [, comment] = jobsOf(".github/workflows/pull-request-stack.yml").find(([name]) => name === "comment")!;
    const [checkout, publish, ...more] = comment["steps"] as Yaml[];
    assert.equal((checkout?.["with"] as Yaml)["ref"], "${{ github.event.pull_request.base.sha }}");
    assert.deepEqual([publish?.["run"], more], ['node ci/publish.mjs comment - <<<"$COMMENT"', []]);
    for (const file of WORKFLOWS)
      for (const [name, job] of jobsOf(file)) {
        const writes = Object.entries(job["permissions"] as Yaml).filter(
          ([key, right]) => key !== "id-token" && right === "write",
        );
        if (writes.length === 0 || job["uses"] !== undefined) continue;
        const commands = (job["steps"] as Yaml[]).map((step) =>
          String(step["run"] ?? step["uses"])
            .split(" ", 2)
            .join(" "),
        );
        assert.deepEqual(
          commands.map((command) => command.replace(/@.*/, "")),
          ["actions/checkout", "node ci/publish.mjs"],
          `${file}: ${name}`,
        );
      }
  });
});

describe("CI at GitLab", () => {
  const jobs = yaml(GITLAB) as Record<string, Yaml>;
  const job = (name: string): Yaml => ({ ...(jobs[String(jobs[name]?.["extends"])] ?? {}), ...jobs[name] });

  it("pins its image by its digest, and lets no job run for ever", () => {
    const { image, timeout } = jobs["default"]!;
    assert.match(String(image), /^node:\d+\.\d+\.\d+-\w+@sha256:[0-9a-f]{64}$/);
    assert.equal(timeout, "20 minutes");
  });

  it("asks for a token of AWS's where a role is taken on, and nowhere else", () => {
    const named = Object.keys(jobs).filter((name) => jobs[name]!["script"] !== undefined);
    const token = (name: string): boolean => {
      for (let each: Yaml | undefined = jobs[name]; each !== undefined; each = jobs[String(each["extends"])])
        if (each["id_tokens"] !== undefined) return true;
      return false;
    };
    assert.deepEqual(jobs[".aws"]!["id_tokens"], { AWS_ID_TOKEN: { aud: "sts.amazonaws.com" } });
    assert.deepEqual(named.filter(token).sort(), ["deploy dev", "deploy prod", "drift", "preview"]);
    for (const name of named)
      assert.equal(
        (jobs[name]!["script"] as string[]).some((command) => command.startsWith("ci/with-token.sh ")),
        token(name),
        name,
      );
  });

  it("holds the token of the API only where nothing is installed", () => {
    for (const name of ["comment", "report drift"]) {
      assert.deepEqual(job(name)["environment"], { name: "comments", action: "access" });
      assert.equal(job(name)["before_script"], undefined);
      assert.match(String(job(name)["script"]), /^node ci\/publish\.mjs /);
    }
  });

  it("gives a fork's merge request no role and no token", () => {
    const own = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID";
    assert.ok(JSON.stringify(job("comment")["rules"]).includes(own));
    assert.ok(JSON.stringify(job("preview")["rules"]).includes(own.replace("==", "!=")));
  });

  it("deploys from the default branch only, prod by hand, and never cut short", () => {
    const main = '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH';
    assert.deepEqual(job("deploy dev")["rules"], [{ if: main }]);
    assert.deepEqual(job("deploy prod")["rules"], [{ if: main, when: "manual" }]);
    for (const name of ["deploy dev", "deploy prod"])
      assert.deepEqual([job(name)["interruptible"], job(name)["timeout"]], [false, "2 hours"]);
  });
});

describe("CI's scripts", () => {
  for (const script of SCRIPTS)
    it(`${script} is strict and executable, and says how to use it`, () => {
      const [, header] = /^#!\/usr\/bin\/env bash\n((?:# .*\n)+)set -euo pipefail\n/.exec(text(`ci/${script}`)) ?? [];
      assert.ok(header?.includes(`usage: ci/${script}`), header);
      assert.ok((statSync(join(ROOT, "ci", script)).mode & 0o111) !== 0, "executable");
      assert.doesNotMatch(text(`ci/${script}`), /set -[a-z]*x|--ignore-protect|--target/);
    });

  it("pass shellcheck", function () {
    lint(this, "shellcheck", ...SCRIPTS.map((script) => `ci/${script}`));
  });
});
