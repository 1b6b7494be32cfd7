/* Who is perhaps the same person: what claims and names say, put together by person. What somebody has refused, and what
 * is shared, never comes. */
#pragma once

#include "store/claim.h"

/* struct suggestion, one a person, the surest first. The confidences of several signals add up as those of independent
 * witnesses; signal and evidence are those of the strongest, then the others' evidence. */
struct list suggest(struct db *db, struct arena *a, const struct customer *customer);
