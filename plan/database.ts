/**
 * What kind of MySQL there is. `migrating` is both at once, while data moves from the first to the second; which of them the app
 * uses is `active`. Nothing here moves data: that is the operator's, by the runbook.
 */
export const DATABASE_KINDS = ["self-managed", "migrating", "aurora"] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

export const ACTIVE_DATABASES = ["self-managed", "aurora"] as const;
export type ActiveDatabase = (typeof ACTIVE_DATABASES)[number];

export interface DatabaseRequest {
  readonly kind: DatabaseKind;
  /** Which database the app uses. */
  readonly active: ActiveDatabase;
  /** Readers beside the one writer, of each kind there is. */
  readonly readers: number;
  /** Number of the MySQL machine that writes. */
  readonly primary: number;
}

export interface MysqlServer {
  /** Says nothing of its task, because a promotion changes that and a renamed machine would be another machine. */
  readonly name: string;
  readonly serverId: number;
}

export interface AuroraInstance {
  readonly name: string;
  /** Position of its zone, from 1. */
  readonly zone: number;
}

export interface DatabasePlan {
  /**
   * The writer first: readers fill themselves from one that serves, and a promoted one is told so before anybody waits for the old writer, which may be
   * down.
   */
  readonly servers: readonly MysqlServer[];
  /** Server ids of those that read. */
  readonly readers: readonly number[];
  /** None, or the one cluster with its instances. */
  readonly clusters: readonly { readonly instances: readonly AuroraInstance[] }[];
  /** None, or the one that goes on: where its steps run, and the app's names that they turn. */
  readonly migrations: readonly { readonly primary: number; readonly names: readonly AppName[] }[];
  /** The app's names that a MySQL machine may turn, because the app cannot wait for an `up`. */
  readonly turnable: readonly AppName[];
}

/** Names of databases that the app knows, before the private zone's. */
export type AppName = "writer" | "reader";

export function planDatabase({ kind, readers, primary }: DatabaseRequest, zones: number): DatabasePlan {
  const numbers = Array.from({ length: readers + 1 }, (_, index) => index + 1);
  const servers = [...numbers]
    .sort((a, b) => Number(b === primary) - Number(a === primary))
    .map((serverId) => ({ name: `mysql-${serverId}`, serverId }));
  const instances = numbers.map((number) => ({ name: `aurora-${number}`, zone: ((number - 1) % zones) + 1 }));
  const names: readonly AppName[] = readers > 0 ? ["writer", "reader"] : ["writer"];
  return {
    servers: kind === "aurora" ? [] : servers,
    readers: kind === "aurora" ? [] : numbers.filter((number) => number !== primary),
    clusters: kind === "self-managed" ? [] : [{ instances }],
    migrations: kind === "migrating" ? [{ primary, names }] : [],
    turnable: kind === "migrating" ? names : ["writer"],
  };
}
