/* Who is signing in at a provider for a channel (OAuth 2.0, RFC 6749 §4.1): between the click and the provider's sending the browser
 * back. Both may meet another server process. Of the state (§10.12) only its hash is here. sql/080_sign_in.sql */
#pragma once

#include "base/clock.h"
#include "base/crypto.h"
#include "db/db.h"

#define SIGN_IN_MS (10 * MINUTE_MS)

struct sign_in {
    uint8_t state_hash[SHA256_SIZE];
    uint8_t session_hash[SHA256_SIZE]; /* of the browser session that began it */
    int64_t ends_at;
};

void sign_in_add(struct db *db, const struct uuid *channel, const struct sign_in *s);

/* The key of its channel, and it is gone: in a transaction. 0: there is none of this state and session, or its time is over. */
int64_t sign_in_take(struct db *db, struct arena *a, const struct sign_in *s, int64_t now);

int64_t sign_in_sweep(struct db *db, int64_t before, int64_t limit); /* those that have ended; how many they were */
