-- A page of the queue by medium reads its own rows, however many came by other means.

ALTER TABLE conversation
  ADD KEY IF NOT EXISTS assignee_medium (assignee_id, status, last_medium, last_at, id),
  ADD KEY IF NOT EXISTS medium_last (last_medium, last_at, id);
