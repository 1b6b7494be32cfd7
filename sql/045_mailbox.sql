-- Where the collecting of mail stands, for each channel that fetches it from a mailbox: store/mailbox.h.
CREATE TABLE IF NOT EXISTS mailbox (
  channel_id  BIGINT PRIMARY KEY,
  folder      VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  uidvalidity BIGINT NOT NULL DEFAULT 0,
  uid         BIGINT NOT NULL DEFAULT 0,
  uid_old     BIGINT NOT NULL DEFAULT 0,
  started_at  BIGINT NOT NULL DEFAULT 0,
  since_at    BIGINT NOT NULL DEFAULT 0,
  looked_at   BIGINT NOT NULL DEFAULT 0,
  in_at       BIGINT NOT NULL DEFAULT 0,
  problem     TEXT CHARACTER SET utf8mb4 NULL,
  problem_at  BIGINT NOT NULL DEFAULT 0,
  after_problem TEXT CHARACTER SET utf8mb4 NULL,
  sent_problem TEXT CHARACTER SET utf8mb4 NULL,
  tries       INT NOT NULL DEFAULT 0,
  stuck_uid   BIGINT NOT NULL DEFAULT 0,
  stuck_tries INT NOT NULL DEFAULT 0,
  tried_at    BIGINT NOT NULL DEFAULT 0,
  found       MEDIUMTEXT CHARACTER SET utf8mb4 NULL
);

-- What has been taken in once, and never comes in again, also when its entry was erased: the first half of HMACs by the server's
-- secret key, from which nobody learns what it was.
CREATE TABLE IF NOT EXISTS mailbox_mark (
  channel_id BIGINT NOT NULL,
  mark       BINARY(16) NOT NULL,
  PRIMARY KEY (channel_id, mark)
);

-- Answers that have left and wait to be filed in the folder of what was sent: as they left. Some minutes, while the mailbox can be reached.
CREATE TABLE IF NOT EXISTS mailbox_sent (
  id         BIGINT AUTO_INCREMENT PRIMARY KEY,
  channel_id BIGINT NOT NULL,
  entry_id   BINARY(16) NOT NULL,
  raw        LONGBLOB NOT NULL,
  made_at    BIGINT NOT NULL,
  tries      INT NOT NULL DEFAULT 0,
  UNIQUE KEY (entry_id),
  KEY (channel_id, id),
  KEY (made_at)
);
