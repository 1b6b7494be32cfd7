-- By what means the person has come in each conversation: a fact of its entries (desk/conversation/standing.h), so that opening a person
-- reads no entries for it.

ALTER TABLE conversation ADD COLUMN IF NOT EXISTS asked_on VARCHAR(200) NOT NULL DEFAULT '[]';

UPDATE conversation c JOIN (
  SELECT conversation_id,
         CONCAT('["', GROUP_CONCAT(DISTINCT ELT(medium, 'email', 'chat', 'phone', 'line', 'whatsapp', 'messenger', 'instagram',
                                                'telegram', 'sms', 'shop', 'other') SEPARATOR '","'), '"]') AS media
  FROM entry
  WHERE conversation_id IS NOT NULL AND direction = 0 AND kind IN (0, 2) AND moved_to IS NULL AND medium > 0 AND NOT (kind = 0 AND author_kind = 2)
  GROUP BY conversation_id) e ON e.conversation_id = c.id
SET c.asked_on = e.media;
