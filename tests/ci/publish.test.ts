import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Forge, type Kind } from "./forge";
import { ROOT } from "./sandbox";

const DEV = "<!-- billybully preview: dev -->\n\n### dev: a tier\n";
const PROD = "<!-- billybully preview: prod -->\n\n### prod: another\n";
const DRIFT = "<!-- billybully drift: dev -->\n\n### dev: AWS is not as the state says\n\n- `app`: gone\n";
const NO_DRIFT = "<!-- billybully drift: dev -->\n";

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

for (const kind of ["github", "gitlab"] as const)
  describe(`ci/publish.mjs at ${kind}`, () => {
    let forge: Forge;
    let folder: string;

    beforeEach(async () => {
      forge = new Forge(kind);
      await forge.start();
      folder = mkdtempSync(join(tmpdir(), "billybully-publish-"));
    });
    afterEach(async () => {
      await forge.stop();
      rmSync(folder, { recursive: true });
    });

    async function publish(what: string, texts: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
      const files = texts.map((text, index) => {
        writeFileSync(join(folder, `${index}.md`), text);
        return join(folder, `${index}.md`);
      });
      const ran = await run([what, ...files], { ...forge.environment, ...env });
      assert.ok(!`${ran.stdout}${ran.stderr}`.includes(forge.token), "a token is never printed");
      return { ...ran, stdout: ran.stdout.replaceAll(`${folder}/`, "") };
    }

    const comments = (request = "7"): string[] =>
      forge.items.filter(({ labels }) => labels === request).map(({ body }) => body);

    it("writes a comment, edits it, and leaves it alone where it says the same", async () => {
      assert.deepEqual(await publish("comment", [DEV]), { status: 0, stdout: "0.md: written\n", stderr: "" });
      assert.equal((await publish("comment", [`${DEV}more\n`])).stdout, "0.md: edited\n");
      const edits = forge.asked.length;
      assert.equal((await publish("comment", [`${DEV}more`])).stdout, "0.md: as it was\n");
      assert.deepEqual(comments(), [`${DEV}more\n`]);
      assert.ok(forge.asked.slice(edits).every((request) => request.startsWith("GET ")));
    });

    it("keeps a comment for each stack, and one for each request", async () => {
      await publish("comment", [DEV, PROD]);
      const other = kind === "github" ? { PULL_REQUEST: "8" } : { CI_MERGE_REQUEST_IID: "8" };
      const both = await Promise.all([
        publish("comment", [`${DEV}7\n`, `${PROD}7\n`]),
        publish("comment", [`${DEV}7\n`], other),
      ]);
      assert.deepEqual(
        both.map(({ status }) => status),
        [0, 0],
      );
      assert.deepEqual(comments("7"), [`${DEV}7\n`, `${PROD}7\n`]);
      assert.deepEqual(comments("8"), [`${DEV}7\n`]);
    });

    it("finds its comment behind hundreds of others", async () => {
      for (let i = 0; i < 230; i++) forge.add(`talk ${i}`, { author: "somebody", labels: "7" });
      const own = forge.add(DEV, { labels: "7" });
      assert.equal((await publish("comment", [`${DEV}more\n`])).stdout, "0.md: edited\n");
      assert.equal(own.body, `${DEV}more\n`);
    });

    it("touches nobody else's comment, whatever it begins with", async () => {
      const theirs = forge.add(DEV, { author: "somebody", labels: "7" });
      assert.equal((await publish("comment", [`${DEV}more\n`])).stdout, "0.md: written\n");
      assert.equal(theirs.body, DEV);
    });

    it("opens an issue, edits it, closes it when all is well, and opens the next one", async () => {
      const says = async (text: string): Promise<string> => (await publish("issue", [text])).stdout.trim();
      assert.equal(await says(NO_DRIFT), "0.md: nothing to say");
      assert.equal(await says(DRIFT), "0.md: written");
      assert.equal(await says(`${DRIFT}- more\n`), "0.md: edited");
      const [issue] = forge.items;
      assert.deepEqual([forge.items.length, issue?.title], [1, "dev: AWS is not as the state says"]);
      assert.deepEqual([issue?.labels, issue?.body, issue?.open], ["drift", `${DRIFT}- more\n`, true]);
      assert.equal(await says(NO_DRIFT), "0.md: closed");
      assert.equal(issue?.open, false);
      assert.equal(await says(DRIFT), "0.md: written");
      assert.deepEqual([forge.items.length, forge.items[1]?.open], [2, true]);
    });

    it("asks again where the forge is busy, and never writes twice", async () => {
      forge.failures = [503, 429];
      assert.equal((await publish("comment", [DEV])).status, 0);
      const posts = (): number => forge.asked.filter((request) => request.startsWith("POST")).length;
      assert.equal(posts(), 1);
      // The list is empty for `prod`; its POST fails, and may have been heard.
      forge.failures = kind === "github" ? [undefined as never, 502] : [undefined as never, undefined as never, 502];
      const ran = await publish("comment", [PROD]);
      assert.deepEqual([ran.status, posts()], [1, 2]);
      assert.match(ran.stderr, /^publish: POST \/.*(comments|notes): 502 Bad Gateway\n$/);
    });

    it("fails where the forge refuses, and does not follow it elsewhere", async () => {
      forge.failures = [403];
      assert.match((await publish("comment", [DEV])).stderr, /^publish: GET \/.*: 403 Forbidden\n$/);
      forge.failures = [302, 302, 302];
      const moved = await publish("comment", [DEV]);
      assert.equal(moved.status, 1);
      assert.ok(!forge.asked.includes("GET /elsewhere"));
      const stranger = kind === "github" ? { GITHUB_TOKEN: "another" } : { GITLAB_API_TOKEN: "another" };
      assert.match((await publish("comment", [DEV], stranger)).stderr, /401 Unauthorized/);
      assert.deepEqual(forge.items, []);
    });

    it("wants a marker, a token and something to do, and asks nothing without", async () => {
      const token = kind === "github" ? "GITHUB_TOKEN" : "GITLAB_API_TOKEN";
      const refused: [what: string, texts: string[], env: Record<string, string>, why: RegExp][] = [
        ["comment", ["### no marker\n"], {}, /does not begin with a marker/],
        ["comment", ["<!-- billybully preview: * -->\n"], {}, /does not begin with a marker/],
        ["comment", [DEV], { [token]: "" }, new RegExp(`^publish: ${token} is not set`)],
        ["comment", [], {}, /^publish: usage:/],
        ["merge", [DEV], {}, /^publish: usage:/],
      ];
      for (const [what, texts, env, why] of refused) {
        const ran = await publish(what, texts, env);
        assert.equal(ran.status, 1);
        assert.match(ran.stderr, why);
      }
      assert.deepEqual(forge.asked, []);
    });
  });

