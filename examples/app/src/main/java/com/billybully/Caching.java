package com.billybully;

import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.LoggingCacheErrorHandler;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * A cache where the environment names one, and never more than a help: what it fails at is logged and done without it, and while it does not
 * answer nobody waits for it.
 *
 * <p>Its order puts it around transactions: a hit opens none, and an entry goes after the commit, where a failure cannot undo the write.
 */
@Configuration
@EnableCaching(order = Ordered.LOWEST_PRECEDENCE - 1)
@EnableScheduling
@ConditionalOnProperty("spring.data.redis.cluster.nodes")
class Caching implements CachingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(Caching.class);
    private static final byte[] ANY_KEY = "any".getBytes(StandardCharsets.UTF_8);

    private final CacheManager caches;
    private final LettuceConnectionFactory connections;
    private volatile boolean there;

    Caching(CacheManager caches, LettuceConnectionFactory connections) {
        this.caches = caches;
        this.connections = connections;
    }

    /**
     * Only this connects. Left to the requests, each would wait in turn for the one before it to fail. After a failure it connects anew: the
     * client would wait up to half a minute before it tries, or go on writing to a machine that is gone. It asks for a key and does not ping,
     * because Spring pings on another connection, which is not made anew.
     */
    @Scheduled(fixedDelay = 1000)
    void look() {
        try (var connection = connections.getConnection()) {
            connection.keyCommands().exists(ANY_KEY);
            there = true;
        } catch (RuntimeException away) {
            log.warn("the cache is away: {}", away.getMessage());
            there = false;
            connections.resetConnection();
        }
    }

    @Override
    public CacheResolver cacheResolver() {
        return context -> context.getOperation().getCacheNames().stream()
                .map(name -> new WhileThere(caches.getCache(name), () -> there))
                .toList();
    }

    @Override
    public CacheErrorHandler errorHandler() {
        return new LoggingCacheErrorHandler();
    }
}
