-- 021 ended in a comment behind its semicolon, and so did nothing: what was longer than 250 could not be written at all.
ALTER TABLE conversation MODIFY preview VARCHAR(500) NOT NULL DEFAULT '';
