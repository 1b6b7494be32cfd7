-- The tables of Throughline. Facts never change: an entry is filed under the identity it came from, for ever. Beliefs
-- may: which customer an identity belongs to is a link that can be closed.
--
-- Conventions: keys inside are BIGINT, ids that leave the server are UUIDs in BINARY(16). Times are milliseconds since
-- 1970 (UTC) in BIGINT, so that they bind as plain integers. Small enums are TINYINT, the numbers of server/base/terms.h.

CREATE TABLE IF NOT EXISTS agent (
  id            BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid          BINARY(16) NOT NULL UNIQUE,
  email         VARCHAR(254) NOT NULL UNIQUE,
  name          VARCHAR(200) NOT NULL,
  role          TINYINT NOT NULL,
  language      VARCHAR(16) NOT NULL DEFAULT 'en',
  active        BOOL NOT NULL DEFAULT TRUE,
  password_hash VARCHAR(128) NOT NULL,              -- argon2id
  created_at    BIGINT NOT NULL
);

-- Who is logged in in a browser. The cookie holds the token, here is only its SHA-256.
CREATE TABLE IF NOT EXISTS session (
  token_hash BINARY(32) PRIMARY KEY,
  agent_id   BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  KEY (agent_id),
  KEY (expires_at),
  FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
);

-- Integrators' bearer tokens; again only the hash.
CREATE TABLE IF NOT EXISTS api_token (
  id           BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid         BINARY(16) NOT NULL UNIQUE,
  token_hash   BINARY(32) NOT NULL UNIQUE,
  name         VARCHAR(200) NOT NULL,
  role         TINYINT NOT NULL,
  created_at   BIGINT NOT NULL,
  revoked_at   BIGINT NULL
);

-- One connected account. `settings` is JSON; `sealed` is the secret settings as JSON, encrypted (XSalsa20-Poly1305).
CREATE TABLE IF NOT EXISTS channel (
  id         BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid       BINARY(16) NOT NULL UNIQUE,
  type       VARCHAR(32) NOT NULL,
  name       VARCHAR(200) NOT NULL,
  active     BOOL NOT NULL DEFAULT TRUE,
  settings   JSON NOT NULL,
  sealed     BLOB NOT NULL,
  problem    VARCHAR(500) NULL,                     -- why sending is held up (credentials refused), in words
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  KEY (changed_at)
);

-- What facts are filed under: an address, a number, a user id. `version` counts the changes under it: each adds or
-- changes exactly one entry, so "what did I miss since version n" has an exact answer.
CREATE TABLE IF NOT EXISTS identity (
  id              BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid            BINARY(16) NOT NULL UNIQUE,
  kind            TINYINT NOT NULL,
  scope           BIGINT NOT NULL DEFAULT 0,        -- the channel within which the value is unique; 0: everywhere
  value           VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name            VARCHAR(200) NOT NULL DEFAULT '', -- what the provider calls the person
  proof           TINYINT NOT NULL,
  version         BIGINT NOT NULL DEFAULT 0,
  first_at        BIGINT NOT NULL,                  -- of its entries, by when they happened
  last_at         BIGINT NOT NULL,
  last_in_at      BIGINT NOT NULL DEFAULT 0,        -- last message from the person: opens the providers' windows
  last_in_channel BIGINT NOT NULL DEFAULT 0,
  points          BIGINT NULL,                      -- loyalty, as last told
  tier            VARCHAR(60) NULL,
  UNIQUE KEY (kind, scope, value)
);

-- The person. Owns no facts.
CREATE TABLE IF NOT EXISTS customer (
  id         BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid       BINARY(16) NOT NULL UNIQUE,
  name       VARCHAR(200) NOT NULL DEFAULT '',
  language   VARCHAR(16) NULL,
  time_zone  VARCHAR(64) NULL,
  company    VARCHAR(200) NULL,
  about      VARCHAR(2000) NULL,                    -- what every agent should know at once
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  KEY (name)
);

