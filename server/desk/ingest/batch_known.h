/* A step of a batch: what is there already. */
#pragma once

#include "desk/ingest/batch.h"

struct item *known_item(struct batch *b, const struct intake *t, const struct inbound *in);     /* NULL: it is new */
const char *new_external_id(struct batch *b, const struct intake *t, const struct inbound *in); /* of what is new */
void find_known(struct batch *b);              /* a receipt about nothing that is known becomes its or_entry */
size_t answered_ids(const struct inbound *in); /* so many of its references may tell who answers: batch_people.c */
void refresh_known(struct batch *b); /* once their identities are locked: what has changed meanwhile is read again */
