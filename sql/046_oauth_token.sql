-- What a channel that signs in by OAuth 2.0 has been given last: store/oauth_token.h. `origin` says by which settings, `sealed` holds the
-- tokens, sealed like the secrets of channels.
CREATE TABLE IF NOT EXISTS oauth_token (
  channel_id      BIGINT PRIMARY KEY,
  origin          BINARY(16) NOT NULL,
  sealed          BLOB NULL,
  expires_at      BIGINT NOT NULL DEFAULT 0,
  refreshed_until BIGINT NOT NULL DEFAULT 0,
  refused         TEXT CHARACTER SET utf8mb4 NULL
);
