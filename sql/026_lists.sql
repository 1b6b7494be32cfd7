-- A page of the queue by medium reads its own rows, however many came by other means.

ALTER TABLE conversation
  ADD KEY IF NOT EXISTS assignee_medium (assignee_id, status, last_medium, last_at, id),
  ADD KEY IF NOT EXISTS medium_last (last_medium, last_at, id);

-- How names are compared has changed (search/variants.h): those of agents are brought into the new form when a visitor next gives one.
UPDATE agent SET name_fold = NULL;
