CREATE TABLE IF NOT EXISTS asset (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  player_id BIGINT NOT NULL,
  request_id VARCHAR(36) NOT NULL,
  name VARCHAR(40) NOT NULL,
  amount BIGINT NOT NULL,
  UNIQUE KEY request (player_id, request_id),
  KEY latest (player_id, id)
);
