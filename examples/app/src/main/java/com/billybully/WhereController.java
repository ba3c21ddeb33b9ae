package com.billybully;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which MySQL server answers a read and which a write; null where none does. */
@RestController
class WhereController {

    record Server(String host, long id, boolean readOnly) {
    }

    record Where(Server read, Server write) {
    }

    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;

    WhereController(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @GetMapping("/where")
    Where where() {
        return new Where(server(true), server(false));
    }

    private Server server(boolean readOnly) {
        var transaction = new TransactionTemplate(transactions);
        transaction.setReadOnly(readOnly);
        try {
            return transaction.execute(status -> jdbc
                    .sql("SELECT @@hostname AS host, @@server_id AS id, @@global.read_only AS read_only")
                    .query(Server.class)
                    .single());
        } catch (DataAccessException | TransactionException away) {
            return null;
        }
    }
}
