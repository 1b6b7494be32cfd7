/* Two steps of a batch: which mail does a new one answer? It joins the conversation of that one, where it is its author's and takes more
 * (batch_conversation.h). Else - a colleague in Cc who answers, an old mail used as an address book - it says whose thread it is in:
 * "thread" in its payload. */
#pragma once

#include "desk/ingest/batch.h"

void find_threads(struct batch *b); /* once items are taken: no statement */
void note_threads(struct batch *b); /* once they have their conversations; one statement when there is such a mail */
