-- Who may do and see what, who did it, and what strangers may use up.

-- By which session it was done (the first half of its token's hash), from where, and what was different before and after
-- (JSON objects without secrets). What strangers can repeat is one row that counts: `fold` is the hash of what is the same.
ALTER TABLE audit
  ADD COLUMN IF NOT EXISTS session_id BINARY(16) NULL AFTER token_id,
  ADD COLUMN IF NOT EXISTS address VARCHAR(64) NULL,
  ADD COLUMN IF NOT EXISTS facts_before TEXT NULL,
  ADD COLUMN IF NOT EXISTS facts_after TEXT NULL,
  ADD COLUMN IF NOT EXISTS last_at BIGINT NULL,
  ADD COLUMN IF NOT EXISTS count BIGINT NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS fold BINARY(32) NULL,
  ADD UNIQUE KEY IF NOT EXISTS fold (fold),
  ADD KEY IF NOT EXISTS action (action, at);

-- Tries to log in, by what they are counted by: the hash of an account with an address, of an address, of an account, or of
-- a known device. Shared by all servers. `free_at`: nothing is tried before.
CREATE TABLE IF NOT EXISTS login_limit (
  bucket  BINARY(32) PRIMARY KEY,
  tries   BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  free_at BIGINT NOT NULL,
  KEY (last_at)
);

-- Browsers that an agent has logged in with before: wrong passwords from elsewhere do not hold these up. The cookie holds
-- the token, here is only its SHA-256.
CREATE TABLE IF NOT EXISTS login_device (
  token_hash BINARY(32) PRIMARY KEY,
  agent_id   BIGINT NOT NULL,
  used_at    BIGINT NOT NULL,
  KEY (agent_id, used_at),
  KEY (used_at),
  FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
);

-- Files that somebody has brought and that a message may name, by its bringer alone, until it lapses. Here is only the
-- SHA-256 of the handle, and of who brought it.
CREATE TABLE IF NOT EXISTS upload (
  handle_hash BINARY(32) PRIMARY KEY,
  owner       BINARY(32) NOT NULL,
  sha256      BINARY(32) NOT NULL,
  size        BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  KEY (sha256, owner),
  KEY (expires_at)
);

-- Whence a visitor of a chat last wrote: an IPv4 address, or the first 64 bits of an IPv6 address. Swept after a month.
CREATE TABLE IF NOT EXISTS visitor_address (
  identity_id BIGINT PRIMARY KEY,
  address     VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  seen_at     BIGINT NOT NULL,
  KEY (seen_at)
);

-- Who may not write in the chat: a visitor, or an address.
CREATE TABLE IF NOT EXISTS chat_block (
  id          BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid        BINARY(16) NOT NULL UNIQUE,
  identity_id BIGINT NULL UNIQUE,
  address     VARCHAR(64) COLLATE utf8mb4_bin NULL UNIQUE,
  customer_id BIGINT NULL,                          -- whose visitor it was, when it was made
  reason      VARCHAR(500) NOT NULL DEFAULT '',
  made_by     BIGINT NULL,                          -- agent
  made_at     BIGINT NOT NULL
);

-- By which channel the subject, the preview and the points came: who may not read that channel now does not see them.
ALTER TABLE conversation
  ADD COLUMN IF NOT EXISTS subject_channel BIGINT NULL,
  ADD COLUMN IF NOT EXISTS preview_channel BIGINT NULL;
ALTER TABLE identity
  ADD COLUMN IF NOT EXISTS points_channel BIGINT NULL;

UPDATE conversation c SET
  preview_channel = (SELECT e.channel_id FROM entry e WHERE e.conversation_id = c.id AND e.kind <> 8
                     ORDER BY e.occurred_at DESC LIMIT 1),
  subject_channel = (SELECT e.channel_id FROM entry e WHERE e.conversation_id = c.id AND e.subject <> ''
                     ORDER BY e.occurred_at LIMIT 1)
  WHERE preview_channel IS NULL AND subject_channel IS NULL;
UPDATE identity i SET
  points_channel = (SELECT e.channel_id FROM entry e WHERE e.identity_id = i.id AND e.kind = 4
                    ORDER BY e.occurred_at DESC LIMIT 1)
  WHERE (points IS NOT NULL OR tier IS NOT NULL) AND points_channel IS NULL;
