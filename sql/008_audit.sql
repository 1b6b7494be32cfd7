-- The second person in a decision - with whom somebody was merged, from whom something was moved -, so that the erasure of
-- either finds the words about both.

ALTER TABLE audit
  ADD COLUMN IF NOT EXISTS other_id BIGINT NULL,
  ADD KEY IF NOT EXISTS (other_id);
