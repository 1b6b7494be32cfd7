/* A step of a batch: a mail that answers one of somebody else's - a colleague in Cc, to whom it was sent on - belongs to who wrote it, and
 * says whose thread it is in: "thread" in its payload. */
#pragma once

#include "desk/ingest/batch.h"

void note_threads(struct batch *b); /* once people are known and items taken; one statement when there is such a mail */
