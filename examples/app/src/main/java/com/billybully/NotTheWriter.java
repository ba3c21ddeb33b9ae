package com.billybully;

import com.mysql.cj.exceptions.ExceptionInterceptor;
import com.mysql.cj.log.Log;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Properties;
import java.util.Set;

/**
 * A server that refuses writes has been the writer once. Saying so as a lost connection has the pool drop the connection, and the next one
 * looks the writer's name up again.
 */
public class NotTheWriter implements ExceptionInterceptor {

    private static final Set<Integer> READ_ONLY = Set.of(1290, 1836);

    @Override
    public Exception interceptException(Exception e) {
        return e instanceof SQLException refused && READ_ONLY.contains(refused.getErrorCode())
                ? new SQLNonTransientConnectionException(refused.getMessage(), "08S01", refused.getErrorCode(), refused)
                : e;
    }

    @Override
    public ExceptionInterceptor init(Properties properties, Log log) {
        return this;
    }

    @Override
    public void destroy() {
        // holds nothing
    }
}
