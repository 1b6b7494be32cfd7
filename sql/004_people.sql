-- What is believed, said and decided about people, beyond merges.

-- A `move` takes named identities to another person: un-merging one identity. A `share` gives one that several persons use a
-- record of its own.
-- `changes`: what a merge took over into the profile, as JSON: {"name": {"was": "", "is": "Mia"}, …}; undoing it gives back
-- what nobody has changed since.
ALTER TABLE link_operation
  ADD COLUMN IF NOT EXISTS kind TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS changes TEXT NULL;

CREATE TABLE IF NOT EXISTS link_operation_identity (
  operation_id BIGINT NOT NULL,
  identity_id  BIGINT NOT NULL,
  PRIMARY KEY (operation_id, identity_id),
  KEY (identity_id),
  FOREIGN KEY (operation_id) REFERENCES link_operation (id),
  FOREIGN KEY (identity_id) REFERENCES identity (id)
);

-- "Not the same person": no identity of side 0 may belong to the person of one of side 1, until it is withdrawn.
-- `operation_id`: it was said when that operation was made or undone.
CREATE TABLE IF NOT EXISTS distinction (
  id           BIGINT AUTO_INCREMENT PRIMARY KEY,
  uuid         BINARY(16) NOT NULL UNIQUE,
  reason       VARCHAR(500) NOT NULL DEFAULT '',
  operation_id BIGINT NULL,
  made_by      BIGINT NULL,                         -- agent
  made_at      BIGINT NOT NULL,
  withdrawn_by BIGINT NULL,
  withdrawn_at BIGINT NULL,
  KEY (operation_id)
);

CREATE TABLE IF NOT EXISTS distinction_identity (
  distinction_id BIGINT NOT NULL,
  identity_id    BIGINT NOT NULL,
  side           TINYINT NOT NULL,
  PRIMARY KEY (distinction_id, identity_id),
  KEY (identity_id),
  FOREIGN KEY (distinction_id) REFERENCES distinction (id),
  FOREIGN KEY (identity_id) REFERENCES identity (id)
);

-- What somebody says, or a source says of them, without the proof that a rule asks for: "this identity is also that one".
-- When the two belong to different persons, and nobody has said that they are not the same, it is a suggestion.
CREATE TABLE IF NOT EXISTS claim (
  id          BIGINT AUTO_INCREMENT PRIMARY KEY,
  identity_id BIGINT NOT NULL,
  kind        TINYINT NOT NULL,                     -- with scope and value: the other identity, which need not exist yet
  scope       BIGINT NOT NULL DEFAULT 0,
  value       VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  signal_name VARCHAR(40) NOT NULL,
  confidence  TINYINT NOT NULL,                     -- per cent
  evidence    VARCHAR(500) NOT NULL,
  found_at    BIGINT NOT NULL,
  UNIQUE KEY (identity_id, kind, scope, value),
  KEY (kind, scope, value),
  FOREIGN KEY (identity_id) REFERENCES identity (id)
);

-- Among whom a shared identifier is divided: the persons whom these identities belong to.
CREATE TABLE IF NOT EXISTS identity_share (
  identity_id BIGINT NOT NULL,
  member_id   BIGINT NOT NULL,                      -- identity of one who uses it
  PRIMARY KEY (identity_id, member_id),
  KEY (member_id),
  FOREIGN KEY (identity_id) REFERENCES identity (id),
  FOREIGN KEY (member_id) REFERENCES identity (id)
);

ALTER TABLE identity
  ADD COLUMN IF NOT EXISTS shared BOOL NOT NULL DEFAULT FALSE, -- the identifier of several persons: no rule links by it
  ADD COLUMN IF NOT EXISTS consent TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS consent_at BIGINT NULL,
  ADD COLUMN IF NOT EXISTS bounced_at BIGINT NULL,             -- what is sent there comes back
  ADD COLUMN IF NOT EXISTS bounced_reason VARCHAR(500) NULL;

-- Tags: a JSON list of texts. Attributes: a JSON object, the names of `attribute` to their values.
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS tags TEXT NOT NULL DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS attributes TEXT NOT NULL DEFAULT '{}';

ALTER TABLE conversation
  ADD COLUMN IF NOT EXISTS tags TEXT NOT NULL DEFAULT '[]';

-- The lowest role that may read the entries of a channel; others see that there is one, and when.
ALTER TABLE channel
  ADD COLUMN IF NOT EXISTS readers TINYINT NOT NULL DEFAULT 2;

-- An entry filed under the wrong identity stays there; another one stands for it at the right person. Each says where the
-- other is: JSON {entry_id, customer_id, name, reason, by, at, undone}.
ALTER TABLE entry
  ADD COLUMN IF NOT EXISTS moved_to VARCHAR(2000) NULL,
  ADD COLUMN IF NOT EXISTS moved_from VARCHAR(2000) NULL;

ALTER TABLE entry_blob ADD KEY IF NOT EXISTS entry_id (entry_id);

-- Entries that stay on top of their person's page.
CREATE TABLE IF NOT EXISTS entry_pin (
  entry_id    BINARY(16) PRIMARY KEY,
  identity_id BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  pinned_by   BIGINT NULL,
  pinned_at   BIGINT NOT NULL,
  KEY (identity_id, occurred_at)
);

-- How often somebody was in contact, by day (UTC, days since 1970) and means: the journey, without reading the entries.
CREATE TABLE IF NOT EXISTS contact_day (
  identity_id BIGINT NOT NULL,
  day         INT NOT NULL,
  medium      TINYINT NOT NULL,
  n_in        INT NOT NULL DEFAULT 0,               -- messages and calls from the person
  n_out       INT NOT NULL DEFAULT 0,               -- and to the person
  n_other     INT NOT NULL DEFAULT 0,               -- orders, points, visits, campaigns, surveys
  PRIMARY KEY (identity_id, day, medium)
);

INSERT IGNORE INTO contact_day (identity_id, day, medium, n_in, n_out, n_other)
  SELECT identity_id, FLOOR(occurred_at / 86400000), medium, SUM(kind IN (0, 2) AND direction = 0),
         SUM(kind IN (0, 2) AND direction = 1), SUM(kind BETWEEN 3 AND 7)
  FROM entry WHERE kind NOT IN (1, 8) GROUP BY identity_id, FLOOR(occurred_at / 86400000), medium;

-- What an administrator wants to know of people: the keys of customer.attributes.
CREATE TABLE IF NOT EXISTS attribute (
  id       BIGINT AUTO_INCREMENT PRIMARY KEY,
  name     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  label    VARCHAR(200) NOT NULL,
  type     TINYINT NOT NULL,
  choices  TEXT NOT NULL DEFAULT '[]',              -- JSON list of texts
  archived BOOL NOT NULL DEFAULT FALSE
);

-- Every tag in use somewhere.
CREATE TABLE IF NOT EXISTS tag (
  name    VARCHAR(60) NOT NULL PRIMARY KEY,
  used_at BIGINT NOT NULL
);
