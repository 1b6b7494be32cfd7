-- How far a mailbox is read by Microsoft Graph, and until when a provider wants to be asked no more.
ALTER TABLE mailbox ADD COLUMN IF NOT EXISTS delta_link TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
ALTER TABLE mailbox ADD COLUMN IF NOT EXISTS slowed_until BIGINT NOT NULL DEFAULT 0;
