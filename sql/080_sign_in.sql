-- Somebody is signing in at a provider for a channel: store/sign_in.h. Hashes of what only their browser has.
CREATE TABLE IF NOT EXISTS sign_in (
  state_hash   BINARY(32) PRIMARY KEY,
  session_hash BINARY(32) NOT NULL,
  channel_id   BIGINT NOT NULL,
  ends_at      BIGINT NOT NULL,
  KEY (ends_at)
);

-- What came of the last one, and by what name the folder of what was sent is known.
ALTER TABLE mailbox ADD COLUMN IF NOT EXISTS signed_in_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN IF NOT EXISTS signed_in_as VARCHAR(254) CHARACTER SET utf8mb4 NULL;
ALTER TABLE mailbox ADD COLUMN IF NOT EXISTS sign_in_problem TEXT CHARACTER SET utf8mb4 NULL;
ALTER TABLE mailbox ADD COLUMN IF NOT EXISTS sent_folder VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
