/* Claims: what somebody says of an identity without the proof that a rule asks for. When claimant and claimed belong to
 * different persons, it is a suggestion that they are one. */
#pragma once

#include "db/db.h"
#include "store/records.h"

struct claim_new {
    int64_t identity; /* key: who claims, or of whom it is said … */
    int kind;         /* … to be also this one, which need not exist yet */
    int64_t scope;
    const char *value;
    const char *signal; /* a word: same_phone, claimed_email, … */
    int confidence;     /* per cent, 1..99 */
    const char *evidence;
    int64_t at;
};

/* One already there stays as it is, unless the new one says more. */
void claim_insert(struct db *db, struct arena *a, const struct claim_new *claims, size_t n);

/* Perhaps the same person as somebody else. */
struct suggestion {
    struct uuid customer_id; /* the other */
    int64_t customer_key;    /* inside */
    const char *name;
    int64_t confidence;
    const char *signal;
    const char *evidence;
    struct uuid identity_id; /* of the first, and … */
    struct uuid other_identity_id;
    int64_t last_at;
};

/* What claims say about a customer now, without what somebody has refused; struct suggestion, one per claim. */
struct list claim_suggestions(struct db *db, struct arena *a, int64_t customer, int64_t limit);

/* People of exactly this name, without what somebody has refused; struct suggestion without signal and confidence. */
struct list claim_same_name(struct db *db, struct arena *a, int64_t customer, const char *name, int64_t limit);

/* An open suggestion among all people. */
struct open_suggestion {
    int64_t id;
    struct customer_ref *a, *b, people[2];
    int64_t confidence;
    const char *signal;
    const char *evidence;
    int64_t found_at;
};
/* Newest first, before an id (INT64_MAX: from the newest); struct open_suggestion. */
struct list claim_open(struct db *db, struct arena *a, int64_t before, int64_t limit);
