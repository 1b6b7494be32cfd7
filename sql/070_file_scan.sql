-- What a virus scanner says of a content, once for all who hold it (store/file_scan.h); `state`: enum file_scan_state. It is to be looked
-- at, or again, while `asked_at` is later than `scanned_at`.
CREATE TABLE IF NOT EXISTS file_scan (
  id         BIGINT AUTO_INCREMENT PRIMARY KEY,
  sha256     CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state      TINYINT NOT NULL,
  found      VARCHAR(200) NULL,
  asked_at   BIGINT NOT NULL,
  scanned_at BIGINT NOT NULL DEFAULT 0,
  tries      INT NOT NULL DEFAULT 0,
  UNIQUE KEY (sha256),
  KEY (state, asked_at)
);
