-- What an entry said when it was filed: the first 63 bits of a SHA-256 over its content (server/desk/batch_repeat.c). Tells a
-- repeat from something else under the same id. NULL: filed before this column was there, or erased.
ALTER TABLE entry ADD COLUMN content_hash BIGINT NULL;
