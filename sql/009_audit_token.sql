-- By which token something was done, where no agent did it.

ALTER TABLE audit ADD COLUMN IF NOT EXISTS token_id BINARY(16) NULL AFTER agent_id;
