-- Where a conversation stands follows from its entries in the order of their arrival (desk/standing.h), from the beginning
-- whenever one of them has changed.
-- entry.arrival: its stamp in its conversation; 0: history, it never arrived. entry.failed_at: likewise, that it could not be
-- delivered. conversation.arrival: the last stamp. conversation.read_until: an agent has seen what came until then.
ALTER TABLE entry
  ADD COLUMN IF NOT EXISTS arrival BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS failed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation
  ADD COLUMN IF NOT EXISTS arrival BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS read_until BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS notice TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS preview_code TINYINT NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS preview_n INT NOT NULL DEFAULT 0;

-- Of what is resolved nothing waits, so its entries may be history; it stays resolved.
UPDATE conversation c JOIN entry e ON e.conversation_id = c.id SET e.arrival = e.received_at
  WHERE c.status < 2 AND e.arrival = 0 AND e.received_at < e.occurred_at + 604800000;
UPDATE conversation c SET
  arrival = (SELECT COALESCE(MAX(e.arrival), 0) FROM entry e WHERE e.conversation_id = c.id),
  read_until = IF(unread = 0, arrival, 0)
  WHERE c.status < 2 AND c.arrival = 0;

-- Whoever was erased before left rows of the queue behind.
UPDATE conversation c JOIN identity_link l ON l.open_identity = c.opened_by JOIN customer cu ON cu.id = l.customer_id SET
  c.resolved_at = COALESCE(c.resolved_at, cu.erased_at), c.status = 2, c.waiting_since = NULL, c.unread = 0,
  c.snoozed_until = NULL, c.version = c.version + 1
  WHERE cu.erased_at IS NOT NULL AND (c.status < 2 OR c.unread > 0 OR c.waiting_since IS NOT NULL);
