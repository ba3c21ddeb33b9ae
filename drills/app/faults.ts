import type { Fault } from "../faults";

const ENVIRONMENT = "plan/environment.ts";

export const APP_FAULTS: readonly Fault[] = [
  {
    says: "the driver is told of one kind of server, and reads go to the writer",
    file: ENVIRONMENT,
    patches: [['"jdbc:mysql" : "jdbc:mysql:replication"', '"jdbc:mysql" : "jdbc:mysql"']],
    phase: "app/apart",
    promise: "reads",
  },
  {
    says: "the driver waits for an answer of MySQL for ever",
    file: ENVIRONMENT,
    patches: [["  socketTimeout: String(PATIENCE.answer),\n", ""]],
    phase: "app/reader-frozen",
    promise: "bounded",
  },
  {
    says: "the cache's time-out has the name that it had in Spring Boot 2",
    file: ENVIRONMENT,
    patches: [["SPRING_DATA_REDIS_TIMEOUT", "SPRING_REDIS_TIMEOUT"]],
    phase: "app/cache-frozen",
    promise: "bounded",
  },
  {
    says: "what the cache fails at is the request's failure",
    file: "examples/app/src/main/java/com/billybully/Caching.java",
    patches: [
      [
        "org.springframework.cache.interceptor.LoggingCacheErrorHandler",
        "org.springframework.cache.interceptor.SimpleCacheErrorHandler",
      ],
      ["new LoggingCacheErrorHandler()", "new SimpleCacheErrorHandler()"],
    ],
    phase: "app/cache-killed",
    promise: "committed",
  },
  {
    says: "a JVM keeps the writer's name for a minute",
    file: ENVIRONMENT,
    patches: [["inetaddr.ttl=${JVM_NAME_SECONDS}", "inetaddr.ttl=60"]],
    phase: "app/writer-lost",
    promise: "again",
  },
  {
    says: "the app stops in the middle of its requests",
    file: ENVIRONMENT,
    patches: [['SERVER_SHUTDOWN: "graceful"', 'SERVER_SHUTDOWN: "immediate"']],
    phase: "app/leaves",
    promise: "in-hand",
  },
];
