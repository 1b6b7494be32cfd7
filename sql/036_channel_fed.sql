-- When something last came by a channel that has no webhook, and so no raw inputs: what systems put by the API, and visitors' messages.
-- To a minute (store/channel.h).
ALTER TABLE channel
  ADD COLUMN IF NOT EXISTS fed_at BIGINT NOT NULL DEFAULT 0;
