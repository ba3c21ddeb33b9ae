import { all, is, none, phase, pledge, type Phase } from "../drill";
import { sql } from "../mysql/servers";
import { lastLine } from "../world/process";
import { step, type Stage } from "./stage";

interface Seed {
  readonly what: string;
  /** What preflight has to say of it, on a line of its own that begins with MEND. */
  readonly told: RegExp;
  readonly sow: string;
  readonly reap: string;
}

/** Everything that would stop a move or break it afterwards, and can be put into a MySQL. */
const SEEDS: readonly Seed[] = [
  {
    what: "a table that is not InnoDB",
    told: /drill_bad\.isam is not InnoDB/,
    sow: "CREATE TABLE drill_bad.isam (id INT PRIMARY KEY) ENGINE = MyISAM",
    reap: "ALTER TABLE drill_bad.isam ENGINE = InnoDB",
  },
  {
    what: "a table without a primary key",
    told: /drill_bad\.bare has no primary key/,
    sow: "CREATE TABLE drill_bad.bare (id INT)",
    reap: "ALTER TABLE drill_bad.bare ADD PRIMARY KEY (id)",
  },
  {
    what: "a compressed table",
    told: /drill_bad\.packed is compressed/,
    sow: "CREATE TABLE drill_bad.packed (id INT PRIMARY KEY) ROW_FORMAT = COMPRESSED",
    reap: "ALTER TABLE drill_bad.packed ROW_FORMAT = DYNAMIC KEY_BLOCK_SIZE = 0",
  },
  {
    what: "a foreign key without a unique one",
    told: /drill_bad\.loose refers to no unique key/,
    sow: `SET SESSION restrict_fk_on_non_standard_key = OFF; CREATE TABLE drill_bad.parents (id INT PRIMARY KEY, n INT, KEY (n));
      CREATE TABLE drill_bad.children (id INT PRIMARY KEY, n INT, CONSTRAINT loose FOREIGN KEY (n) REFERENCES drill_bad.parents (n))`,
    reap: "ALTER TABLE drill_bad.children DROP FOREIGN KEY loose",
  },
  {
    what: "an event that would run twice",
    told: /event drill_bad\.nightly would run on both sides/,
    sow: "CREATE DEFINER = billybully@'%' EVENT drill_bad.nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM drill_bad.bare WHERE id < 0",
    reap: "ALTER DEFINER = billybully@'%' EVENT drill_bad.nightly DISABLE",
  },
  {
    what: "a view whose definer is nobody on the other side",
    told: /view drill_bad\.seen has a definer who is not there/,
    sow: "CREATE DEFINER = root@localhost VIEW drill_bad.seen AS SELECT id FROM drill_bad.bare",
    reap: "ALTER DEFINER = billybully@'%' VIEW drill_bad.seen AS SELECT id FROM drill_bad.bare",
  },
  {
    what: "a trigger that Aurora does not let anybody make",
    told: /trigger drill_bad\.stamp cannot be made on Aurora/,
    sow: "CREATE DEFINER = billybully@'%' TRIGGER drill_bad.stamp BEFORE INSERT ON drill_bad.packed FOR EACH ROW SET NEW.id = NEW.id",
    reap: "DROP TRIGGER drill_bad.stamp",
  },
  {
    what: "an account with a right that nobody has on Aurora",
    told: /boss@% has SUPER/,
    sow: "CREATE USER boss IDENTIFIED BY 'x'; GRANT SUPER ON *.* TO boss",
    reap: "DROP USER boss",
  },
  {
    what: "binary logs that hold half of a row",
    told: /self-managed: binlog_row_image is MINIMAL/,
    sow: "SET GLOBAL binlog_row_image = MINIMAL",
    reap: "SET GLOBAL binlog_row_image = FULL",
  },
];

export const PREFLIGHT: Phase<Stage> = phase(
  "preflight",
  "what would stop the move is put into MySQL, looked for, and mended",
  async (stage: Stage) => {
    const { writer, aurora } = stage;
    const both = async (statement: string): Promise<string[]> => [
      await sql(writer, statement),
      await sql(aurora.machine, statement),
    ];
    const clean = await step(stage, "preflight");
    await sql(writer, "CREATE DATABASE drill_bad");
    for (const { sow } of SEEDS) await sql(writer, sow);
    const before = await both("SELECT @@GLOBAL.gtid_executed");
    const found = await step(stage, "preflight");
    const after = await both("SELECT @@GLOBAL.gtid_executed");
    const copy = await step(stage, "copy");
    for (const { reap } of SEEDS) await sql(writer, reap);
    const mended = await step(stage, "preflight");
    await sql(writer, "DROP DATABASE drill_bad");
    await sql(writer, "SET SESSION sql_log_bin = 0; RENAME TABLE mysql.func TO mysql.func_away");
    const blind = await step(stage, "preflight");
    await sql(writer, "SET SESSION sql_log_bin = 0; RENAME TABLE mysql.func_away TO mysql.func");
    return { clean, found, copy, mended, blind, changed: before.filter((set, index) => set !== after[index]).length };
  },
  pledge("finds", "each of them is named, with what to do about it", ({ found }) =>
    all(
      is(found.status !== 0, `status ${found.status}`),
      ...SEEDS.map(({ what, told }) =>
        is(
          found.text.split("\n").some((line) => line.startsWith("MEND") && told.test(line)),
          what,
        ),
      ),
    ),
  ),
  pledge("passes", "a MySQL without them passes, before and after", ({ clean, mended }) =>
    all(
      ...[clean, mended].map(({ status, text }) =>
        is(
          status === 0,
          `status ${status}${
            status === 0
              ? ""
              : `: ${text
                  .trim()
                  .split("\n")
                  .filter((line) => !line.startsWith("NOTE"))
                  .join("; ")}`
          }`,
        ),
      ),
    ),
  ),
  pledge("blind", "what it cannot look for does not count as not there", ({ blind }) =>
    is(
      blind.status !== 0 && blind.text.includes("cannot be looked for: loadable function"),
      `status ${blind.status}: ${lastLine(blind.text)}`,
    ),
  ),
  pledge("reads", "it changes nothing on either side", ({ changed }) => none(changed, "sides changed")),
  pledge("copy", "nothing is copied as long as there is something to mend", ({ copy }) =>
    is(copy.status !== 0 && copy.text.includes("to mend before anything is copied"), `status ${copy.status}`),
  ),
);