-- The belief that an identity belongs to a customer. Closed links stay, so every belief ever held can be read.
-- `open_identity` makes the database itself refuse a second open link.
CREATE TABLE IF NOT EXISTS identity_link (
  id            BIGINT AUTO_INCREMENT PRIMARY KEY,
  identity_id   BIGINT NOT NULL,
  customer_id   BIGINT NOT NULL,
  from_at       BIGINT NOT NULL,
  until_at      BIGINT NULL,
  rule          VARCHAR(40) NOT NULL,               -- which rule made it: first_contact, same_email, …
  evidence      VARCHAR(500) NOT NULL DEFAULT '',   -- in words: "order #1042 has the e-mail address a@example.com"
  made_by       BIGINT NULL,                        -- the agent, when by hand
  open_identity BIGINT AS (IF(until_at IS NULL, identity_id, NULL)) PERSISTENT,
  UNIQUE KEY (open_identity),
  KEY (identity_id, from_at),
  KEY (customer_id, until_at, identity_id),
  FOREIGN KEY (identity_id) REFERENCES identity (id),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
);

-- A stretch of work over a person's entries, on whatever channels. Its customer is the one that `opened_by` is linked to.
CREATE TABLE IF NOT EXISTS conversation (
  id             BIGINT AUTO_INCREMENT PRIMARY KEY, -- also the number people say
  uuid           BINARY(16) NOT NULL UNIQUE,
  opened_by      BIGINT NOT NULL,                   -- identity
  status         TINYINT NOT NULL,
  assignee_id    BIGINT NULL,                       -- agent
  priority       TINYINT NOT NULL DEFAULT 1,
  subject        VARCHAR(250) NOT NULL DEFAULT '',
  preview        VARCHAR(250) NOT NULL DEFAULT '',  -- of the last entry
  last_medium    TINYINT NOT NULL DEFAULT 0,
  last_direction TINYINT NOT NULL DEFAULT 0,
  last_at        BIGINT NOT NULL,                   -- of the last entry
  waiting_since  BIGINT NULL,                       -- the person waits since then; NULL: the ball is with them
  unread         INT NOT NULL DEFAULT 0,            -- entries from the person that no agent has seen
  snoozed_until  BIGINT NULL,
  resolved_at    BIGINT NULL,
  created_at     BIGINT NOT NULL,
  version        BIGINT NOT NULL DEFAULT 1,
  KEY (opened_by, status),
  KEY (status, last_at, id),
  KEY (assignee_id, status, last_at, id),
  KEY (status, last_medium, last_at, id),
  KEY (status, snoozed_until),
  FOREIGN KEY (opened_by) REFERENCES identity (id)
);

-- One item of the timeline. The clustered key makes a page one short range scan per identity.
CREATE TABLE IF NOT EXISTS entry (
  identity_id     BIGINT NOT NULL,
  occurred_at     BIGINT NOT NULL,
  id              BINARY(16) NOT NULL,
  version         BIGINT NOT NULL,                  -- of the identity, when this entry last changed
  conversation_id BIGINT NULL,
  channel_id      BIGINT NULL,
  medium          TINYINT NOT NULL,
  kind            TINYINT NOT NULL,
  direction       TINYINT NOT NULL,
  author_kind     TINYINT NOT NULL,
  author_id       BIGINT NULL,                      -- agent
  author_name     VARCHAR(200) NULL,
  subject         VARCHAR(1000) NULL,
  text            MEDIUMTEXT NULL,
  html            MEDIUMTEXT NULL,                  -- as it came; whoever shows it sanitises it
  payload         MEDIUMTEXT NULL,                  -- JSON: what belongs to this kind only
  attachments     MEDIUMTEXT NULL,                  -- JSON: [{name, type, size, sha256, cid, inline}]
  external_id     VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  rank            BIGINT NOT NULL DEFAULT 0,        -- of the provider's state of it: only a higher one replaces
  delivery        TINYINT NOT NULL DEFAULT 0,
  delivery_error  VARCHAR(500) NULL,
  journal_id      BINARY(16) NULL,
  received_at     BIGINT NOT NULL,
  PRIMARY KEY (identity_id, occurred_at, id),
  UNIQUE KEY (id),
  UNIQUE KEY (identity_id, version),
  UNIQUE KEY (channel_id, external_id),
  KEY (conversation_id, occurred_at)
);

