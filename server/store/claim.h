/* Claims: what somebody says of an identity without the proof that a rule asks for. When claimant and claimed belong to
 * different persons, they are perhaps one (store/pair.h). */
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
