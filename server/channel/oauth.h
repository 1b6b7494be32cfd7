/* How an account signs in at its provider by OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), by its settings; and what a refusal means
 * (§5.2). Pure. developers.google.com/identity/protocols/oauth2, learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow,
 * …/v2-oauth2-client-creds-grant-flow and …/reference-error-codes */
#pragma once

#include "channel/channel.h"

/* The settings, as rows of a type's table, behind its own `sign_in`. */
#define OAUTH_SETTINGS                                                                                                \
    {"oauth_client_id", SETTING_TEXT, 0, NULL, "Client id", "Of the app that you have registered at the provider."},  \
        {"oauth_client_secret",                                                                                       \
         SETTING_SECRET,                                                                                              \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Client secret",                                                                                             \
         "Of that app. Microsoft's ends after two years at most."},                                                   \
        {OAUTH_SECRET_ENDS,                                                                                           \
         SETTING_DATE,                                                                                                \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Client secret ends on",                                                                                     \
         "As the provider shows it: you are warned here a month before."},                                            \
        {"oauth_tenant",                                                                                              \
         SETTING_TEXT,                                                                                                \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Microsoft tenant",                                                                                          \
         "Its id, or a domain of it. Empty: whatever one signs in with. The app itself signs in at a tenant alone."}, \
        {OAUTH_REFRESH_TOKEN,                                                                                         \
         SETTING_SECRET,                                                                                              \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Refresh token",                                                                                             \
         "Comes by itself when you sign in; only to be entered when it was made elsewhere."},                         \
        {"oauth_authorize_url",                                                                                       \
         SETTING_URL,                                                                                                 \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Sign-in address",                                                                                           \
         "Where people sign in. Empty: that of Google, or of Microsoft."},                                            \
        {"oauth_token_url", SETTING_URL, 0, NULL, "Token address", "Empty: that of Google, or of Microsoft."},        \
        {"oauth_scope", SETTING_TEXT, 0, NULL, "Scopes", "Empty: what Google, or Microsoft, needs for mail."},
#define OAUTH_REFRESH_TOKEN "oauth_refresh_token"

/* One word of a type's setting `sign_in`; the first one is meant when it is not set. In its addresses {tenant} stands for the setting. */
struct oauth_way {
    const char *word;
    enum oauth_by by;
    const char *authorize_url, *token_url, *scope;
    const char *scope_who; /* asked for besides, so that the answer tells who has signed in (OpenID Connect); or "" */
    const char *more;      /* parameters of the sign-in, encoded; or "" */
    int64_t testing_ms;    /* so long a sign-in holds while the app is only being tested; 0: nobody ends it for that */
};

#define GOOGLE_AUTHORIZE_URL "https://accounts.google.com/o/oauth2/v2/auth"
#define GOOGLE_TOKEN_URL "https://oauth2.googleapis.com/token"
#define MICROSOFT_AUTHORIZE_URL "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize"
#define MICROSOFT_TOKEN_URL "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"

struct oauth_client {
    const struct oauth_way *way;
    const char *id, *secret, *authorize_url, *token_url, *scope, *refresh_token;
};

/* False: the account signs in with a password, or its type does not by tokens. The texts are the account's, or in the arena. */
bool oauth_client_of(const struct channel_account *account, struct arena *a, struct oauth_client *ret);

/* Why no token can be asked for, as a saying: something is not entered yet, or nobody has signed in; or NULL. */
const char *oauth_lacks(struct arena *a, const struct oauth_client *client);

/* The body of the request for an access token (§6, §4.4.2), in the arena; application/x-www-form-urlencoded. `refresh_token`: the one
 * that was given last; the app itself needs none. */
const char *oauth_token_body(struct arena *a, const struct oauth_client *client, const char *refresh_token);

/* ---- signing in ---- */

#define OAUTH_VERIFIER_SIZE 65 /* RFC 7636 §4.1, and the NUL */

struct oauth_sign_in {
    const char *redirect_url, *state;
    const char *verifier; /* leaves only with the code */
    const char *user;     /* who is expected to sign in; "": anybody */
};

/* Where the browser goes (§4.1.1, RFC 7636 §4.3). NULL: the settings name no address for that. */
const char *oauth_authorize_url(struct arena *a, const struct oauth_client *client, const struct oauth_sign_in *s);

/* The body of the request for tokens with the code that came back (§4.1.3). */
const char *oauth_code_body(struct arena *a, const struct oauth_client *client, const struct oauth_sign_in *s,
                            const char *code);

/* ---- the answer ---- */

struct oauth_answer {
    const char *access_token;  /* NULL: it gave none */
    const char *refresh_token; /* another one; or NULL: the same */
    int64_t expires_in_ms;
    struct list
        who; /* const char *: what an id_token calls who has signed in, the address first; empty: it does not say */
    const char *said; /* why it gave none, as a saying */
    bool for_good;    /* to ask again as before is of no use: somebody must do something */
    bool grant_ended; /* … because the sign-in holds no more, and the provider does not say why */
};
void oauth_read_answer(const struct send_reply *reply, struct arena *a, struct oauth_answer *ret);

/* What the provider has sent the browser back with in place of a code (§4.1.2.1), as a saying. */
const char *oauth_sign_in_refusal(struct arena *a, const char *error, const char *description);