interface Library {
  readonly publish: (
    args: readonly string[],
    env: Record<string, string>,
    say: (line: string) => void,
    pause: number,
  ) => Promise<void>;
}

/** What the script does, without a process of its own: `publish.mjs` only hands over what it was given. */
async function run(args: readonly string[], env: Record<string, string>): Promise<Ran> {
  const { publish } = (await import(`${ROOT}/ci/forge.mjs`)) as Library;
  let stdout = "";
  try {
    await publish(args, env, (line) => (stdout += line), 1);
    return { status: 0, stdout, stderr: "" };
  } catch (error) {
    return { status: 1, stdout, stderr: `publish: ${(error as Error).message}\n` };
  }
}

describe("ci/publish.mjs", () => {
  it("takes a text from its standard input, as a job of GitHub hands it over", async () => {
    const forge = new Forge("github" satisfies Kind);
    await forge.start();
    const ran = await new Promise<Ran>((resolve) => {
      const child = execFile(
        process.execPath,
        [join(ROOT, "ci/publish.mjs"), "comment", "-"],
        { env: forge.environment },
        (error, stdout, stderr) => {
          resolve({ status: error === null ? 0 : 1, stdout, stderr });
        },
      );
      child.stdin?.end(DEV);
    });
    await forge.stop();
    assert.deepEqual([ran.status, forge.items[0]?.body], [0, DEV], ran.stderr);
  });
});
