/* The access token of a channel that signs in by OAuth 2.0: the one that is there while it is good, and otherwise a new one, for which
 * one of all servers asks (store/oauth_token.h). What the provider has refused for good is asked no more until the settings change,
 * or somebody wants it (mailbox.try). On a thread of its own: it blocks, for TOKEN_WAIT_MS at most. */
#pragma once

#include "channel/oauth.h"
#include "db/db.h"
#include "deliver/transfer.h"

#define TOKEN_WAIT_MS 40000LL

struct token_ask {
    const struct desk *desk;
    struct db *db;
    struct transfer *transfer;
    const struct channel_account *account;
    const struct oauth_client *client;
};

enum token_end {
    TOKEN_GOOD,
    TOKEN_REFUSED, /* for good; *ret_said says why */
    TOKEN_LATER    /* *ret_said likewise */
};
enum token_end token_get(const struct token_ask *ask, struct arena *a, const char **ret_token, const char **ret_said);

void token_drop(const struct token_ask *ask); /* it was not taken: the next that is asked for is another one */
