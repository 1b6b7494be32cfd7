-- Telephone numbers of Brazil and Argentina have one form now, with and without their further digit (server/channel/phone.cc,
-- docs/IDENTITY.md): what is known in the other one gets it. `new_form` is there only while this runs.
ALTER TABLE identity ADD COLUMN IF NOT EXISTS new_form VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
UPDATE identity SET new_form = CASE
    WHEN value REGEXP '^[+]55(1[1-9]|[2-9][0-9])[6-9][0-9]{7}$' THEN CONCAT(LEFT(value, 5), '9', SUBSTRING(value, 6))
    WHEN value REGEXP '^[+]549[0-9]{10}$' THEN CONCAT('+54', SUBSTRING(value, 5))
  END
  WHERE kind = 2 AND (value LIKE '+55%' OR value LIKE '+549%');
UPDATE IGNORE identity SET value = new_form WHERE new_form IS NOT NULL;

-- Known in both: who has the other one claims the new one, and an agent decides.
INSERT IGNORE INTO claim (identity_id, kind, scope, value, signal_name, confidence, evidence, found_at)
  SELECT i.id, 2, 0, i.new_form, 'same_phone', 90,
    JSON_OBJECT('code', 'number_twice', 'params', JSON_OBJECT('value', i.value, 'other', i.new_form)), UNIX_TIMESTAMP() * 1000
  FROM identity i WHERE i.new_form IS NOT NULL AND i.value <> i.new_form;
ALTER TABLE identity DROP COLUMN IF EXISTS new_form;

UPDATE IGNORE claim SET value = CONCAT(LEFT(value, 5), '9', SUBSTRING(value, 6))
  WHERE kind = 2 AND value REGEXP '^[+]55(1[1-9]|[2-9][0-9])[6-9][0-9]{7}$';
UPDATE IGNORE claim SET value = CONCAT('+54', SUBSTRING(value, 5)) WHERE kind = 2 AND value REGEXP '^[+]549[0-9]{10}$';

-- What came by LINE has the message's id, by which it is taken back; until now it had the webhook event's.
UPDATE IGNORE entry e JOIN channel ch ON ch.id = e.channel_id AND ch.type = 'line'
  SET e.external_id = JSON_VALUE(e.payload, '$.message_id')
  WHERE e.kind = 0 AND e.direction = 0 AND e.external_id IS NOT NULL AND JSON_VALUE(e.payload, '$.message_id') <> '';
