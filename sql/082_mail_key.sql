-- Whose signatures on mail are known: store/mail_key.h. `kind`: enum mail_key_kind; `addresses`: a JSON list; `material`: PEM or ASCII armour.
CREATE TABLE IF NOT EXISTS mail_key (
  id          BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid        BINARY(16) NOT NULL UNIQUE,
  kind        TINYINT NOT NULL,
  label       VARCHAR(200) NOT NULL,
  fingerprint VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  addresses   TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  expires_at  BIGINT NOT NULL DEFAULT 0,
  material    MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1
);
