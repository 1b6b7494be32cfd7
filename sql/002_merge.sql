-- Merging and un-merging people. An operation is never deleted: undoing one marks it, and whom an identity belongs to is
-- the rule that linked it first, followed through all operations that are not undone, in order. So undoing gives exactly
-- what would have been without it, whatever happened in between.

CREATE TABLE IF NOT EXISTS link_operation (
  id            BIGINT AUTO_INCREMENT PRIMARY KEY,  -- also the order in which they apply
  uuid          BINARY(16) NOT NULL UNIQUE,
  from_customer BIGINT NOT NULL,                    -- all that belonged to this one …
  into_customer BIGINT NOT NULL,                    -- … belongs to that one
  reason        VARCHAR(500) NOT NULL DEFAULT '',
  made_by       BIGINT NULL,                        -- agent
  made_at       BIGINT NOT NULL,
  undone_by     BIGINT NULL,
  undone_at     BIGINT NULL,
  undone_reason VARCHAR(500) NULL,
  KEY (from_customer, undone_at),
  KEY (into_customer, undone_at),
  FOREIGN KEY (from_customer) REFERENCES customer (id),
  FOREIGN KEY (into_customer) REFERENCES customer (id)
);

-- `via`: the identity that vouched when a rule made the link; where that one goes, this one goes too. `operation`: the
-- one that made this link; NULL: a rule did.
ALTER TABLE identity_link
  ADD COLUMN IF NOT EXISTS via BIGINT NULL,
  ADD COLUMN IF NOT EXISTS operation BIGINT NULL;
