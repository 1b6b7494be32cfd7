-- Visitors who have not seen an answer in the chat: when it goes to the address they have left. One row a visitor, from the
-- first such answer until it was looked after.
CREATE TABLE IF NOT EXISTS chat_unseen (
  identity_id BIGINT PRIMARY KEY,
  due_at      BIGINT NOT NULL,
  KEY (due_at),
  FOREIGN KEY (identity_id) REFERENCES identity (id) ON DELETE CASCADE
);
