import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../world/machine";
import { until } from "../world/process";
import type { World } from "../world/world";

const CLUSTER = "aws:rds/cluster:Cluster";
const PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
const NAME = "aurora";

interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** As Aurora is set up, before the parameters that the program gives it. */
const CONFIGURATION = `[client]
user=root
socket=/run/mysqld/mysqld.sock

[mysqld]
user=mysql
datadir=/srv/aurora
socket=/run/mysqld/mysqld.sock
pid-file=/run/mysqld/mysqld.pid
log-error=/var/log/mysql-error.log
mysqlx=OFF
skip_name_resolve=ON
server_id=1886417024
innodb_buffer_pool_size=128M
innodb_flush_log_at_trx_commit=1
log_bin=mysql-bin-changelog
log_replica_updates=ON
replica_net_timeout=10
activate_all_roles_on_login=ON
`;

/**
 * A MySQL server at the address that the program's names of the Aurora cluster lead to, which lets its master user do what Aurora lets him do. One
 * server for writer and readers: what they share on AWS is one volume.
 */
export class Aurora {
  private constructor(readonly machine: Machine) {}

  static async start(world: World): Promise<Aurora> {
    const { references } = world;
    const cluster = references.find(CLUSTER, "db").inputs;
    const parameters = references.find(PARAMETERS, "db").inputs["parameters"] as readonly Parameter[];
    const content = CONFIGURATION + parameters.map(({ name, value }) => `loose_${name}=${value}\n`).join("");
    const machine = world.node(NAME, "network-isolated-1");
    for (const endpoint of ["endpoint", "readerEndpoint"])
      world.account.records.set(references.in(`<${CLUSTER}::db.${endpoint}>`), {
        type: "A",
        ttl: 5,
        records: [machine.args.address],
      });
    const aurora = new Aurora(machine);
    await machine.boot();
    machine.place("/etc/my.cnf", content);
    machine.makeFolder("/run/mysqld", "mysql");
    machine.makeFolder("/srv", "mysql");
    machine.place("/var/log/mysql-error.log", "", 0o666);
    await aurora.must(["mysqld", "--defaults-file=/etc/my.cnf", "--initialize-insecure"]);
    await aurora.serve();
    const sql = readFileSync(join(__dirname, "aurora.sql"), "utf8")
      .replaceAll("MASTER_USER", String(cluster["masterUsername"]))
      .replaceAll("MASTER_PASSWORD", references.in(String(cluster["masterPassword"])))
      .replaceAll("SCHEMA_NAME", String(cluster["databaseName"]));
    await aurora.must(["mysql", "--defaults-file=/etc/my.cnf", "--delimiter=//"], sql);
    return aurora;
  }

  /** As nobody on Aurora can: for what a drill has to see. */
  async sql(statement: string): Promise<string> {
    return (await this.must(["mysql", "--defaults-file=/etc/my.cnf", "-NBr"], statement)).trim();
  }

  private async serve(): Promise<void> {
    this.machine.spawn(["mysqld", "--defaults-file=/etc/my.cnf"]);
    await until("what stands in for Aurora", 60, async () => {
      const { status } = await this.machine.exec(["mysql", "--defaults-file=/etc/my.cnf", "-e", "DO 1"]);
      return status === 0;
    });
  }

  private async must(argv: readonly string[], input = ""): Promise<string> {
    const { status, out, text } = await this.machine.exec(argv, { input });
    if (status !== 0) throw new Error(`${NAME}: ${argv.join(" ")}: ${text.slice(-2000)}`);
    return out;
  }
}
