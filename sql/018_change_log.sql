-- What changed, in the order in which it was written: one row a transaction, told in it. The search index reads it, and so do
-- integrators (event.list). `changes` are words separated by blanks, in store/change_log.h. Numbers become visible out of order
-- when transactions overtake each other: whoever reads by number minds the gaps.

RENAME TABLE IF EXISTS search_feed TO change_log;

-- The old columns are made where they are not, so that this may run again.
ALTER TABLE change_log
  ADD COLUMN IF NOT EXISTS changes MEDIUMTEXT NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS identities MEDIUMTEXT NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS customers MEDIUMTEXT NOT NULL DEFAULT '';

UPDATE change_log SET changes = TRIM(CONCAT(REGEXP_REPLACE(identities, '([1-9][0-9]*)', 'i\\1'), ' ',
                                            REGEXP_REPLACE(customers, '([1-9][0-9]*)', 'c\\1')))
WHERE identities <> '' OR customers <> '';

ALTER TABLE change_log DROP COLUMN IF EXISTS identities, DROP COLUMN IF EXISTS customers;
