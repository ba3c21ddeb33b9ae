package com.billybully;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.UUID;

/** A client chooses {@code requestId} once and repeats it until it has an answer: however often it asks, it gets one asset. */
public record AssetRequest(
        @NotNull UUID requestId,
        @NotBlank @Size(max = 40) String name,
        @NotNull @Positive @Max(1_000_000_000) Long amount) {
}
