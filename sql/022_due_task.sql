-- What may go in a group is found without reading the rows of others: store/due.h. Of a message the group is its channel.
ALTER TABLE due
  ADD COLUMN IF NOT EXISTS group_key BIGINT NOT NULL DEFAULT 0,
  DROP KEY IF EXISTS due_at,
  ADD KEY due_at (what, group_key, at);
UPDATE due d JOIN outbox o ON o.id = d.noun_key SET d.group_key = o.channel_id WHERE d.what = 0;

-- Who asked for a task, where it was an integrator: `created_by` is an agent.
ALTER TABLE task ADD COLUMN IF NOT EXISTS created_by_token BIGINT NULL;
