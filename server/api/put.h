/* What entries.put and orders.put share: identities from outside, and running what they make. */
#pragma once

#include "api/call.h"
#include "channel/inbound.h"

struct put_identity {
    int kind;
    const char *value;
    const char *name;
};

struct put_result {
    int64_t created;
    int64_t repeated;
};

extern const struct shape PUT_IDENTITY_SHAPE, PUT_RESULT_SHAPE;

/* The account that the caller names; NULL fills call->err. */
const struct channel_account *put_channel(struct call *call, const struct uuid *id);

/* Normalises the identities into `in`, as they are named at that account; false fills call->err with the place (`what`[i]) of
 * the one that is wrong. */
bool put_identities(struct call *call, const struct channel_account *account, const struct put_identity *first,
                    const struct list *also, const char *what, size_t i, struct inbound *in);

struct intake put_intake(struct call *call, const struct channel_account *account, struct inbound *in);

/* All of them, in batches; a false answer means that some may be committed: the same call again is safe. */
bool put_run(struct call *call, struct intake *intakes, size_t n, struct put_result *ret);
