package com.billybully;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Answers.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@SpringBootTest(properties = {
        "spring.datasource.url=jdbc:h2:mem:caching;MODE=MySQL",
        "spring.data.redis.cluster.nodes=cache.internal:6379"})
class CachingTest {

    private static final Asset SHARE = new Asset("one", "share", 5L);

    /** Stands in for Valkey behind Spring's cache. */
    static class Memory extends ConcurrentMapCache {

        private volatile boolean broken;
        private volatile Boolean evictedInTransaction;
        private volatile Runnable beforeLookup = () -> { };

        Memory() {
            super("assets");
        }

        @Override
        protected Object lookup(Object key) {
            beforeLookup.run();
            breakMaybe();
            return super.lookup(key);
        }

        @Override
        public void put(Object key, Object value) {
            breakMaybe();
            super.put(key, value);
        }

        @Override
        public void evict(Object key) {
            evictedInTransaction = TransactionSynchronizationManager.isActualTransactionActive();
            breakMaybe();
            super.evict(key);
        }

        private void breakMaybe() {
            if (broken) {
                throw new QueryTimeoutException("Redis command timed out");
            }
        }
    }

    static class Connections extends LettuceConnectionFactory {

        private volatile boolean away;
        private volatile boolean reset;

        @Override
        public RedisConnection getConnection() {
            if (away) {
                throw new QueryTimeoutException("Redis command timed out");
            }
            return mock(RedisConnection.class, RETURNS_DEEP_STUBS);
        }

        @Override
        public void resetConnection() {
            reset = true;
        }
    }

    @TestConfiguration
    static class Stage {

        @Bean
        Connections connections() {
            return new Connections();
        }

        @Bean
        Memory memory() {
            return new Memory();
        }

        @Bean
        CacheManager caches(Memory memory) {
            var caches = new SimpleCacheManager();
            caches.setCaches(List.of(memory));
            return caches;
        }
    }

    @Autowired
    private AssetService assets;

    @Autowired
    private Memory memory;

    @Autowired
    private Caching caching;

    @Autowired
    private JdbcTemplate database;

    @Autowired
    private Connections connections;

    @BeforeEach
    void empty() {
        memory.broken = false;
        memory.beforeLookup = () -> { };
        memory.clear();
        database.update("DELETE FROM asset");
        valkey(true);
    }

    @Test
    void aHitDoesNotAskTheDatabase() {
        assets.add(1, SHARE);
        assertThat(assets.latest(1)).containsExactly(SHARE);
        database.update("DELETE FROM asset");
        assertThat(assets.latest(1)).containsExactly(SHARE);
        assertThat(assets.fresh(1)).isEmpty();
    }

    @Test
    void aWriteTakesTheEntryAwayAfterItsCommit() {
        assertThat(assets.latest(1)).isEmpty();
        assets.add(1, SHARE);
        assertThat(assets.latest(1)).containsExactly(SHARE);
        assertThat(memory.evictedInTransaction).isFalse();
    }

    @Test
    void aCacheThatThrowsFailsNoReadAndNoWrite() {
        memory.broken = true;
        assertThat(assets.add(1, SHARE)).isEqualTo(SHARE);
        assertThat(assets.latest(1)).containsExactly(SHARE);
    }

    @Test
    void aCacheThatIsAwayIsNotAskedAndComesBack() {
        valkey(false);
        memory.put(1L, List.of());
        assets.add(1, SHARE);
        assertThat(assets.latest(1)).containsExactly(SHARE);
        assertThat(connections.reset).isTrue();
        valkey(true);
        assertThat(assets.latest(1)).isEmpty();
    }

    /** Its put would wait until the connection is made anew. */
    @Test
    void aRequestThatLosesTheCacheAtItsFirstWordDoesNotAskItAgain() {
        memory.beforeLookup = () -> valkey(false);
        assertThat(assets.latest(1)).isEmpty();
        assertThat(memory.getNativeCache()).isEmpty();
    }

    private void valkey(boolean there) {
        connections.away = !there;
        caching.look();
    }
}
