-- What is asked of a provider because of what came by its channel (store/errand.h). `kind`: enum errand_kind; `mark`: the first half of a
-- SHA-256 of what there is one of at a time; `journal_id`: the raw input that it came of; `state`: enum errand_state.
CREATE TABLE IF NOT EXISTS errand (
  id         BIGINT AUTO_INCREMENT PRIMARY KEY,
  channel_id BIGINT NOT NULL,
  mark       BINARY(16) NOT NULL,
  kind       TINYINT NOT NULL,
  handle     VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  journal_id BINARY(16) NULL,
  state      TINYINT NOT NULL DEFAULT 0,
  tries      INT NOT NULL DEFAULT 0,
  asked_at   BIGINT NOT NULL,
  UNIQUE KEY (channel_id, mark),
  KEY (asked_at)
);

-- What a provider has given for a while, such as the certificate that its signatures need (store/channel_kept.h).
CREATE TABLE IF NOT EXISTS channel_kept (
  channel_id BIGINT NOT NULL,
  name       VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  value      MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL,
  until_at   BIGINT NOT NULL,
  PRIMARY KEY (channel_id, name),
  KEY (until_at)
);
