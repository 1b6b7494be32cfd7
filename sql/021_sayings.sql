-- What the server says is a code with parameters (server/base/saying.h), and a row of the queue shows why an answer was not
-- delivered: the sayings have to fit. Sentences that are there already stay as they are.

-- Of the last entry.
ALTER TABLE conversation MODIFY preview VARCHAR(500) NOT NULL DEFAULT '';
