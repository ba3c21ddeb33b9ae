package com.billybully;

import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/players/{id}/assets")
class AssetController {

    private final AssetService assets;

    AssetController(AssetService assets) {
        this.assets = assets;
    }

    @GetMapping
    List<Asset> latest(@PathVariable long id) {
        return assets.latest(id);
    }

    @GetMapping("/fresh")
    List<Asset> fresh(@PathVariable long id) {
        return assets.fresh(id);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Asset add(@PathVariable long id, @RequestBody @Valid Asset asset) {
        return assets.add(id, asset);
    }
}
