-- What changed, in the order in which it was written: one row a transaction, told in it. The search index reads it, and so do
-- integrators (event.list). `changes` are words separated by blanks, in store/change_log.h. Numbers become visible out of order
-- when transactions overtake each other: whoever reads by number minds the gaps.

RENAME TABLE IF EXISTS search_feed TO change_log;

ALTER TABLE change_log ADD COLUMN IF NOT EXISTS changes MEDIUMTEXT NOT NULL DEFAULT '';

UPDATE change_log SET changes = TRIM(CONCAT(REGEXP_REPLACE(identities, '([1-9][0-9]*)', 'i\\1'), ' ',
                                            REGEXP_REPLACE(customers, '([1-9][0-9]*)', 'c\\1')));

ALTER TABLE change_log DROP COLUMN IF EXISTS identities, DROP COLUMN IF EXISTS customers;
