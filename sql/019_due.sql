-- Everything that is to happen at a time is a row here: store/due.h. `what` is enum due_what; `noun_key` the key of what it is
-- about; `holder` who has taken it, or has left it behind.
CREATE TABLE IF NOT EXISTS due (
  what     TINYINT NOT NULL,
  noun_key BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  holder   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (what, noun_key),
  KEY due_at (what, at)
);

-- What was scheduled elsewhere comes here. What it was read from is made where it is not, so that this may run again.
ALTER TABLE outbox
  ADD COLUMN IF NOT EXISTS next_try_at BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS leased_until BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS leased_by BIGINT NOT NULL DEFAULT 0;
INSERT IGNORE INTO due (what, noun_key, at, holder)
  SELECT 0, id, GREATEST(next_try_at, leased_until), IF(leased_until = 0, 0, IF(leased_until = 1, -1, leased_by))
  FROM outbox WHERE state = 1;
ALTER TABLE outbox
  DROP KEY IF EXISTS state,
  DROP COLUMN IF EXISTS next_try_at,
  DROP COLUMN IF EXISTS leased_until,
  DROP COLUMN IF EXISTS leased_by;

ALTER TABLE task ADD COLUMN IF NOT EXISTS leased_until BIGINT NOT NULL DEFAULT 0;
INSERT IGNORE INTO due (what, noun_key, at)
  SELECT 1, id, GREATEST(created_at, leased_until) FROM task WHERE state < 2;
ALTER TABLE task
  DROP COLUMN IF EXISTS leased_until,
  DROP COLUMN IF EXISTS lease;

INSERT IGNORE INTO due (what, noun_key, at)
  SELECT 2, id, snoozed_until FROM conversation WHERE status = 1 AND snoozed_until IS NOT NULL;
ALTER TABLE conversation DROP KEY IF EXISTS status_3;

CREATE TABLE IF NOT EXISTS chat_unseen (identity_id BIGINT PRIMARY KEY, due_at BIGINT NOT NULL);
INSERT IGNORE INTO due (what, noun_key, at) SELECT 3, identity_id, due_at FROM chat_unseen;
DROP TABLE IF EXISTS chat_unseen;

-- What comes again and again begins by itself.
INSERT IGNORE INTO due (what, noun_key, at) VALUES (4, 0, 1000 * UNIX_TIMESTAMP());
