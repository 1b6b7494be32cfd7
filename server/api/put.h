/* What entries.put and orders.put share: identities from outside, and running what they make. */
#pragma once

#include "api/call.h"
#include "channel/inbound.h"

struct put_identity {
    int kind;
    const char *value;
    const char *name;
};

enum put_became { PUT_NEW, PUT_UPDATED, PUT_UNCHANGED, PUT_REFUSED, PUT_BECAMES_ };

struct put_item {
    struct uuid id;
    const char *external_id;
    int result;        /* enum put_became */
    const char *error; /* JSON; NULL: it was not refused */
};

struct put_result {
    int64_t created, updated, repeated, refused;
    struct list items; /* struct put_item */
};

extern const struct shape PUT_IDENTITY_SHAPE, PUT_RESULT_SHAPE;

/* The account that the caller names; NULL fills call->err. */
const struct channel_account *put_channel(struct call *call, const struct uuid *id);

/* A way of naming a person as it is looked up: normalised, in its space at that account. NULL account: none was given. False fills
 * call->err. */
bool put_reference(struct call *call, const struct channel_account *account, const struct put_identity *from,
                   struct identity_ref *ret);

/* Normalises the identities into `in`, as they are named at that account, which may be NULL; false fills call->err with the place (`what`[i]) of
 * the one that is wrong. */
bool put_identities(struct call *call, const struct channel_account *account, const struct put_identity *first,
                    const struct list *also, const char *what, size_t i, struct inbound *in);

struct intake put_intake(struct call *call, const struct channel_account *account, struct inbound *in);

/* What call->err says of one item is that item's: the others are put all the same. False: it is the whole call's. */
bool put_refuse(struct call *call, struct intake *t);

/* Those that are not refused, in batches; tells what became of each, in their order. A false answer means that some may be committed:
 * the same call again is safe. */
bool put_run(struct call *call, struct intake *intakes, size_t n, struct put_result *ret);
