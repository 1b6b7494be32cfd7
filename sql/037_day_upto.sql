-- A new entry adds itself to its day, unless the day has counted it: up to which version of the identity that is (store/contact.h). Of the
-- rows that are there it is not known; all are counted anew.
ALTER TABLE contact_day ADD COLUMN IF NOT EXISTS upto BIGINT NOT NULL DEFAULT 0;
UPDATE reader SET anew = 0 WHERE name = 'contact_days';
