package com.billybully;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.io.Serializable;

/**
 * What a player owns. Serializable: lists of it lie in the cache.
 *
 * @param requestId chosen by the client once and repeated until it has an answer: however often it asks, it gets one asset
 */
public record Asset(
        @NotBlank @Size(max = 36) String requestId,
        @NotBlank @Size(max = 40) String name,
        @NotNull @Positive @Max(1_000_000_000) Long amount) implements Serializable {
}
