-- Who has a row of the outbox: a server that starts again takes back at once what it had when it died.

ALTER TABLE outbox ADD COLUMN IF NOT EXISTS leased_by BIGINT NOT NULL DEFAULT 0;
