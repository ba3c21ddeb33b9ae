import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { removeSandboxes, ROOT, sandbox, UNEXPECTED, type Sandbox } from "./sandbox";

const TOKEN = "eyJhbGciOi.of.gitlab";
const ROLE = "arn:aws:iam::123456789012:role/billybully-ci-preview";

describe("ci/with-token.sh", () => {
  after(removeSandboxes);

  const task = `[ -z "\${AWS_ID_TOKEN:-}" ] || exit 98
stat -c %a "$AWS_WEB_IDENTITY_TOKEN_FILE" && cat "$AWS_WEB_IDENTITY_TOKEN_FILE" >"$HOME/seen"
printf '%s\\n' "$AWS_ROLE_ARN" "$AWS_ROLE_SESSION_NAME"`;

  it("gives a command the role and a file with the token, which is gone afterwards", async () => {
    const box = sandbox({ task });
    const env = { AWS_ROLE_ARN: ROLE, AWS_ID_TOKEN: TOKEN, CI_JOB_ID: "42" };
    const { status, stdout, stderr, calls } = await box.run("with-token.sh", ["task", "a b", "c"], env);
    assert.deepEqual([status, stderr, stdout], [0, "", `600\n${ROLE}\ngitlab-42\n`]);
    assert.deepEqual([calls, box.read("seen"), box.leftovers()], [["task a b c"], TOKEN, []]);
  });

  it("hands the command's failure on, and leaves no token then either", async () => {
    const box = sandbox({ task: "exit 7" });
    const ran = await box.run("with-token.sh", ["task"], { AWS_ROLE_ARN: ROLE, AWS_ID_TOKEN: TOKEN });
    assert.deepEqual([ran.status, box.leftovers()], [7, []]);
    assert.ok(!`${ran.stdout}${ran.stderr}`.includes(TOKEN));
  });

  it("runs nothing without a role or a token, and says which variable is missing", async () => {
    const box = sandbox({ task });
    const cases: [Record<string, string>, RegExp][] = [
      [{ AWS_ID_TOKEN: TOKEN }, /AWS_ROLE_ARN is no role/],
      // What GitLab makes of a variable that is not there.
      [{ AWS_ID_TOKEN: TOKEN, AWS_ROLE_ARN: "$AWS_ROLE_PREVIEW" }, /AWS_ROLE_ARN is no role/],
      [{ AWS_ROLE_ARN: ROLE }, /AWS_ID_TOKEN is empty/],
    ];
    for (const [env, why] of cases) {
      const { status, stderr, calls } = await box.run("with-token.sh", ["task"], env);
      assert.deepEqual([status, calls], [1, []]);
      assert.match(stderr, why);
      assert.ok(!stderr.includes(TOKEN));
    }
  });
});

