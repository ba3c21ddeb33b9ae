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

    /** From the cache; may be as old as an entry gets there. */
    @Cacheable("assets")
    @Transactional(readOnly = true)
    public List<Asset> latest(long playerId) {
        return fresh(playerId);
    }

    /** From a reader; as fresh as that is. */
    @Transactional(readOnly = true)
    public List<Asset> fresh(long playerId) {
        return jdbc.sql("SELECT request_id, name, amount FROM asset WHERE player_id = ? ORDER BY id DESC LIMIT 100")
                .param(playerId)
                .query(Asset.class)
                .list();
    }

    @CacheEvict(cacheNames = "assets", key = "#playerId")
    @Transactional
    public Asset add(long playerId, Asset asset) {
        try {
            jdbc.sql("INSERT INTO asset (player_id, request_id, name, amount) VALUES (?, ?, ?, ?)")
                    .params(playerId, asset.requestId(), asset.name(), asset.amount())
                    .update();
            return asset;
        } catch (DuplicateKeyException repeated) {
            return same(playerId, asset);
        }
    }

    /** The client has not heard our first answer, and gets it again. */
    private Asset same(long playerId, Asset asset) {
        Asset stored = jdbc.sql("SELECT request_id, name, amount FROM asset WHERE player_id = ? AND request_id = ?")
                .params(playerId, asset.requestId())
                .query(Asset.class)
                .single();
        if (!stored.equals(asset)) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "requestId stands for another asset");
        }
        return stored;
    }
}
