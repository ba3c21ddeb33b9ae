package com.billybully;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/**
 * Two pools in place of one where {@code SPRING_DATASOURCE_URL} names a writer and a reader. The driver's own replication connection holds
 * both in one, so that reads end with a writer that does not answer, and writes with a reader.
 */
@Configuration
@ConditionalOnExpression("'${spring.datasource.url:}'.startsWith('jdbc:mysql:replication:')")
class Databases {

    private static final String REPLICATION = "jdbc:mysql:replication://([^,/]+),([^/]+)/(.+)";
    private static final String WRITER = "jdbc:mysql://$1/$3";
    private static final String READER_ELSE_WRITER = "jdbc:mysql://$2,$1/$3";

    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource writer(DataSourceProperties properties) {
        HikariDataSource writer = pool(properties, WRITER);
        writer.setPoolName("writer");
        writer.addDataSourceProperty("exceptionInterceptors", NotTheWriter.class.getName());
        return writer;
    }

    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource reader(DataSourceProperties properties) {
        HikariDataSource reader = pool(properties, READER_ELSE_WRITER);
        reader.setPoolName("reader");
        reader.setReadOnly(true);
        return reader;
    }

    /** Takes a connection with the first statement, so that what the cache answers takes none. */
    @Bean
    @Primary
    DataSource dataSource(HikariDataSource writer, HikariDataSource reader) {
        var both = new LazyConnectionDataSourceProxy(writer);
        both.setReadOnlyDataSource(reader);
        return both;
    }

    private static HikariDataSource pool(DataSourceProperties properties, String url) {
        return properties.initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .url(properties.getUrl().replaceFirst(REPLICATION, url))
                .build();
    }
}
