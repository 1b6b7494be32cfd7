-- What the search index has yet to read. The index is derived, a file beside each server process (server/search), and may be
-- thrown away; this table tells it in the same transaction whose entries, or which person's data, have changed. Numbers
-- become visible out of order when transactions overtake each other: the reader remembers the gaps.

CREATE TABLE IF NOT EXISTS search_feed (
  seq         BIGINT AUTO_INCREMENT PRIMARY KEY,
  identity_id BIGINT NOT NULL DEFAULT 0,            -- its entries, its name or its value
  customer_id BIGINT NOT NULL DEFAULT 0,            -- or what is known of this person; both 0: make the index anew
  made_at     BIGINT NOT NULL
);

-- One row: which database this is, so that an index made from another one is not taken for its own.
CREATE TABLE IF NOT EXISTS search_source (
  one  TINYINT PRIMARY KEY DEFAULT 1,
  uuid BINARY(16) NOT NULL
);

INSERT IGNORE INTO search_source (one, uuid) VALUES (1, RANDOM_BYTES(16));
