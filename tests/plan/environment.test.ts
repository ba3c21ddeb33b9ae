import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  cacheEnvironment,
  databaseEnvironment,
  datasourceUrl,
  PATIENCE,
  SERVER_ENVIRONMENT,
} from "../../plan/environment";

describe("datasourceUrl", () => {
  it("names the writer alone where nobody else reads", () => {
    assert.equal(
      datasourceUrl("writer.prod.internal", undefined),
      "jdbc:mysql://writer.prod.internal:3306/billybully?sslMode=REQUIRED&connectTimeout=1000&socketTimeout=3000",
    );
  });

  it("tells writes from reads from the first reader on, with options that keep a dead server from hanging the app", () => {
    assert.equal(
      datasourceUrl("writer.prod.internal", "reader.prod.internal"),
      "jdbc:mysql:replication://writer.prod.internal:3306,reader.prod.internal:3306/billybully" +
        "?sslMode=REQUIRED&connectTimeout=1000&socketTimeout=3000" +
        "&retriesAllDown=1&allowSourceDownConnections=true&allowReplicaDownConnections=true" +
        "&readFromSourceWhenNoReplicas=true",
    );
  });
});

describe("databaseEnvironment", () => {
  it("sets Spring's datasource, and a pool that gives up after two seconds", () => {
    assert.deepEqual(databaseEnvironment("w", "r"), {
      SPRING_DATASOURCE_URL: datasourceUrl("w", "r"),
      SPRING_DATASOURCE_USERNAME: "billybully",
      SPRING_DATASOURCE_HIKARI_CONNECTIONTIMEOUT: "2000",
      SPRING_DATASOURCE_HIKARI_VALIDATIONTIMEOUT: "1000",
      SPRING_DATASOURCE_HIKARI_INITIALIZATIONFAILTIMEOUT: "-1",
      SPRING_DATASOURCE_HIKARI_MAXLIFETIME: "60000",
    });
  });
});

describe("cacheEnvironment", () => {
  it("sets Spring's Redis client: TLS, half a second of patience, a fresh view of the cluster", () => {
    assert.deepEqual(cacheEnvironment("cache.example:6379"), {
      SPRING_DATA_REDIS_CLUSTER_NODES: "cache.example:6379",
      SPRING_DATA_REDIS_SSL_ENABLED: "true",
      SPRING_DATA_REDIS_TIMEOUT: "500ms",
      SPRING_DATA_REDIS_CONNECT_TIMEOUT: "500ms",
      SPRING_DATA_REDIS_LETTUCE_CLUSTER_REFRESH_ADAPTIVE: "true",
      SPRING_DATA_REDIS_LETTUCE_CLUSTER_REFRESH_PERIOD: "5s",
    });
  });
});

describe("PATIENCE", () => {
  it("adds up to less than the 10 s of nginx, so that the app answers itself", () => {
    const nginx = readFileSync(join(__dirname, "../../templates/app/nginx.conf"), "utf8");
    const limit = Number(/proxy_read_timeout (\d+)s;/.exec(nginx)?.[1]) * 1000;
    const { connect, answer, pool, sign, cache } = PATIENCE;
    assert.ok(pool + sign + answer + connect + 2 * cache < limit);
  });
});

describe("SERVER_ENVIRONMENT", () => {
  it("holds what every server at every tier is told", () => {
    const { JAVA_TOOL_OPTIONS: options, ...rest } = SERVER_ENVIRONMENT;
    assert.deepEqual(rest, {
      SERVER_PORT: "8080",
      SERVER_SHUTDOWN: "graceful",
      SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE: "20s",
      SERVER_FORWARD_HEADERS_STRATEGY: "native",
      MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED: "true",
      MANAGEMENT_HEALTH_REDIS_ENABLED: "false",
    });
    assert.match(options!, /-Dsun\.net\.inetaddr\.ttl=1\b/, "a promoted database is found within seconds");
  });

  it("holds single lines, as a settings parameter does", () => {
    const values = Object.values({ ...SERVER_ENVIRONMENT, ...databaseEnvironment("w", "r"), ...cacheEnvironment("c") });
    assert.deepEqual(
      values.filter((value) => value.includes("\n") || value.trim() !== value),
      [],
    );
  });
});