describe("ci/install.sh", () => {
  after(removeSandboxes);

  const standIns = {
    npm: `[ "$*" = "ci --ignore-scripts --no-audit --no-fund" ] || { echo "unexpected: npm $*" >&2; exit 99; }`,
    curl: `while [ "$1" != --output ]; do shift; done; cp archive.tar.gz "$2"`,
    uname: `case "$1" in -s) echo Linux ;; -m) echo x86_64 ;; ${UNEXPECTED} esac`,
  };

  /** A machine to which a CLI comes that says it is this version; the pin is of `pinned`. */
  function machine(version: string, pinned = version): Sandbox {
    const box = sandbox(standIns);
    for (const each of [pinned, version]) {
      mkdirSync(join(box.folder, "made/pulumi"), { recursive: true });
      box.write("made/pulumi/pulumi", `#!/bin/bash\necho ${each}\n`);
      execFileSync("chmod", ["+x", join(box.folder, "made/pulumi/pulumi")]);
      execFileSync("tar", ["-czf", join(box.folder, "archive.tar.gz"), "-C", join(box.folder, "made"), "pulumi"]);
      const sum = createHash("sha256")
        .update(readFileSync(join(box.folder, "archive.tar.gz")))
        .digest("hex");
      if (each === pinned) box.write("ci/pulumi.sha256", `${sum}  pulumi-v9.9.9-linux-x64.tar.gz\n`);
    }
    return box;
  }

  it("installs packages without their scripts, and the CLI that is pinned, over HTTPS", async () => {
    const box = machine("v9.9.9");
    const { status, stdout, stderr, calls } = await box.run("install.sh", []);
    assert.deepEqual([status, stdout, stderr], [0, "v9.9.9\n", ""]);
    assert.match(
      calls.find((call) => call.startsWith("curl")) ?? "",
      / --proto =https .* https:\/\/get\.pulumi\.com\/releases\/sdk\/pulumi-v9\.9\.9-linux-x64\.tar\.gz$/,
    );
    assert.ok(box.has(".cache/pulumi/pulumi"));
    assert.equal((await box.run("install.sh", [])).status, 0, "again");
  });

  it("unpacks nothing that is not what was pinned", async () => {
    const box = machine("v9.9.9", "v9.9.8");
    const { status, stderr } = await box.run("install.sh", []);
    assert.notEqual(status, 0);
    assert.match(stderr, /checksum did NOT match/);
    assert.ok(!box.has(".cache/pulumi"));
    assert.deepEqual(box.leftovers(), []);
  });

  it("says so on a machine of another kind", async () => {
    const box = sandbox({ ...standIns, uname: `[ "$1" = -s ] && echo Darwin || echo arm64` });
    const { status, stderr } = await box.run("install.sh", []);
    assert.equal(status, 1);
    assert.match(stderr, /this runner is Darwin on arm64/);
  });

  it("pins one archive of a CLI that is not older than the SDK", () => {
    const pin = /^[0-9a-f]{64} {2}pulumi-v3\.(\d+)\.\d+-linux-x64\.tar\.gz\n$/;
    const minor = pin.exec(readFileSync(join(ROOT, "ci/pulumi.sha256"), "utf8"))?.[1];
    const sdk = JSON.parse(readFileSync(join(ROOT, "node_modules/@pulumi/pulumi/package.json"), "utf8")) as {
      version: string;
    };
    assert.ok(Number(minor) >= Number(sdk.version.split(".")[1]), `3.${String(minor)} and ${sdk.version}`);
  });
});

describe("ci/github-outputs.sh", () => {
  after(removeSandboxes);

  /** Outputs as GitHub's runner reads the file: `name=value`, or `name<<word`, lines, and the word. */
  function outputsIn(text: string): Record<string, string> {
    const found: Record<string, string> = {};
    const lines = text.split("\n");
    for (let i = 0; i < lines.length - 1; i++) {
      const [, name, word] = /^(\w+)<<(\w+)$/.exec(lines[i]!) ?? [];
      if (name === undefined) {
        const [key = "", ...value] = lines[i]!.split("=");
        found[key] = value.join("=");
      } else {
        const end = lines.indexOf(word!, i);
        found[name] = lines.slice(i + 1, end).join("\n");
        i = end;
      }
    }
    return found;
  }

  it("hands on comment and fingerprint, whatever stands in the comment", async () => {
    const comment = "### dev\n\nEOF\nfingerprint=evil\ncomment<<EOF\n$(touch x) `touch y`\n";
    const box = sandbox({});
    mkdirSync(join(box.folder, "out"));
    box.write("out/dev.md", comment);
    box.write("out/fingerprint.env", "fingerprint=abc\n");
    const env = { GITHUB_OUTPUT: join(box.folder, "outputs"), GITHUB_STEP_SUMMARY: join(box.folder, "summary") };
    assert.equal((await box.run("github-outputs.sh", ["dev", "out"], env)).status, 0);
    assert.deepEqual(outputsIn(box.read("outputs")), { fingerprint: "abc", comment: comment.trimEnd() });
    assert.deepEqual([box.read("summary"), box.has("x"), box.has("y")], [comment, false, false]);
    const first = box.read("outputs");
    await box.run("github-outputs.sh", ["dev", "out"], env);
    const words = [...box.read("outputs").matchAll(/^comment<<([0-9a-f]{32})$/gm)].map((match) => match[1]);
    assert.deepEqual([words.length, new Set(words).size, first.includes(words[1]!)], [2, 2, false]);
  });

  it("hands on the comment alone where there is no fingerprint, as of a drift", async () => {
    const box = sandbox({});
    mkdirSync(join(box.folder, "out"));
    box.write("out/dev.md", "<!-- marker -->\n");
    const env = { GITHUB_OUTPUT: join(box.folder, "outputs"), GITHUB_STEP_SUMMARY: join(box.folder, "summary") };
    assert.equal((await box.run("github-outputs.sh", ["dev", "out"], env)).status, 0);
    assert.deepEqual(outputsIn(box.read("outputs")), { comment: "<!-- marker -->" });
  });
});
