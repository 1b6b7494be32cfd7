/* How an account signs in at its provider by OAuth 2.0 (RFC 6749), by its settings; and what a refusal means (§5.2). Pure.
 * developers.google.com/identity/protocols/oauth2, learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow and
 * …/reference-error-codes */
#pragma once

#include "channel/channel.h"

/* The settings, as rows of a type's table; and the words of `sign_in`, for its choices. */
#define OAUTH_SETTINGS                                                                                                   \
    {"sign_in",  SETTING_CHOICE, 0,                                                                                      \
     "password", "Sign-in",      "With a password, or with tokens of the provider (OAuth 2.0)."},                        \
        {"oauth_client_id", SETTING_TEXT, 0, NULL, "Client id", "Of the app that you have registered at the provider."}, \
        {"oauth_client_secret",                                                                                          \
         SETTING_SECRET,                                                                                                 \
         0,                                                                                                              \
         NULL,                                                                                                           \
         "Client secret",                                                                                                \
         "Of that app. Microsoft's ends after two years at most."},                                                      \
        {"oauth_refresh_token",                                                                                          \
         SETTING_SECRET,                                                                                                 \
         0,                                                                                                              \
         NULL,                                                                                                           \
         "Refresh token",                                                                                                \
         "What the provider has given for this mailbox. It gives others later: they are kept here by themselves."},      \
        {"oauth_token_url",                                                                                              \
         SETTING_URL,                                                                                                    \
         0,                                                                                                              \
         NULL,                                                                                                           \
         "Token address",                                                                                                \
         "Empty: that of Google, or of Microsoft for all tenants (common)."},                                            \
        {"oauth_scope", SETTING_TEXT, 0, NULL, "Scopes", "Empty: what Google, or Microsoft, needs for mail."},
extern const char *const OAUTH_SIGN_INS[];

struct oauth_client {
    const char *id, *secret, *token_url, *scope, *refresh_token;
};

/* False: the account signs in with a password. */
bool oauth_client_of(const struct channel_account *account, struct oauth_client *ret);

/* The body of the request for an access token by a refresh token (§6), in the arena; application/x-www-form-urlencoded. */
const char *oauth_refresh_body(struct arena *a, const struct oauth_client *client, const char *refresh_token);

struct oauth_answer {
    const char *access_token;  /* NULL: it gave none */
    const char *refresh_token; /* another one; or NULL: the same */
    int64_t expires_in_ms;
    const char *said; /* why it gave none, as a saying */
    bool for_good;    /* to ask again as before is of no use: somebody must do something */
};
void oauth_read_answer(const struct send_reply *reply, struct arena *a, struct oauth_answer *ret);
