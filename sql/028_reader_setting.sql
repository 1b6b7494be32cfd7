-- By which setting a reader has made what it has made (task/reader.h). Of the day counts it is the time zone of their days, which was
-- UTC until now.
ALTER TABLE reader ADD COLUMN IF NOT EXISTS setting VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
UPDATE reader SET setting = 'UTC' WHERE name = 'contact_days' AND setting = '';
