/* Who is perhaps the same person: what speaks for a pair (store/pair.h), put together, with what speaks against it. A pair is the same,
 * as sure and as reasoned, in the list of all and from both its sides. */
#pragma once

#include "store/pair.h"

struct suggestion {
    int64_t a_key, b_key; /* inside */
    struct customer_ref people[2], *a, *b;
    struct uuid customer_id; /* b, as somebody's suggestion has it */
    const char *name;
    int64_t confidence;
    const char *signal;
    const char *evidence;
    int64_t claim; /* inside: the newest that speaks for it; 0: the name alone */
    int64_t found_at;
    struct uuid identity_id; /* of a, and … */
    struct uuid other_identity_id;
    int64_t last_at;
    struct list differs; /* struct difference (desk/profile/differ.h) */
};

/* struct suggestion, one a person, the surest first; `a` is the customer. The confidences of several signals add up as those of
 * independent witnesses; the signal is that of the strongest, and its evidence the first. Two statements; none where there is
 * nothing. */
struct list suggest(struct db *db, struct arena *a, const struct customer *customer);

/* Where a page of all pairs begins. */
struct suggest_from {
    enum pair_by by;
    int64_t at, b; /* a place before which it begins: INT64_MAX and INT64_MAX for all */
};
#define SUGGEST_FROM_START ((struct suggest_from){PAIR_BY_CLAIM, INT64_MAX, INT64_MAX})

/* The next pairs that nobody has answered, at most `limit`; struct suggestion. What a claim speaks for comes first, newest first, and
 * then who is called the same, newest people first. Five statements, which read so much and no more: so a page may be empty although
 * there is another one. *from becomes where the next begins; *ret_more false: there is none. */
struct list suggest_all(struct db *db, struct arena *a, struct suggest_from *from, int64_t limit, bool *ret_more);
