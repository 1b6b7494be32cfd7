/* Channel accounts, ready to use: secrets unsealed, defaults filled in. */
#pragma once

#include "channel/channel.h"
#include "db/db.h"
#include "desk/ground/desk.h"

#include <stdatomic.h>

struct known_signers; /* parser/parser.h */

/* A snapshot of all accounts. Shared by reference over threads; a change makes a new one. */
struct accounts {
    atomic_int references;
    int64_t generation;
    struct arena *arena;
    struct list items;             /* struct channel_account */
    struct known_signers *signers; /* read with them */
};

struct accounts *accounts_load(const struct desk *desk, struct db *db); /* NULL: the database is away */
struct accounts *accounts_ref(struct accounts *a);
void accounts_unref(struct accounts *a); /* takes NULL; the last one frees */
const struct channel_account *accounts_find(const struct accounts *a, const struct uuid *id);
const struct channel_account *accounts_find_key(const struct accounts *a, int64_t key);

/* One account from its row; NULL when its type is unknown or its secrets cannot be unsealed (logged). */
struct channel_account *account_open(const struct desk *desk, struct arena *a, const struct channel_row *row);

/* Where a provider sends back who signs in there (RFC 6749 §3.1.2), as it is registered with the app: the same for all channels. */
#define OAUTH_CALLBACK_PATH "/oauth/callback"
const char *account_redirect_url(const struct desk *desk, struct arena *a);

/* Checks settings as given ({name: value}, secrets among them) against the type's table, merges them over what `row`
 * has, makes the generated ones (told in *ret_generated, a JSON object text), and puts them into the row, sealed. */
bool account_configure(const struct desk *desk, struct arena *a, const struct channel_type *type,
                       struct channel_row *row, const char *settings_json, const char **ret_generated,
                       struct error *err);

/* A new value for a secret that the server makes, told in *ret_generated; the one that it had goes on to count beside it, as
 * "<name>_previous". */
bool account_rotate(const struct desk *desk, struct arena *a, const struct channel_type *type, struct channel_row *row,
                    const char *name, const char **ret_generated, struct error *err);

/* Fills what is not in the table: medium, webhook_url, secrets_set, warnings. */
void account_describe(const struct desk *desk, struct arena *a, struct channel_row *row);
