-- Loyalty points are a ledger by date: since when the balance counts, and the tier. What is dated before the balance is in it.

ALTER TABLE identity
  ADD COLUMN IF NOT EXISTS points_at BIGINT NOT NULL DEFAULT 0,   -- of the balance that was told last; 0: only changes were
  ADD COLUMN IF NOT EXISTS tier_at BIGINT NOT NULL DEFAULT 0;

UPDATE identity SET points_at = last_at WHERE points IS NOT NULL AND points_at = 0;
UPDATE identity SET tier_at = last_at WHERE tier IS NOT NULL AND tier_at = 0;
