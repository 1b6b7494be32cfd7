#include "channel/oauth.h"

#include "base/json.h"
#include "base/text.h"
#include "channel/kit.h"

#include <ctype.h>
#include <strings.h>

#define EXPIRES_DEFAULT_S 600
#define EXPIRES_MOST_S 86400

static const struct provider {
    const char *token_url, *scope;
} PROVIDERS[] = {
    {"", ""}, /* password */
    {"https://oauth2.googleapis.com/token", "https://mail.google.com/"},
    {"https://login.microsoftonline.com/common/oauth2/v2.0/token",
     "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"},
    {"", ""}, /* another one */
};
const char *const OAUTH_SIGN_INS[] = {"password", "google", "microsoft", "oauth", NULL};
_Static_assert(COUNT_OF(OAUTH_SIGN_INS) == COUNT_OF(PROVIDERS) + 1, "a row for each");

static const char *setting_or(const struct channel_account *account, const char *name, const char *otherwise)
{
    const char *value = channel_setting(account, name);
    return value[0] ? value : otherwise;
}

bool oauth_client_of(const struct channel_account *account, struct oauth_client *ret)
{
    int sign_in = names_find(OAUTH_SIGN_INS, channel_setting(account, "sign_in"));
    if (sign_in < 1)
        return false;
    *ret = (struct oauth_client){.id = channel_setting(account, "oauth_client_id"),
                                 .secret = channel_setting(account, "oauth_client_secret"),
                                 .token_url = setting_or(account, "oauth_token_url", PROVIDERS[sign_in].token_url),
                                 .scope = setting_or(account, "oauth_scope", PROVIDERS[sign_in].scope),
                                 .refresh_token = channel_setting(account, "oauth_refresh_token")};
    return true;
}

/* ---- asking ---- */

static void put_form(struct buf *out, const char *name, const char *value)
{
    if (!value[0])
        return;
    buf_printf(out, "%s%s=", out->len ? "&" : "", name);
    for (const unsigned char *c = (const unsigned char *)value; *c; c++)
        if (isalnum(*c) || strchr("-._~", *c))
            buf_putc(out, (char)*c);
        else
            buf_printf(out, "%%%02X", *c);
}

const char *oauth_refresh_body(struct arena *a, const struct oauth_client *client, const char *refresh_token)
{
    AUTO_BUF struct buf out = {0};
    put_form(&out, "grant_type", "refresh_token");
    put_form(&out, "refresh_token", refresh_token);
    put_form(&out, "client_id", client->id);
    put_form(&out, "client_secret", client->secret);
    put_form(&out, "scope", client->scope);
    return arena_strndup(a, out.data, out.len);
}

/* ---- the answer ---- */

/* The first that fits says it. `code`: Microsoft's number in the description; "" fits any. */
static const struct refusal {
    const char *error, *code;
    enum saying saying;
    const char *english;
} REFUSALS[] = {
    {"invalid_grant", "AADSTS700082", SAID_oauth_unused, TOLD_oauth_unused},
    {"invalid_grant", "AADSTS50173", SAID_oauth_password, TOLD_oauth_password},
    {"invalid_grant", "AADSTS50076", SAID_oauth_factor, TOLD_oauth_factor},
    {"invalid_grant", "AADSTS50079", SAID_oauth_factor, TOLD_oauth_factor},
    {"invalid_grant", "AADSTS65001", SAID_oauth_consent, TOLD_oauth_consent},
    {"invalid_grant", "AADSTS53003", SAID_oauth_policy, TOLD_oauth_policy},
    {"invalid_grant", "AADSTS70043", SAID_oauth_policy, TOLD_oauth_policy},
    {"invalid_grant", "AADSTS70044", SAID_oauth_policy, TOLD_oauth_policy},
    {"invalid_grant", "", SAID_oauth_grant, TOLD_oauth_grant},
    {"invalid_client", "AADSTS7000222", SAID_oauth_secret, TOLD_oauth_secret},
    {"invalid_client", "", SAID_oauth_client, TOLD_oauth_client},
    {"unauthorized_client", "", SAID_oauth_client, TOLD_oauth_client},
};

/* A number that goes on is another one. */
static bool has_code(const char *description, const char *code)
{
    const char *at = strstr(description, code);
    return !code[0] || (at && !isdigit((unsigned char)at[strlen(code)]));
}

static const char *refusal_said(struct arena *a, const char *error, const char *description)
{
    const char *quote = line_cut(a, description[0] ? description : error, REASON_MAX);
    for (size_t i = 0; i < COUNT_OF(REFUSALS); i++)
        if (strcmp(REFUSALS[i].error, error) == 0 && has_code(description, REFUSALS[i].code))
            return said_make(a, REFUSALS[i].saying, "%s", quote);
    return said(a, oauth_refused, quote);
}

static void read_refusal(const struct send_reply *reply, struct arena *a, struct json_object *body,
                         struct oauth_answer *ret)
{
    const char *error = json_text(a, body, "error"), *description = json_text(a, body, "error_description");
    bool busy = !error || strcmp(error, "temporarily_unavailable") == 0 || strcmp(error, "server_error") == 0;
    if (reply->transport_said) {
        ret->said = reply->transport_said;
    } else if (reply->status / 100 != 4 || reply->status == 429 || busy) {
        ret->said = said(a, oauth_unreachable,
                         reply->transport_error ? reply->transport_error : arena_printf(a, "HTTP %d", reply->status));
    } else {
        ret->said = refusal_said(a, error, description ? description : "");
        ret->for_good = true;
    }
}

void oauth_read_answer(const struct send_reply *reply, struct arena *a, struct oauth_answer *ret)
{
    struct json_object *body = json_parse(reply->body, reply->body_len, NULL);
    *ret = (struct oauth_answer){0};
    if (reply->status == 200)
        ret->access_token = json_text(a, body, "access_token");
    if (ret->access_token && ret->access_token[0]) {
        int64_t seconds = json_int(body, "expires_in", EXPIRES_DEFAULT_S);
        ret->refresh_token = json_text(a, body, "refresh_token");
        ret->expires_in_ms = 1000 * (seconds < 0 || seconds > EXPIRES_MOST_S ? EXPIRES_DEFAULT_S : seconds);
    } else {
        ret->access_token = NULL;
        read_refusal(reply, a, body, ret);
    }
    json_object_put(body);
}
