-- Who reads the log of changes for all servers, and how far each has come, changed in the transaction of what it does
-- (task/reader.h). `holes`: numbers before `seen` that may still become visible, "101 105-107". `anew`: what it has made is made
-- again, so far; NULL: it is whole.
CREATE TABLE IF NOT EXISTS reader (
  name  VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
  seen  BIGINT NOT NULL,
  holes LONGTEXT CHARACTER SET ascii NOT NULL DEFAULT '',
  anew  BIGINT NULL
);

-- What a reader could not deal with: it has gone on behind it.
CREATE TABLE IF NOT EXISTS reader_aside (
  reader  VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq     BIGINT NOT NULL,
  changes MEDIUMTEXT NOT NULL,
  problem VARCHAR(500) NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (reader, seq)
);
