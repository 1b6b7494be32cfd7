-- Files that a provider keeps until they are fetched, or that could not be (store/remote_file.h). `place`: which of the entry's
-- attachments; `handle`: how its channel names it to the provider; `sha256`: of its content, where the provider says so.
CREATE TABLE IF NOT EXISTS remote_file (
  id         BIGINT AUTO_INCREMENT PRIMARY KEY,
  entry_id   BINARY(16) NOT NULL,
  place      INT NOT NULL,
  channel_id BIGINT NOT NULL,
  handle     VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sha256     BINARY(32) NULL,
  tries      INT NOT NULL DEFAULT 0,
  asked_at   BIGINT NOT NULL,
  UNIQUE KEY (entry_id, place),
  KEY (asked_at)
);
