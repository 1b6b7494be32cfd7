-- Searches that agents keep for themselves.
CREATE TABLE IF NOT EXISTS saved_search (
  uuid     BINARY(16) PRIMARY KEY,
  agent_id BIGINT NOT NULL,
  name     VARCHAR(80) NOT NULL,
  query    VARCHAR(400) NOT NULL,
  filters  VARCHAR(600) NOT NULL, -- as in the console's address
  made_at  BIGINT NOT NULL,
  UNIQUE KEY (agent_id, name),
  FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
);
