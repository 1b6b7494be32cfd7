-- Raised by every change that people make, so that two who edit the same thing at once learn of each other. Not
-- channel.changed_at: that moves as well when sending is held up, which is none of their business.
ALTER TABLE channel ADD COLUMN IF NOT EXISTS version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE attribute ADD COLUMN IF NOT EXISTS version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE agent ADD COLUMN IF NOT EXISTS version BIGINT NOT NULL DEFAULT 1;

-- SHA-256 of what is compared of the name, so that a stranger's is looked up and not compared with each. NULL: whoever asks
-- next makes it; every change of an account sets it back to that.
ALTER TABLE agent
  ADD COLUMN IF NOT EXISTS name_fold BINARY(32) NULL,
  ADD KEY IF NOT EXISTS name_fold (name_fold);
