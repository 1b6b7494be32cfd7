-- Raised by every change that people make, so that two who edit the same thing at once learn of each other. Not
-- channel.changed_at: that moves as well when sending is held up, which is none of their business.
ALTER TABLE channel ADD COLUMN IF NOT EXISTS version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE attribute ADD COLUMN IF NOT EXISTS version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE agent ADD COLUMN IF NOT EXISTS version BIGINT NOT NULL DEFAULT 1;
