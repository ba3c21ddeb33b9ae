import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  MACHINE_ROLES,
  readUserData,
  renderEnv,
  renderSettings,
  renderUserData,
  USER_DATA_LIMIT_BYTES,
} from "../../plan/user-data";

const TEMPLATES = join(__dirname, "../../templates");

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly permissions: string; readonly content: string }[];
  readonly runcmd: unknown;
}

/** What cloud-init reads; JSON is YAML. */
function cloudConfig(userData: string): CloudConfig {
  const [head, ...rest] = readUserData(userData).split("\n");
  assert.equal(head, "#cloud-config");
  return JSON.parse(rest.join("\n")) as CloudConfig;
}

describe("renderUserData", () => {
  for (const role of MACHINE_ROLES)
    it(`gives ${role} its env file, the files of templates/machine and templates/${role} as they lie, and one command`, () => {
      const config = cloudConfig(renderUserData(role, { STACK: "prod" }));
      const expected = ["machine", role].flatMap((folder) =>
        readdirSync(join(TEMPLATES, folder))
          .sort()
          .map((file) => ({
            path: `/opt/billybully/${folder}/${file}`,
            permissions: file.endsWith(".sh") ? "0755" : "0644",
            content: readFileSync(join(TEMPLATES, folder, file), "utf8"),
          })),
      );
      assert.deepEqual(config.write_files, [
        { path: "/etc/billybully/machine.env", permissions: "0644", content: `ROLE='${role}'\nSTACK='prod'\n` },
        ...expected,
      ]);
      assert.deepEqual(config.runcmd, [["/opt/billybully/machine/bootstrap.sh"]]);
    });

  for (const role of MACHINE_ROLES)
    it(`leaves ${role} a quarter of EC2's limit for names that are longer than usual`, () => {
      const long = Object.fromEntries(
        Array.from({ length: 10 }, (_, i) => [`KEY_${i}`, randomBytes(50).toString("hex")]),
      );
      assert.ok(Buffer.from(renderUserData(role, {}), "base64").length < 0.75 * USER_DATA_LIMIT_BYTES);
      assert.ok(Buffer.from(renderUserData(role, long), "base64").length < USER_DATA_LIMIT_BYTES);
    });

  it("is the same each time, and holds no time of day", () => {
    const first = renderUserData("app", { STACK: "prod" });
    assert.equal(renderUserData("app", { STACK: "prod" }), first);
    assert.deepEqual([...Buffer.from(first, "base64").subarray(0, 8)], [31, 139, 8, 0, 0, 0, 0, 0]);
  });

  it("is another one when a line of the env file is", () => {
    assert.notEqual(renderUserData("app", { STACK: "prod" }), renderUserData("app", { STACK: "dev" }));
  });

  it("refuses what EC2 would refuse, and says which files have grown", () => {
    const noise = randomBytes(USER_DATA_LIMIT_BYTES).toString("base64");
    assert.throws(
      () => renderUserData("mysql", { NOISE: noise }),
      (error) =>
        error instanceof RangeError &&
        /^user data of mysql is \d{5} bytes, EC2 takes 16384: shorten templates\/mysql$/.test(error.message),
    );
  });

  it("has no template folder that no role reads, but for the one of the migration's document", () => {
    const folders = readdirSync(TEMPLATES).filter((name) => statSync(join(TEMPLATES, name)).isDirectory());
    assert.deepEqual(
      folders.filter((name) => name !== "machine" && !(MACHINE_ROLES as readonly string[]).includes(name)),
      ["migration"],
    );
  });
});

describe("renderEnv", () => {
  it("quotes a value that holds quotes", () => {
    assert.equal(renderEnv({ A: "it's", B: "$HOME `x`" }), "A='it'\\''s'\nB='$HOME `x`'\n");
  });

  it("is read by a shell as it was written, whatever the values hold", () => {
    const values = fc.sample(fc.string({ unit: "binary", maxLength: 40 }), { numRuns: 300, seed: 7 });
    const nasty = [
      "",
      "'",
      "''",
      "\\",
      "\\'",
      '"',
      "$(id)",
      "`id`",
      "${HOME}",
      "a b\tc\nd\n",
      "*",
      "~",
      "#",
      "!",
      "é漢🎲",
    ];
    const cases = [...nasty, ...values.map((text) => text.replaceAll("\0", ""))];
    const env = Object.fromEntries(cases.map((text, i) => [`KEY_${i}`, text]));
    const folder = mkdtempSync(join(tmpdir(), "billybully-env-"));
    try {
      writeFileSync(join(folder, "machine.env"), renderEnv(env));
      const names = Object.keys(env).map((name) => `"\${${name}}"`);
      const script = `. "$1"; printf '%s\\0' ${names.join(" ")}`;
      const read = execFileSync("sh", ["-c", script, "sh", join(folder, "machine.env")], { encoding: "utf8" });
      assert.deepEqual(read.split("\0").slice(0, -1), cases);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("renderSettings", () => {
  it("writes a line for each setting, unquoted, in their order", () => {
    assert.equal(renderSettings({ B: "1", A: "two words", C: "" }), "B=1\nA=two words\nC=\n");
  });
});
