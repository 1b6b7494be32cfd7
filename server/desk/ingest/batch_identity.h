/* A step of a batch: under whom things are filed. */
#pragma once

#include "desk/ingest/batch.h"

/* Each entry that is new and names a person by value. */
typedef void each_entry(struct batch *b, struct intake *t, const struct inbound *in, void *arg);
void for_new_entries(struct batch *b, each_entry *fn, void *arg);
bool also_links(const struct inbound *in, size_t i); /* its other name i has the proof that a rule asks for */
void resolve_identities(struct batch *b);            /* finds, makes and locks all of the batch */
