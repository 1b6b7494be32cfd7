-- Who keeps the people in step with another system reads those that have changed, however many there are.

ALTER TABLE customer
  ADD KEY IF NOT EXISTS (changed_at);
ALTER TABLE identity_link
  ADD KEY IF NOT EXISTS (from_at),
  ADD KEY IF NOT EXISTS (until_at);
