/* Rows that say who somebody is. */
#pragma once

#include "task/import_row.h"

bool import_person_row(struct import *im, const struct row *row, struct import_item *item, struct refusal *ret);
/* In the step's transaction, after the ingest: profiles as the rows say. Counts in intake.changed. */
void import_people_profiles(struct import *im, struct import_item *items, size_t n, int64_t now);
