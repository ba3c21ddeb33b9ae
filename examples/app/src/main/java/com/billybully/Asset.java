package com.billybully;

import java.io.Serializable;
import java.util.UUID;

/** What a player owns. Serializable: lists of it lie in the cache. */
public record Asset(UUID requestId, String name, long amount) implements Serializable {
}
