/* All records that statements may name, for db_config: whoever adds one with a name of its own adds it here. */
#pragma once

#include "db/db.h"

extern const struct db_record RECORDS[];
