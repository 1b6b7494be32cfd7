-- Long work, and the record of what was done to people's data and who looked at it.

-- A piece of long work, done in steps by one server process at a time. A step is one transaction that also writes
-- `progress`, so a process that dies in the middle has done each step wholly or not at all, and whoever takes the task up
-- goes on behind the last one.
CREATE TABLE IF NOT EXISTS task (
  id           BIGINT AUTO_INCREMENT PRIMARY KEY,   -- also the order in which they are run
  uuid         BINARY(16) NOT NULL UNIQUE,
  kind         TINYINT NOT NULL,
  state        TINYINT NOT NULL,
  title        VARCHAR(200) NOT NULL,
  params       MEDIUMTEXT NOT NULL,                 -- JSON: what was asked
  progress     MEDIUMTEXT NULL,                     -- JSON of this kind of task: where it stands, what it has counted
  done         BIGINT NOT NULL DEFAULT 0,
  total        BIGINT NULL,                         -- of the same units; NULL: not known
  result       MEDIUMTEXT NULL,                     -- JSON, when it is done
  error        VARCHAR(500) NULL,
  customer_id  BIGINT NULL,                         -- the person whom it is about
  created_by   BIGINT NULL,                         -- agent
  cancelled    BOOL NOT NULL DEFAULT FALSE,         -- wanted: it ends before its next step
  leased_until BIGINT NOT NULL DEFAULT 0,           -- a process has it
  lease        BINARY(16) NULL,                     -- which: a step of one that has lost it is undone
  created_at   BIGINT NOT NULL,
  started_at   BIGINT NULL,
  ended_at     BIGINT NULL,
  KEY (state, id),
  KEY (customer_id)
);

-- What was decided about people and their data: by whom, when, why. Written in the transaction of what it tells.
CREATE TABLE IF NOT EXISTS audit (
  id          BIGINT AUTO_INCREMENT PRIMARY KEY,
  at          BIGINT NOT NULL,
  agent_id    BIGINT NULL,                          -- NULL: an integrator or the system
  action      TINYINT NOT NULL,
  customer_id BIGINT NULL,                          -- the person whom it is about
  subject     VARCHAR(500) NOT NULL DEFAULT '',     -- what was done, in words
  reason      VARCHAR(500) NOT NULL DEFAULT '',
  KEY (customer_id, id)
);

-- Who opened whose timeline. Repeats within a quarter of an hour are one row that counts. Ids in place of keys: it is
-- written on the way past, without a look-up.
CREATE TABLE IF NOT EXISTS access_log (
  customer_id BINARY(16) NOT NULL,
  quarter     BIGINT NOT NULL,                      -- when the quarter of an hour began
  viewer_id   BINARY(16) NOT NULL,                  -- agent or API token
  what        TINYINT NOT NULL,
  first_at    BIGINT NOT NULL,
  last_at     BIGINT NOT NULL,
  count       INT NOT NULL,
  PRIMARY KEY (customer_id, quarter, viewer_id, what)
);

-- When it was erased. The row stays, so that counts, order and versions stay true.
ALTER TABLE entry
  ADD COLUMN IF NOT EXISTS erased_at BIGINT NULL;
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS erased_at BIGINT NULL;

-- The entries that an input became are found when it must be erased with them.
ALTER TABLE entry
  ADD KEY IF NOT EXISTS (journal_id);
ALTER TABLE entry_blob
  ADD KEY IF NOT EXISTS (entry_id);
ALTER TABLE journal
  ADD KEY IF NOT EXISTS (body_sha256);

-- Files that an erasure has condemned, until they are gone from the disk: written in the transaction that took the last
-- reference away, so that none is left behind by a process that dies between the two.
CREATE TABLE IF NOT EXISTS condemned_file (
  sha256 BINARY(32) PRIMARY KEY,
  at     BIGINT NOT NULL
);
