import type { ActiveDatabase } from "../plan/database";
import type { Notice } from "./clients";
import type { Footprint } from "./footprint";
import type { Loss } from "./loss";

const RUNBOOK = "docs/migration.md";

/**
 * What no agreement helps against: the app would use a database that nobody has filled, or one that only follows. From one kind to the other leads
 * one way: `migrating`, the runbook, the other one active, and only then the other one alone.
 */
export function strandings(before: Footprint, after: Footprint): Loss[] {
  return [
    {
      key: "database.kind",
      broken: !moving(before) && !moving(after) && before.databaseKind !== after.databaseKind,
      why: `${inOneStep(before, after)}, and the app would use a new one that nobody has filled`,
      allowed: `${before.databaseKind}; or migrating, which puts ${after.databaseKind} beside it, and then ${RUNBOOK} step by step`,
      keep: { ...asBefore(before), ...(hasMysql(before) && { "database.readers": before.readers }) },
    },
    {
      key: "database.active",
      broken: !moving(before) && moving(after) && before.activeDatabase !== after.activeDatabase,
      why: "the app would use a database that this change has only just made, and that holds nothing",
      allowed: `${before.activeDatabase}, until the runbook has filled the other one and cut over (${RUNBOOK})`,
      keep: { "database.active": before.activeDatabase },
    },
    {
      key: "database.kind",
      broken: moving(before) && !moving(after) && before.activeDatabase !== after.databaseKind,
      why: `the app still uses the ${before.activeDatabase} database, which this change would delete`,
      allowed: `migrating, until the runbook has cut over (${RUNBOOK}); or ${before.activeDatabase}, to give up the other one`,
      keep: asBefore(before),
    },
    ...primaries(before, after),
  ];
}

function primaries(before: Footprint, after: Footprint): Loss[] {
  const primary = before.primary ?? 1;
  const machine = `db-mysql-${primary}`;
  return [
    {
      key: "database.primary",
      broken: !hasMysql(before) && hasMysql(after) && after.primary !== 1,
      why: `new MySQL machines fill themselves from the first one, and number ${after.primary ?? 1} is to write`,
      allowed: "1, until they are there",
      keep: { "database.primary": 1 },
    },
    {
      key: "database.readers",
      broken: [before, after].every(hasMysql) && !(machine in after.volumes),
      why: onAurora(before)
        ? `${machine} follows Aurora, and its volume would be deleted`
        : `${machine} is the machine that writes, and its volume would be deleted`,
      allowed: `${primary - 1} or more; or first promote another machine, in a change of its own (docs/operations.md)`,
      keep: { "database.readers": before.readers, "database.primary": primary },
    },
    {
      key: "database.primary",
      broken: [before, after].every(hasMysql) && [before, after].some(onAurora) && after.primary !== primary,
      why: `the app uses Aurora, and number ${primary} is the machine that follows it`,
      allowed: `${primary}, until the app is back on MySQL`,
      keep: { "database.primary": primary },
    },
  ];
}

/** Databases that go when a migration ends. */
export function partings(before: Footprint, after: Footprint, aurora: string): Loss[] {
  const parts = `after Step=retire of the runbook has parted the two (${RUNBOOK})`;
  const volumes = Object.keys(before.volumes);
  return [
    {
      key: "database.kind",
      broken: moving(before) && after.databaseKind === "aurora",
      why: `MySQL on EC2 would be deleted with the volumes of ${volumes.join(", ")}; no data moves by itself`,
      allowed: `migrating, or aurora ${parts}`,
      keep: { ...asBefore(before), "database.readers": before.readers },
      consent: volumes,
    },
    {
      key: "database.kind",
      broken: moving(before) && after.databaseKind === "self-managed",
      why: "the Aurora cluster would be deleted with its data; no data moves by itself",
      allowed: `migrating, or self-managed ${parts}`,
      keep: asBefore(before),
      consent: [aurora],
    },
  ];
}

/** Nobody but the operator knows whether the names have turned already. */
export function turning(before: Footprint, after: Footprint): Notice {
  const felt = moving(before) && moving(after) && before.activeDatabase !== after.activeDatabase;
  const step: Readonly<Record<ActiveDatabase, string>> = {
    aurora: "cut-over",
    "self-managed": "cut-over or fall-back",
  };
  return {
    felt,
    text: `the app's names lead to the ${after.activeDatabase} database, which takes writes only after the ${step[after.activeDatabase]} of ${RUNBOOK}`,
  };
}

/** Nor whether a reader has been promoted. */
export function promoting(before: Footprint, after: Footprint): Notice {
  const [was, is] = [before.primary ?? 1, after.primary ?? 1];
  return {
    felt: [before, after].every(hasMysql) && ![before, after].some(onAurora) && was !== is,
    text: `the writer's name leads to db-mysql-${is}, which takes writes only after promote.sh there (docs/operations.md)`,
  };
}

function moving({ databaseKind }: Footprint): boolean {
  return databaseKind === "migrating";
}

function hasMysql({ volumes }: Footprint): boolean {
  return Object.keys(volumes).length > 0;
}

function onAurora({ activeDatabase }: Footprint): boolean {
  return activeDatabase === "aurora";
}

/** What is active is said as well: left out it would be the usual one, and the names would turn. */
function asBefore({ databaseKind, activeDatabase }: Footprint): Loss["keep"] {
  return { "database.kind": databaseKind, "database.active": activeDatabase };
}

/** A preset that changes the kind by itself is told of: nobody has written that word. */
function inOneStep(before: Footprint, after: Footprint): string {
  const who = before.tier === after.tier ? "this change" : `tier ${after.tier}, unless database.kind says otherwise,`;
  const volumes = Object.keys(before.volumes);
  const what =
    volumes.length > 0 ? `MySQL on EC2 and the volumes of ${volumes.join(", ")}` : "the Aurora cluster and its data";
  return `${who} would delete ${what}`;
}
