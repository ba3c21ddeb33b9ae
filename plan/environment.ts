import { MYSQL_PORT } from "./traffic";

/** Name of the schema that the app owns, in every kind of database. */
export const SCHEMA = "billybully";
/** The app's user; on Aurora also the master user. */
export const APP_USER = "billybully";

/**
 * Milliseconds that the app waits for what is behind it. A request that meets the worst of all of them has to be answered before nginx gives
 * up on it, after 10 s.
 */
export const PATIENCE = {
  /** For a TCP connection to MySQL. */
  connect: 1000,
  /** For an answer of MySQL. */
  answer: 3000,
  /** For a connection of the pool. */
  pool: 2000,
  /** For a pooled connection's sign of life; Hikari's own 5 s would be more than the wait for a connection. */
  sign: 1000,
  /** For an answer of the cache, and for a connection to it; the client's own is a minute. */
  cache: 500,
} as const;

/** Seconds for which a JVM keeps a name, beside those for which the VPC's resolver does: so a promoted database is found in 1 s more than the name takes to turn. */
export const JVM_NAME_SECONDS = 1;

/**
 * How Connector/J must behave so that a dead server is an error and not a hang. Without these the plain replication URL tries every host 120
 * times: reads, writes and health all stand for tens of seconds (seen with a real driver; docs/drills.md).
 */
const DRIVER = {
  sslMode: "REQUIRED",
  connectTimeout: String(PATIENCE.connect),
  socketTimeout: String(PATIENCE.answer),
};
const REPLICATION_DRIVER = {
  ...DRIVER,
  retriesAllDown: "1",
  allowSourceDownConnections: "true",
  allowReplicaDownConnections: "true",
  readFromSourceWhenNoReplicas: "true",
};

/** Spring's datasource: the writer alone, or the writer and the readers, which get every `@Transactional(readOnly = true)`. */
export function datasourceUrl(writer: string, reader: string | undefined): string {
  const hosts = [writer, ...(reader === undefined ? [] : [reader])].map((host) => `${host}:${MYSQL_PORT}`).join(",");
  const scheme = reader === undefined ? "jdbc:mysql" : "jdbc:mysql:replication";
  return `${scheme}://${hosts}/${SCHEMA}?${new URLSearchParams(reader === undefined ? DRIVER : REPLICATION_DRIVER).toString()}`;
}

/** What Spring Boot is told on every server at every tier. The app needs no code for the ladder. */
export const SERVER_ENVIRONMENT: Readonly<Record<string, string>> = {
  SERVER_PORT: "8080",
  SERVER_SHUTDOWN: "graceful",
  SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE: "20s",
  SERVER_FORWARD_HEADERS_STRATEGY: "native",
  MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED: "true",
  // The app serves without its cache, only slower.
  MANAGEMENT_HEALTH_REDIS_ENABLED: "false",
  // Two JVMs live side by side while a release changes over.
  JAVA_TOOL_OPTIONS: `-XX:MaxRAMPercentage=35 -Dsun.net.inetaddr.ttl=${JVM_NAME_SECONDS} -Dsun.net.inetaddr.negative.ttl=1`,
};

/**
 * Spring's datasource and its pool. A word of Hikari's keeps no underscore: `HIKARI_CONNECTION_TIMEOUT` is `timeout` of `connection` as well, and to
 * look at that Spring opens a connection, so that an app whose database is away does not start.
 */
export function databaseEnvironment(writer: string, reader: string | undefined): Record<string, string> {
  return {
    SPRING_DATASOURCE_URL: datasourceUrl(writer, reader),
    SPRING_DATASOURCE_USERNAME: APP_USER,
    SPRING_DATASOURCE_HIKARI_CONNECTIONTIMEOUT: String(PATIENCE.pool),
    SPRING_DATASOURCE_HIKARI_VALIDATIONTIMEOUT: String(PATIENCE.sign),
    // The pool begins without a database, and gets its connections when there is one.
    SPRING_DATASOURCE_HIKARI_INITIALIZATIONFAILTIMEOUT: "-1",
    // Reads that fell back to the writer are with the readers again after a minute, and a new reader gets its share.
    SPRING_DATASOURCE_HIKARI_MAXLIFETIME: "60000",
  };
}

/** Spring's Redis client against a cluster endpoint. A dead cache costs half a second and not the client's default of a minute. */
export function cacheEnvironment<E>(endpoint: E): Record<string, E | string> {
  return {
    SPRING_DATA_REDIS_CLUSTER_NODES: endpoint,
    SPRING_DATA_REDIS_SSL_ENABLED: "true",
    SPRING_DATA_REDIS_TIMEOUT: `${PATIENCE.cache}ms`,
    SPRING_DATA_REDIS_CONNECT_TIMEOUT: `${PATIENCE.cache}ms`,
    SPRING_DATA_REDIS_LETTUCE_CLUSTER_REFRESH_ADAPTIVE: "true",
    SPRING_DATA_REDIS_LETTUCE_CLUSTER_REFRESH_PERIOD: "5s",
  };
}
