package com.billybully;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/** Migrates before the app is ready; where the database is away the app starts all the same, and this tries on. */
@Component
class Schema implements FlywayMigrationStrategy {

    private static final Logger log = LoggerFactory.getLogger(Schema.class);

    @Override
    public void migrate(Flyway flyway) {
        if (!migrated(flyway)) {
            var later = new Thread(() -> tryOn(flyway), "schema");
            later.setDaemon(true);
            later.start();
        }
    }

    private void tryOn(Flyway flyway) {
        try {
            do {
                Thread.sleep(2000);
            } while (!migrated(flyway));
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean migrated(Flyway flyway) {
        try {
            flyway.migrate();
            return true;
        } catch (FlywayException away) {
            log.warn("schema not up to date yet: {}", away.getMessage());
            return false;
        }
    }
}
