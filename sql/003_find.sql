-- People are found by the beginning of any identity's value, and all conversations are shown newest first.

ALTER TABLE identity ADD KEY IF NOT EXISTS (value);
ALTER TABLE conversation ADD KEY IF NOT EXISTS (last_at, id);
