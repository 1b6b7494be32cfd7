/* Loyalty points of an identity: a ledger by date. The newest balance that was told counts, and of the changes those that are
 * dated after it, in whatever order they come: what is dated before a balance is in it. */
#pragma once

#include "desk/ingest/batch.h"

/* What an entry that happened `at`, or a list, tells in its payload: balance, delta, tier. */
void take_points(struct batch *b, struct who *who, const struct intake *t, const struct inbound *in, int64_t at);

/* An entry of points is told otherwise: `item` still holds what it was. */
void correct_points(struct batch *b, const struct item *item, const struct intake *t, const struct inbound *in);
