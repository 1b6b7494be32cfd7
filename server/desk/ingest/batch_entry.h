/* A step of a batch: new, newer, receipt or repeat. */
#pragma once

#include "desk/ingest/batch.h"

bool take_items(struct batch *b); /* false: refused */
