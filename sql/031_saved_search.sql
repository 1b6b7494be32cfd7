-- Searches that agents keep for themselves.
CREATE TABLE IF NOT EXISTS saved_search (
  uuid     BINARY(16) PRIMARY KEY,
  agent_id BIGINT NOT NULL,
  name     VARCHAR(80) NOT NULL,
  address  VARCHAR(1000) NOT NULL, -- where the console shows it
  made_at  BIGINT NOT NULL,
  UNIQUE KEY (agent_id, name),
  FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
);
