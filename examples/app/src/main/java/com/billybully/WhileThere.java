package com.billybully;

import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.springframework.cache.Cache;
import org.springframework.cache.support.NoOpCache;

/** A cache that holds nothing while it is away. It is seen before each operation: one request looks, reads and puts, and a cache may go in between. */
record WhileThere(Cache cache, BooleanSupplier there) implements Cache {

    private Cache now() {
        return there.getAsBoolean() ? cache : new NoOpCache(cache.getName());
    }

    @Override
    public String getName() {
        return cache.getName();
    }

    @Override
    public Object getNativeCache() {
        return cache.getNativeCache();
    }

    @Override
    public ValueWrapper get(Object key) {
        return now().get(key);
    }

    @Override
    public <T> T get(Object key, Class<T> type) {
        return now().get(key, type);
    }

    @Override
    public <T> T get(Object key, Callable<T> loader) {
        return now().get(key, loader);
    }

    @Override
    public void put(Object key, Object value) {
        now().put(key, value);
    }

    @Override
    public void evict(Object key) {
        now().evict(key);
    }

    @Override
    public void clear() {
        now().clear();
    }
}
