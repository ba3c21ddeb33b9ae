package com.billybully;

import java.util.List;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

@Service
public class AssetService {

    private final JdbcClient jdbc;

    AssetService(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** May be as old as an entry of the cache gets. */
    @Cacheable("assets")
    @Transactional(readOnly = true)
    public List<Asset> latest(long playerId) {
        return fresh(playerId);
    }

    /** As fresh as a reader is. */
    @Transactional(readOnly = true)
    public List<Asset> fresh(long playerId) {
        return jdbc.sql("SELECT request_id, name, amount FROM asset WHERE player_id = ? ORDER BY id DESC LIMIT 100")
                .param(playerId)
                .query(Asset.class)
                .list();
    }

    @CacheEvict(cacheNames = "assets", key = "#playerId")
    @Transactional
    public Asset add(long playerId, AssetRequest request) {
        String requestId = request.requestId().toString();
        try {
            jdbc.sql("INSERT INTO asset (player_id, request_id, name, amount) VALUES (?, ?, ?, ?)")
                    .params(playerId, requestId, request.name(), request.amount())
                    .update();
        } catch (DuplicateKeyException repeated) {
            // The client has not heard our answer: it gets the same once more.
        }
        Asset stored = jdbc.sql("SELECT request_id, name, amount FROM asset WHERE player_id = ? AND request_id = ?")
                .params(playerId, requestId)
                .query(Asset.class)
                .single();
        if (!stored.equals(new Asset(request.requestId(), request.name(), request.amount()))) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "requestId stands for another asset");
        }
        return stored;
    }
}
