package com.billybully;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotTheWriterTest {

    private final NotTheWriter interceptor = new NotTheWriter();

    /** A pool drops a connection whose error is of class 08. */
    @ParameterizedTest
    @ValueSource(ints = {1290, 1836})
    void aServerThatRefusesWritesIsALostConnection(int code) {
        var refused = new SQLException("The MySQL server is running with the --super-read-only option", "HY000", code);
        var lost = (SQLException) interceptor.interceptException(refused);
        assertThat(lost.getSQLState()).startsWith("08");
        assertThat(lost.getErrorCode()).isEqualTo(code);
        assertThat(lost.getCause()).isSameAs(refused);
    }

    @Test
    void everyOtherErrorIsWhatItIs() {
        var duplicate = new SQLException("Duplicate entry", "23000", 1062);
        assertThat(interceptor.interceptException(duplicate)).isSameAs(duplicate);
        var other = new IllegalStateException();
        assertThat(interceptor.interceptException(other)).isSameAs(other);
    }
}
