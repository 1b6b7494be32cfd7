/* Orders of which a shop says only which they are and where they stand: those that it has deleted. */
#pragma once

#include "desk/ingest/batch.h"

/* Fills in whose they are and what they were. One that is not known is left out. */
void complete_bare_orders(struct batch *b);
