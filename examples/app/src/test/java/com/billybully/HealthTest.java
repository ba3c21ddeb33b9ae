package com.billybully;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;

/** Nobody listens on port 1: the database is away. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
        "spring.datasource.url=jdbc:mysql:replication://127.0.0.1:1,127.0.0.1:1/billybully?connectTimeout=100&retriesAllDown=1",
        "spring.datasource.hikari.connection-timeout=250",
        "spring.datasource.hikari.initialization-fail-timeout=-1",
        "spring.sql.init.mode=never",
        "management.endpoint.health.probes.enabled=true",
        "management.health.redis.enabled=false"})
class HealthTest {

    @Autowired
    private TestRestTemplate client;

    @Test
    void theProbesThatDecideOverAServerDoNotAskTheDatabase() {
        assertThat(statusOf("/actuator/health/readiness")).isEqualTo(200);
        assertThat(statusOf("/actuator/health/liveness")).isEqualTo(200);
        assertThat(statusOf("/actuator/health")).isEqualTo(503);
    }

    private int statusOf(String path) {
        return client.getForEntity(path, String.class).getStatusCode().value();
    }
}
