import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { SERVERS_BEHIND_NGINX } from "../../plan/front";
import { has, ROLES, TEMPLATES } from "./machine";

/** Every file that a machine gets, from its user data or from the migration's document, by its path under templates/. */
const files = ["machine", "migration", ...ROLES].flatMap((folder) =>
  readdirSync(join(TEMPLATES, folder)).map((file) => join(folder, file)),
);
const scripts = files.filter((file) => file.endsWith(".sh"));
const text = (file: string): string => readFileSync(join(TEMPLATES, file), "utf8");

describe("templates: every file", () => {
  it("has what each role needs", () => {
    for (const role of ROLES)
      for (const script of ["setup.sh", "apply.sh"])
        assert.ok(scripts.includes(join(role, script)), `${role}/${script}`);
    assert.ok(scripts.includes("machine/bootstrap.sh"));
  });

  for (const script of scripts) {
    it(`${script} is a strict, executable script that bash can read`, () => {
      assert.match(text(script), /^#!\/usr\/bin\/env bash\n(#.*\n)+set -euo pipefail\n/);
      assert.ok((statSync(join(TEMPLATES, script)).mode & 0o111) !== 0, "executable");
      const { status, stderr } = spawnSync("bash", ["-n", join(TEMPLATES, script)], { encoding: "utf8" });
      assert.equal(status, 0, stderr);
    });
  }

  it("passes shellcheck", function () {
    if (!has("shellcheck")) {
      console.log("      shellcheck is not installed");
      this.skip();
    }
    const { status, stdout } = spawnSync("shellcheck", scripts, { cwd: TEMPLATES, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  }).timeout(60_000);

  it("is valid JSON where it says so", () => {
    const json = files.filter((file) => file.endsWith(".json"));
    assert.ok(json.length > 0);
    for (const file of json) assert.doesNotThrow(() => JSON.parse(text(file)) as unknown, file);
  });

  it("takes as many servers behind one nginx as a stack file may ask for", () => {
    assert.equal(/^MOST_SERVERS=(\d+)/m.exec(text("balancer/apply.sh"))?.[1], String(SERVERS_BEHIND_NGINX));
  });

  it("ships only logs that something writes", () => {
    const shipped = [...text("machine/logs.json").matchAll(/"file_path": "([^"]+)"/g)].map((match) => match[1] ?? "");
    const written =
      files
        .filter((file) => file !== "machine/logs.json")
        .map(text)
        .join("\n") + "/var/log/cloud-init-output.log";
    for (const path of shipped) {
      const name = path.replace("/var/log/billybully/", "").replace(/app-(blue|green)/, "app-%i");
      assert.ok(written.includes(name), path);
    }
  });

  it("holds no time-out of a minute: longer than any client waits", () => {
    for (const file of files) {
      for (const line of text(file).split("\n")) {
        if (line.trimStart().startsWith("#")) continue;
        const code = line.replace(/\s#.*$/, "");
        assert.doesNotMatch(
          code,
          /\b(60|1m|60s|60000|60_000)\s*[;]|(timeout|_SECONDS|Sec|-m|-w)[ =]?"?(60|60s|60000|1min)\b/i,
          `${file}: ${line}`,
        );
      }
    }
  });

  it("sets every time-out of nginx whose default is a minute", () => {
    const minutes = [
      "client_header_timeout",
      "client_body_timeout",
      "send_timeout",
      "proxy_connect_timeout",
      "proxy_send_timeout",
      "proxy_read_timeout",
    ];
    for (const file of ["app/nginx.conf", "balancer/nginx.conf"]) {
      for (const directive of minutes)
        assert.match(text(file), new RegExp(`^\\s*${directive} \\d+s;`, "m"), `${file}: ${directive}`);
    }
    assert.match(text("app/nginx.conf"), /upstream blue \{[^}]*keepalive_timeout 15s;/);
    assert.match(text("balancer/apply.sh"), /keepalive_timeout 30s;/);
  });

  it("holds no secret, no way in but Session Manager, and nothing of one account or region", () => {
    for (const file of files) {
      assert.doesNotMatch(
        text(file),
        /AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY|\b\d{12}\b|\b[a-z]{2}-[a-z]+-\d\b/,
        file,
      );
      assert.doesNotMatch(text(file), /\bsshd?\b|authorized_keys/i, file);
      assert.doesNotMatch(text(file), /-p["$]|--password[= ]|MYSQL_PWD/, `${file}: a password on a command line`);
    }
  });

  for (const role of ROLES) {
    it(`of ${role} leaves a quarter of EC2's 16 KB of user data free`, () => {
      const all = files
        .filter((file) => file.startsWith("machine/") || file.startsWith(`${role}/`))
        .map(text)
        .join("");
      const bytes = gzipSync(all, { level: 9 }).length;
      assert.ok(bytes < 12 * 1024, `${bytes} bytes`);
    });
  }
});

describe("templates: promises that stand in one line", () => {
  const promises: readonly [file: string, line: RegExp, why: string][] = [
    ["mysql/my.cnf", /^super_read_only=ON$/m, "every server starts closed, so a restarted reader refuses writes"],
    ["mysql/my.cnf", /^require_secure_transport=ON$/m, "no password or row goes over the network in clear"],
    ["mysql/my.cnf", /^sync_binlog=1$/m, "an acknowledged commit survives a power cut"],
    ["mysql/my.cnf", /^innodb_flush_log_at_trx_commit=1$/m, "an acknowledged commit survives a power cut"],
    [
      "mysql/my.cnf",
      /^loose_rpl_semi_sync_source_timeout=1000$/m,
      "a frozen reader holds a commit for less than clients wait",
    ],
    ["mysql/my.cnf", /^replica_net_timeout=10$/m, "a dead writer is noticed"],
    ["mysql/mysqld-unit.conf", /^ExecStartPre=$/m, "a missing volume does not become an empty database"],
    [
      "mysql/mysqld-unit.conf",
      /^AssertPathIsMountPoint=\/var\/lib\/mysql$/m,
      "a missing volume does not become an empty database",
    ],
    ["mysql/volume.sh", /noatime,nofail,/, "the machine boots without its volume"],
    ["mysql/volume.sh", /cmp -s -n 1048576 "\$device" \/dev\/zero/, "only a volume of zeros is formatted"],
    ["balancer/apply.sh", /fail_timeout=5s/, "a dead server is left alone"],
    ["balancer/apply.sh", /^ {2}upstream servers all 1 /m, "a dead server is left alone"],
    ["balancer/apply.sh", /^ {2}upstream anyone all 0 /m, "servers that all are left alone are asked all the same"],
    [
      "balancer/nginx.conf",
      /^ {2}proxy_next_upstream error timeout http_502 http_503 http_504;$/m,
      "a POST that was seen is not sent twice",
    ],
    ["app/nginx.conf", /keepalive_timeout 75s;/, "the ALB closes idle connections, not nginx"],
    ["app/billybully-app@.service", /^User=billybully$/m, "the app is not root"],
  ];
  for (const [file, line, why] of promises)
    it(`${file}: ${why}`, () => {
      assert.match(text(file), line);
    });

  it("mkfs is never forced", () => {
    for (const script of scripts) assert.doesNotMatch(text(script), /mkfs\.xfs.* -f\b/, script);
  });
});
