-- Answers that are planned for a time (desk/act/planned.h). conversation.planned_at: of those in it, when the next one goes.
ALTER TABLE entry ADD COLUMN IF NOT EXISTS send_at BIGINT NULL;
ALTER TABLE conversation ADD COLUMN IF NOT EXISTS planned_at BIGINT NULL;
