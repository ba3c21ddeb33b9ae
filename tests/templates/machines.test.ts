import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { has, Machine } from "./machine";

const APP_SETTINGS =
  "SERVER_PORT=8080\nSPRING_DATASOURCE_URL=jdbc:mysql://db:3306/x?a=b&c=d\nSPRING_DATASOURCE_PASSWORD=secretsmanager:arn:of:it\n";
const SECRET = 'a "secret" $HOME `id` \\ end';

describe("machines, with AWS and systemd replaced by recorders", function () {
  this.timeout(20_000);
  const made: Machine[] = [];
  const machine = (...args: ConstructorParameters<typeof Machine>): Machine => {
    const one = new Machine(...args);
    made.push(one);
    return one;
  };

  before(function () {
    const missing = ["flock", "nginx", "unzip"].filter((command) => !has(command));
    if (process.platform === "linux" && missing.length === 0) return;
    console.log(`      needs Linux with ${missing.join(", ")}`);
    this.skip();
  });
  after(() => {
    for (const one of made) one.remove();
  });

  it("an app server bootstraps, and again without a change", () => {
    const app = machine("app", APP_SETTINGS);
    const first = app.run("machine/bootstrap.sh");
    assert.equal(first.status, 0, first.text);
    assert.match(first.text, /serves: none/);
    assert.ok(app.calls("dnf ")[0]?.includes("java-17-amazon-corretto-headless"));
    assert.ok(app.calls("systemctl enable nginx").length > 0);
    assert.equal(app.calls("billybully-fleet").length, 0);

    const files = ["etc/nginx/nginx.conf", "etc/nginx/network.conf", "run/billybully/settings.env"];
    const before = files.map((file) => app.read(file));
    assert.equal(app.run("machine/bootstrap.sh").status, 0);
    assert.deepEqual(
      files.map((file) => app.read(file)),
      before,
    );
  });

  it("settings arrive whole, with their secrets, and for root's eyes only", () => {
    const app = machine("app", APP_SETTINGS);
    assert.equal(app.run("machine/bootstrap.sh").status, 0);
    const file = "run/billybully/settings.env";
    assert.equal(statSync(app.path(file)).mode & 0o777, 0o600);
    const shell = spawnSync(
      "bash",
      ["-c", `. ${app.path(file)}; printf '%s\\n' "$SPRING_DATASOURCE_URL" "$SPRING_DATASOURCE_PASSWORD"`],
      { encoding: "utf8" },
    );
    assert.equal(shell.stdout, `jdbc:mysql://db:3306/x?a=b&c=d\n${SECRET}\n`);
  });

  for (const call of ["get-parameter --name /test/app", "get-secret-value", "get-parameter --name /test/release"]) {
    it(`says why when AWS refuses ${call}, after a bounded number of tries, and takes nothing half`, () => {
      const app = machine("app", APP_SETTINGS);
      app.write("FAIL", call);
      const failed = app.run("machine/bootstrap.sh");
      assert.notEqual(failed.status, 0);
      assert.match(failed.text, /try 5 of 5 failed: it says no/);
      assert.match(failed.text, /FAILED: /);
      assert.equal(app.calls(call).length, 5);
      if (!call.includes("release")) assert.ok(!existsSync(app.path("run/billybully/settings.env")));

      app.write("FAIL", "");
      assert.equal(app.run("app/apply.sh").status, 0, "the next apply mends it");
    });
  }

  it("a server of a fleet reports for duty, or that it cannot", () => {
    for (const [settings, result] of [
      [APP_SETTINGS, "CONTINUE"],
      ["no settings at all", "ABANDON"],
    ] as const) {
      const app = machine("app", settings, { FLEET: "yes" });
      app.write("opt/billybully/app/fleet.sh", '#!/bin/sh\necho "fleet $*" >>"$BILLYBULLY_ROOT/calls"\n');
      app.run("machine/bootstrap.sh");
      assert.deepEqual(app.calls("fleet launched"), [`fleet launched ${result}`]);
    }
  });

  it("a version is a name and a JAR is a JAR", () => {
    const app = machine("app", APP_SETTINGS);
    assert.equal(app.run("machine/bootstrap.sh").status, 0);
    for (const version of ["", "../x", "a b", "-f", "$(id)"]) {
      const refused = app.run("app/release.sh", "install", version);
      assert.equal(refused.status, 2, refused.text);
    }
    app.write("var/lib/billybully/releases/page.jar.part", "");
    app.write("bin/aws", '#!/bin/sh\nfor last; do :; done\necho "<html>" >"$last"\n');
    const refused = app.run("app/release.sh", "install", "page");
    assert.equal(refused.status, 4, refused.text);
    assert.match(refused.text, /FAILED: version page: is not a JAR; no other version still serves/);
    assert.ok(!existsSync(app.path("var/lib/billybully/releases/page.jar.part")));
  });

  it("nginx accepts the balancer's configuration for any number of servers, and keeps it when the next one is bad", () => {
    const balancer = machine("balancer", "APP_SERVERS=10.20.0.11 10.20.0.12 10.20.0.13\n");
    const first = balancer.run("machine/bootstrap.sh");
    assert.equal(first.status, 0, first.text);
    const conf = balancer.read("etc/nginx/servers.conf");
    assert.equal(conf.match(/backup;/g)?.length, 6, "every server has a turn of its own, with the others behind it");

    const reloads = (): number => balancer.calls("reload-or-restart nginx").length;
    assert.equal(balancer.run("balancer/apply.sh").status, 0);
    assert.equal(reloads(), 1, "no reload without a change");

    for (const bad of ["", "10.20.0.11;", "1 2 3 4 5 6 7 8 9 10"]) {
      balancer.write("settings", `APP_SERVERS=${bad}\n`);
      assert.notEqual(balancer.run("balancer/apply.sh").status, 0);
      assert.equal(balancer.read("etc/nginx/servers.conf"), conf);
    }
    balancer.write("settings", "APP_SERVERS=10.20.0.11\n");
    assert.equal(balancer.run("balancer/apply.sh").status, 0);
    assert.equal(reloads(), 2);
  });

  it("the NAT instance needs no settings and no AWS", () => {
    const nat = machine("nat", "", { SETTINGS_PARAMETER: "" });
    nat.write(
      "bin/nft",
      '#!/bin/sh\n[ "$1" != list ] || echo "ip saddr 10.20.0.0/16 ip daddr != 10.20.0.0/16 masquerade"\n',
    );
    nat.write("bin/sysctl", "#!/bin/sh\necho 1\n");
    for (const command of ["nft", "sysctl"]) spawnSync("chmod", ["+x", nat.path("bin", command)]);
    const booted = nat.run("machine/bootstrap.sh");
    assert.equal(booted.status, 0, booted.text);
    assert.equal(nat.calls("aws ").length, 0);
    assert.doesNotMatch(nat.read("etc/billybully/nat.nft"), /NETWORK_CIDR/);
    nat.write("bin/sysctl", "#!/bin/sh\necho 0\n");
    assert.match(nat.run("nat/apply.sh").text, /FAILED: no way out/);
  });

  it("a volume that holds anything is never formatted", () => {
    const mysql = machine("mysql", "VOLUME_ID=vol-0abc\n", { SERVER_ID: "1" });
    for (const command of ["blkid", "mkfs.xfs", "mount", "mountpoint", "xfs_growfs", "chown"])
      mysql.stub(`bin/${command}`);
    mysql.write("FAIL", "mountpoint");
    const device = mysql.path("dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc");
    mkdirSync(mysql.path("dev/disk/by-id"), { recursive: true });
    const blkid = (body: string): void => {
      mysql.write("bin/blkid", `#!/bin/sh\n${body}\n`);
    };
    const format = (bytes: Buffer, what: string): { formatted: boolean; text: string } => {
      writeFileSync(device, bytes);
      mysql.write("calls", "");
      blkid(what);
      const { text } = mysql.run("mysql/volume.sh");
      return { formatted: mysql.calls("mkfs.xfs").length > 0, text };
    };
    const zeros = Buffer.alloc(1 << 20);
    assert.equal(format(zeros, 'case "$*" in *UUID*) echo 1234 ;; *) exit 2 ;; esac').formatted, true);
    assert.match(mysql.read("etc/fstab"), /^UUID=1234 \S+\/var\/lib\/mysql xfs \S*nofail/m);
    assert.equal(format(zeros, "case $* in *UUID*) echo 1234 ;; *) echo xfs ;; esac").formatted, false);
    assert.match(format(zeros, "echo ext4").text, /holds ext4 and not xfs: nothing done/);
    assert.match(format(Buffer.alloc(1 << 20, 7), "exit 2").text, /not empty: nothing done/);
    assert.match(format(zeros, "exit 4").text, /cannot tell what is on it/);
    assert.equal(
      mysql
        .read("etc/fstab")
        .split("\n")
        .filter((line) => line.includes("xfs")).length,
      1,
    );
    assert.equal(mysql.calls("mkfs.xfs").length, 0);
  });
});
