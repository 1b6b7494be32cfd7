/* A step of a batch: the same id, but is it the same thing? */
#pragma once

#include "desk/ingest/batch.h"

void hash_content(
    struct intake *t); /* of all its inputs: before the transaction, as it takes as long as they are large */
bool is_other(const struct intake *t, const struct inbound *in, const struct item *item);
const char *other_external_id(struct arena *a, const struct inbound *in);                  /* for what is other */
struct item *find_twin(struct batch *b, const struct intake *t, const struct inbound *in); /* or NULL */

/* The Message-ID in the external_id of a mail's entry, which may be marked as another one's. */
const char *message_id_of(struct arena *a, const char *external_id);
