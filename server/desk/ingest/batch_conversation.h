/* A step of a batch: into which conversation. */
#pragma once

#include "desk/ingest/batch.h"

bool edit_conversations(struct batch *b); /* false: refused */
void read_conversations(struct batch *b);
void place_items(struct batch *b);
void refold_conversations(struct batch *b); /* once all entries are written */
