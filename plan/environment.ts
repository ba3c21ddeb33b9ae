import { MYSQL_PORT } from "./traffic";

/** Name of the schema that the app owns, in every kind of database. */
export const SCHEMA = "billybully";
/** The app's user; on Aurora also the master user. */
export const APP_USER = "billybully";

/**
 * How Connector/J must behave so that a dead server is an error and not a hang. Without these the plain replication URL tries every host 120
 * times: reads, writes and health all stand for tens of seconds (seen with a real driver; docs/drills.md).
 */
const DRIVER = {
  sslMode: "REQUIRED",
  connectTimeout: "1000",
  socketTimeout: "3000",
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
  // Two JVMs live side by side while a release changes over; names are looked up again after 5 s, so that a promoted database is found.
  JAVA_TOOL_OPTIONS: "-XX:MaxRAMPercentage=35 -Dsun.net.inetaddr.ttl=5 -Dsun.net.inetaddr.negative.ttl=1",
};

/** Spring's datasource and its pool. */
export function databaseEnvironment(writer: string, reader: string | undefined): Record<string, string> {
  return {
    SPRING_DATASOURCE_URL: datasourceUrl(writer, reader),
    SPRING_DATASOURCE_USERNAME: APP_USER,
    SPRING_DATASOURCE_HIKARI_CONNECTION_TIMEOUT: "2000",
    SPRING_DATASOURCE_HIKARI_MAX_LIFETIME: "300000",
  };
}

/** Spring's Redis client against a cluster endpoint. A dead cache costs half a second and not the client's default of a minute. */
export function cacheEnvironment<E>(endpoint: E): Record<string, E | string> {
  return {
    SPRING_DATA_REDIS_CLUSTER_NODES: endpoint,
    SPRING_DATA_REDIS_SSL_ENABLED: "true",
    SPRING_DATA_REDIS_TIMEOUT: "500ms",
    SPRING_DATA_REDIS_CONNECT_TIMEOUT: "500ms",
    SPRING_DATA_REDIS_LETTUCE_CLUSTER_REFRESH_ADAPTIVE: "true",
    SPRING_DATA_REDIS_LETTUCE_CLUSTER_REFRESH_PERIOD: "5s",
  };
}
