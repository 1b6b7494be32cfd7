-- One row for each transaction instead of one for each identity: a statement that inserts several rows takes more numbers
-- than it has rows, and each number left over looks like a transaction that has not committed yet. Both columns hold keys,
-- separated by blanks; both empty: make the index anew.

ALTER TABLE search_feed
  CHANGE COLUMN IF EXISTS identity_id identities MEDIUMTEXT NOT NULL DEFAULT '',
  CHANGE COLUMN IF EXISTS customer_id customers MEDIUMTEXT NOT NULL DEFAULT '';
