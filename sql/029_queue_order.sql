-- The queue by who waits longest and by priority: where a row stands in these orders is kept with it (store/conversation.c,
-- place), and a page reads the index alone until it has its rows.

ALTER TABLE conversation
  ADD COLUMN IF NOT EXISTS wait_order BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS urgency_order BIGINT NOT NULL DEFAULT 0;
UPDATE conversation SET
  wait_order = IF(COALESCE(waiting_since, 0) > 0, waiting_since, 20000000000000 - last_at),
  urgency_order = (3 - priority) * 20000000000000 + wait_order
  WHERE wait_order = 0;
ALTER TABLE conversation
  ADD KEY IF NOT EXISTS by_waiting (status, wait_order, id, assignee_id, last_medium),
  ADD KEY IF NOT EXISTS by_urgency (status, urgency_order, id, assignee_id, last_medium);
