-- What has not left, or perhaps not, is listed (store/outbox.h): nearly all has, so these few are found by their state.
ALTER TABLE outbox ADD KEY IF NOT EXISTS state (state, id);
