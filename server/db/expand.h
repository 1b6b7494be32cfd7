/* What {entry} and the like stand for in a statement: db/record.h has the forms. */
#pragma once

#include "base/buf.h"
#include "db/config.h"

bool db_is_read(const struct field *f); /* it is a column of what is read */
void db_expand(const char *sql, const struct db_record *records, struct buf *out);
