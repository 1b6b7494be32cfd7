/* The tokens that a channel was given last (OAuth 2.0, RFC 6749), sealed. A provider may give another refresh token with each access
 * token, and take back the one before: so one alone refreshes, by a lease in the row, and writes down what it got at once.
 * sql/046_oauth_token.sql */
#pragma once

#include "db/db.h"

struct oauth_token {
    struct uuid origin; /* of the settings that it came of: when they are others now, it counts no more */
    const char *sealed; /* NULL: nothing was given yet */
    size_t sealed_n;
    int64_t expires_at;
    const char *refused; /* why the grant is refused, as a saying: nobody asks again; or NULL */
};

/* NULL: there is none of these settings. */
struct oauth_token *oauth_token_get(struct db *db, struct arena *a, int64_t channel, const struct uuid *origin);

/* True: it is the caller's to refresh it, until then. What came of other settings is forgotten. */
bool oauth_token_take(struct db *db, int64_t channel, const struct uuid *origin, int64_t now, int64_t until);

/* What came of it, by who has taken it. False: it could not be written. */
bool oauth_token_put(struct db *db, int64_t channel, const struct oauth_token *token);

void oauth_token_expire(struct db *db, int64_t channel);                   /* it was not taken, so another is needed */
void oauth_token_unrefuse(struct db *db, const struct uuid *channel_uuid); /* somebody wants it to be tried again */