-- Which entries hold a stored file, so that the last one's erasure can remove it.
CREATE TABLE IF NOT EXISTS entry_blob (
  sha256      BINARY(32) NOT NULL,
  identity_id BIGINT NOT NULL,
  entry_id    BINARY(16) NOT NULL,
  PRIMARY KEY (sha256, entry_id)
);

-- A shop's order as it is now. Every change is also an entry with the snapshot, so "then" is known too.
CREATE TABLE IF NOT EXISTS shop_order (
  id          BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid        BINARY(16) NOT NULL UNIQUE,
  channel_id  BIGINT NOT NULL,
  external_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  identity_id BIGINT NOT NULL,
  number      VARCHAR(64) NOT NULL,
  state       TINYINT NOT NULL,
  place       TINYINT NOT NULL,
  placed_at   BIGINT NOT NULL,
  updated_at  BIGINT NOT NULL,                      -- by the shop's clock: an older snapshot never replaces a newer
  currency    VARCHAR(8) NOT NULL,
  total       VARCHAR(32) NOT NULL,
  facts       MEDIUMTEXT NOT NULL,                  -- JSON: the whole snapshot
  UNIQUE KEY (channel_id, external_id),
  KEY (identity_id, placed_at),
  KEY (number)
);

-- Every raw input as it came, written in the transaction of what it became, or alone with the error.
CREATE TABLE IF NOT EXISTS journal (
  id          BINARY(16) PRIMARY KEY,               -- UUIDv7: in order of arrival
  channel_id  BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  status      TINYINT NOT NULL,
  error       VARCHAR(500) NULL,
  method      VARCHAR(8) NOT NULL,
  query       VARCHAR(2000) NOT NULL DEFAULT '',
  headers     TEXT NOT NULL,                        -- JSON; the signature's are among them, Authorization never
  body        LONGBLOB NULL,
  body_sha256 BINARY(32) NULL,                      -- instead of `body` when it is large: in the blob store
  body_size   BIGINT NOT NULL,
  attempts    INT NOT NULL DEFAULT 1,
  KEY (channel_id, received_at),
  KEY (status, received_at)
);

-- What must be sent, written in the transaction of its entry. Sent rows stay as a record of the sending.
CREATE TABLE IF NOT EXISTS outbox (
  id           BIGINT AUTO_INCREMENT PRIMARY KEY,
  channel_id   BIGINT NOT NULL,
  identity_id  BIGINT NOT NULL,
  occurred_at  BIGINT NOT NULL,                     -- with identity_id and entry_id: the entry
  entry_id     BINARY(16) NOT NULL UNIQUE,
  state        TINYINT NOT NULL DEFAULT 1,          -- enum delivery: queued, uncertain, sent, failed, cancelled
  attempts     INT NOT NULL DEFAULT 0,
  next_try_at  BIGINT NOT NULL,
  leased_until BIGINT NOT NULL DEFAULT 0,           -- a worker has it
  error        VARCHAR(500) NULL,
  created_at   BIGINT NOT NULL,
  KEY (state, next_try_at),
  KEY (identity_id, state, id)
);

-- Receipts that came before the entry they are about had its provider's id. Settled when it has; swept after a day.
CREATE TABLE IF NOT EXISTS early_receipt (
  channel_id  BIGINT NOT NULL,
  external_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  delivery    TINYINT NOT NULL,
  error       VARCHAR(500) NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (channel_id, external_id, delivery),
  KEY (received_at)
);
