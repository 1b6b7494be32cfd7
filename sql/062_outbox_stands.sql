-- Since when the oldest answer of a channel waits (store/outbox.h): one look into this for each channel.
ALTER TABLE outbox ADD KEY IF NOT EXISTS stands (state, channel_id, created_at);
