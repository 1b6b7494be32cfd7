-- What agents have begun to write and have not sent: store/draft.h.
CREATE TABLE IF NOT EXISTS draft (
  agent_id    BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  version     BIGINT NOT NULL,
  saved_at    BIGINT NOT NULL,
  beginning   VARCHAR(400) NOT NULL,
  content     MEDIUMTEXT NOT NULL, -- JSON: api/draft.c
  PRIMARY KEY (agent_id, customer_id),
  KEY (customer_id),
  KEY (saved_at),
  FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
);
