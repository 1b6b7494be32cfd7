-- What a token may do (bits of enum token_scope; what there is may do what its role may), in which channels it may put
-- something (their uuids, one behind the other), until when, and when and from where it was used last.
ALTER TABLE api_token
  ADD COLUMN IF NOT EXISTS scopes TINYINT NOT NULL DEFAULT 8 AFTER role,
  ADD COLUMN IF NOT EXISTS channels VARBINARY(160) NOT NULL DEFAULT '' AFTER scopes,
  ADD COLUMN IF NOT EXISTS expires_at BIGINT NULL AFTER created_at,
  ADD COLUMN IF NOT EXISTS used_at BIGINT NULL AFTER expires_at,
  ADD COLUMN IF NOT EXISTS used_address VARCHAR(45) NULL AFTER used_at;

-- In what browser, from where, and when it was used last. `host_cookie`: its cookie has the name that no other site under
-- the domain can set, and counts under that name alone.
ALTER TABLE session
  ADD COLUMN IF NOT EXISTS used_at BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS address VARCHAR(45) NULL,
  ADD COLUMN IF NOT EXISTS browser VARCHAR(300) NULL,
  ADD COLUMN IF NOT EXISTS host_cookie BOOL NOT NULL DEFAULT FALSE;
UPDATE session SET used_at = UNIX_TIMESTAMP() * 1000 WHERE used_at = 0;

-- The sites that are connected sign as they did before for half a year more; new channels never take that.
UPDATE channel
   SET settings = JSON_SET(settings, '$.plain_signatures_until', DATE_FORMAT(UTC_DATE() + INTERVAL 180 DAY, '%Y-%m-%d'))
 WHERE type = 'chat' AND NOT JSON_EXISTS(settings, '$.plain_signatures_until');
