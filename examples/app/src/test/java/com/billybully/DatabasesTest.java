package com.billybully;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DatabasesTest {

    /** As a server gets it from {@code plan/environment.ts}. */
    private static final Map<String, Object> ENVIRONMENT = Map.of(
            "SPRING_DATASOURCE_URL", "jdbc:mysql:replication://writer.internal:3306,reader.internal:3306/billybully?sslMode=REQUIRED&socketTimeout=3000",
            "SPRING_DATASOURCE_USERNAME", "billybully",
            "SPRING_DATASOURCE_PASSWORD", "secret",
            "SPRING_DATASOURCE_HIKARI_CONNECTIONTIMEOUT", "2000",
            "SPRING_DATASOURCE_HIKARI_VALIDATIONTIMEOUT", "1000",
            "SPRING_DATASOURCE_HIKARI_INITIALIZATIONFAILTIMEOUT", "-1",
            "SPRING_DATASOURCE_HIKARI_MAXLIFETIME", "60000");

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
            .withUserConfiguration(Databases.class);

    private ApplicationContextRunner told(Map<String, Object> environment) {
        return context.withInitializer(started -> started.getEnvironment().getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("systemEnvironment", environment)));
    }

    @Test
    void writesGoToTheWriterAloneAndReadsToTheReaderElseTheWriter() {
        told(ENVIRONMENT).run(started -> {
            assertThat(started.getBean("writer", HikariDataSource.class).getJdbcUrl())
                    .isEqualTo("jdbc:mysql://writer.internal:3306/billybully?sslMode=REQUIRED&socketTimeout=3000");
            assertThat(started.getBean("reader", HikariDataSource.class).getJdbcUrl())
                    .isEqualTo("jdbc:mysql://reader.internal:3306,writer.internal:3306/billybully?sslMode=REQUIRED&socketTimeout=3000");
            assertThat(started.getBean("reader", HikariDataSource.class).isReadOnly()).isTrue();
        });
    }

    @Test
    void bothPoolsGetWhatTheEnvironmentSaysAndOpenNothingWhileTheyDo() {
        told(ENVIRONMENT).run(started -> assertThat(started.getBeansOfType(HikariDataSource.class).values())
                .hasSize(2)
                .allSatisfy(pool -> {
                    assertThat(pool.getConnectionTimeout()).isEqualTo(2000);
                    assertThat(pool.getValidationTimeout()).isEqualTo(1000);
                    assertThat(pool.getInitializationFailTimeout()).isEqualTo(-1);
                    assertThat(pool.getMaxLifetime()).isEqualTo(60_000);
                    assertThat(pool.getUsername()).isEqualTo("billybully");
                    assertThat(pool.getPassword()).isEqualTo("secret");
                    assertThat(pool.isRunning()).isFalse();
                }));
    }

    @Test
    void withoutAReaderThereIsSpringsOwnPool() {
        told(Map.of("SPRING_DATASOURCE_URL", "jdbc:mysql://writer.internal:3306/billybully")).run(started ->
                assertThat(started.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class));
    }

    @Test
    void aReadOnlyTransactionIsTheReaders() {
        try (var writer = holding("writer"); var reader = holding("reader")) {
            DataSource both = new Databases().dataSource(writer, reader);
            var transaction = new TransactionTemplate(new DataSourceTransactionManager(both));
            var jdbc = new JdbcTemplate(both);
            String name = "SELECT name FROM own";
            assertThat(transaction.<String>execute(status -> jdbc.queryForObject(name, String.class))).isEqualTo("writer");
            transaction.setReadOnly(true);
            assertThat(transaction.<String>execute(status -> jdbc.queryForObject(name, String.class))).isEqualTo("reader");
        }
    }

    private static HikariDataSource holding(String name) {
        var database = new HikariDataSource();
        database.setJdbcUrl("jdbc:h2:mem:" + name);
        new JdbcTemplate(database).execute("CREATE TABLE own AS SELECT '" + name + "' AS name");
        return database;
    }
}
