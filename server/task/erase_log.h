/* What was erased, in a file outside the database, so that a restored backup can be told: a line with ids for each erasure,
 * written and on the disk when it ends, never rewritten. Nothing in it says who it was. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

/* `identities`: JSON list of the keys that were the person's. A file that cannot be written is an error in the log. */
void erase_log_person(const struct desk *desk, const struct uuid *customer, const char *identities);
void erase_log_entry(const struct desk *desk, const struct uuid *entry);
