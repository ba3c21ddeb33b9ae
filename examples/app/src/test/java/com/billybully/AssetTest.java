package com.billybully;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

@SpringBootTest(properties = "spring.datasource.url=jdbc:h2:mem:asset;MODE=MySQL")
@AutoConfigureMockMvc
class AssetTest {

    @Autowired
    private MockMvc clients;

    @Autowired
    private JdbcTemplate database;

    @Test
    void aRepeatedWriteIsAnsweredAgainAndWrittenOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            add(1, "first", "share", 5).andExpect(status().isCreated()).andExpect(jsonPath("$.amount").value(5));
        }
        assertThat(rowsOf(1)).isEqualTo(1);
    }

    @Test
    void anIdThatStandsForAnotherAssetIsRefused() throws Exception {
        add(2, "first", "share", 5);
        add(2, "first", "share", 6).andExpect(status().isConflict());
        assertThat(rowsOf(2)).isEqualTo(1);
    }

    @Test
    void anIdIsAPlayersOwn() throws Exception {
        add(3, "first", "share", 5).andExpect(status().isCreated());
        add(4, "first", "bond", 6).andExpect(status().isCreated()).andExpect(jsonPath("$.name").value("bond"));
    }

    @Test
    void theLatestComesFirst() throws Exception {
        add(5, "one", "share", 5);
        add(5, "two", "bond", 6);
        String latest = """
                [{"requestId": "two", "name": "bond", "amount": 6}, {"requestId": "one", "name": "share", "amount": 5}]""";
        clients.perform(get("/players/5/assets")).andExpect(content().json(latest, true));
        clients.perform(get("/players/5/assets/fresh")).andExpect(content().json(latest, true));
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        add(6, "", "share", 5).andExpect(status().isBadRequest());
        add(6, "one", "share", 0).andExpect(status().isBadRequest());
        assertThat(rowsOf(6)).isZero();
    }

    private ResultActions add(long player, String requestId, String name, long amount) throws Exception {
        String body = "{\"requestId\": \"%s\", \"name\": \"%s\", \"amount\": %d}".formatted(requestId, name, amount);
        return clients.perform(post("/players/" + player + "/assets").contentType(MediaType.APPLICATION_JSON).content(body));
    }

    private int rowsOf(long player) {
        return database.queryForObject("SELECT COUNT(*) FROM asset WHERE player_id = ?", Integer.class, player);
    }
}
