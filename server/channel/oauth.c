#include "channel/oauth.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"
#include "channel/kit.h"

#include <ctype.h>
#include <strings.h>

#define EXPIRES_DEFAULT_S 600
#define EXPIRES_MOST_S 86400
#define ID_TOKEN_MAX 16384
#define TENANT "{tenant}"
#define ANY_TENANT "common"

/* ---- the settings ---- */

static const struct oauth_way *oauth_way_of(const struct channel_account *account)
{
    const char *word = channel_setting(account, "sign_in");
    for (const struct oauth_way *way = account->type->oauth; way && way->word; way++)
        if (!word[0] || strcmp(way->word, word) == 0)
            return way;
    return NULL;
}

enum oauth_by channel_signs_in(const struct channel_account *account)
{
    const struct oauth_way *way = oauth_way_of(account);
    return way ? way->by : OAUTH_BY_NOBODY;
}

/* The setting, or what the provider's row has, with the tenant in it. */
static const char *oauth_address(const struct channel_account *account, struct arena *a, const char *setting,
                                 const char *of_row)
{
    const char *given = channel_setting(account, setting), *tenant = channel_setting(account, "oauth_tenant");
    const char *url = given[0] ? given : of_row, *at = strstr(url, TENANT);
    AUTO_BUF struct buf out = {0};
    if (!at)
        return url;
    buf_add(&out, url, (size_t)(at - url));
    url_put(&out, tenant[0] ? tenant : ANY_TENANT, "");
    buf_puts(&out, at + strlen(TENANT));
    return arena_strndup(a, out.data, out.len);
}

bool oauth_client_of(const struct channel_account *account, struct arena *a, struct oauth_client *ret)
{
    const struct oauth_way *way = oauth_way_of(account);
    if (channel_signs_in(account) == OAUTH_BY_NOBODY)
        return false;
    const char *scope = channel_setting(account, "oauth_scope");
    *ret = (struct oauth_client){.way = way,
                                 .id = channel_setting(account, "oauth_client_id"),
                                 .secret = channel_setting(account, "oauth_client_secret"),
                                 .authorize_url = oauth_address(account, a, "oauth_authorize_url", way->authorize_url),
                                 .token_url = oauth_address(account, a, "oauth_token_url", way->token_url),
                                 .scope = scope[0] ? scope : way->scope,
                                 .refresh_token =
                                     way->by == OAUTH_BY_PERSON ? channel_setting(account, OAUTH_REFRESH_TOKEN) : ""};
    return true;
}

const char *oauth_lacks(struct arena *a, const struct oauth_client *client)
{
    if (!client->id[0])
        return said(a, oauth_no_client);
    if (client->way->by == OAUTH_BY_APP && strstr(client->token_url, "/" ANY_TENANT "/"))
        return said(a, oauth_no_tenant);
    if (!client->token_url[0])
        return said(a, oauth_no_address);
    if (client->way->by == OAUTH_BY_PERSON && !client->refresh_token[0])
        return said(a, oauth_not_signed_in);
    return NULL;
}

/* ---- asking ---- */

static void put_form(struct buf *out, const char *name, const char *value)
{
    if (!value[0])
        return;
    buf_printf(out, "%s%s=", out->len ? "&" : "", name);
    url_put(out, value, "");
}

const char *oauth_token_body(struct arena *a, const struct oauth_client *client, const char *refresh_token)
{
    AUTO_BUF struct buf out = {0};
    bool app = client->way->by == OAUTH_BY_APP;
    put_form(&out, "grant_type", app ? "client_credentials" : "refresh_token");
    put_form(&out, "refresh_token", app ? "" : refresh_token);
    put_form(&out, "client_id", client->id);
    put_form(&out, "client_secret", client->secret);
    put_form(&out, "scope", client->scope);
    return arena_strndup(a, out.data, out.len);
}

/* BASE64URL(SHA256(verifier)), RFC 7636 §4.2 */
static const char *challenge_of(struct arena *a, const char *verifier)
{
    uint8_t digest[SHA256_SIZE];
    char *text = arena_alloc(a, (SHA256_SIZE + 2) / 3 * 4 + 1);
    crypto_sha256(verifier, strlen(verifier), digest);
    crypto_base64_encode(digest, sizeof(digest), text);
    for (char *c = text; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c;
    return text;
}

const char *oauth_authorize_url(struct arena *a, const struct oauth_client *client, const struct oauth_sign_in *s)
{
    AUTO_BUF struct buf out = {0};
    const char *who = client->way->scope_who, *url = client->authorize_url;
    if (!text_is_web_url(url))
        return NULL;
    put_form(&out, "response_type", "code");
    put_form(&out, "client_id", client->id);
    put_form(&out, "redirect_uri", s->redirect_url);
    put_form(&out, "scope", arena_printf(a, "%s%s%s", who, who[0] && client->scope[0] ? " " : "", client->scope));
    put_form(&out, "state", s->state);
    put_form(&out, "code_challenge", challenge_of(a, s->verifier));
    put_form(&out, "code_challenge_method", "S256");
    put_form(&out, "login_hint", s->user);
    if (client->way->more[0])
        buf_printf(&out, "&%s", client->way->more);
    return arena_printf(a, "%s%c%s", url, strchr(url, '?') ? '&' : '?', out.data);
}

const char *oauth_code_body(struct arena *a, const struct oauth_client *client, const struct oauth_sign_in *s,
                            const char *code)
{
    AUTO_BUF struct buf out = {0};
    put_form(&out, "grant_type", "authorization_code");
    put_form(&out, "code", code);
    put_form(&out, "redirect_uri", s->redirect_url);
    put_form(&out, "code_verifier", s->verifier);
    put_form(&out, "client_id", client->id);
    put_form(&out, "client_secret", client->secret);
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
    {"access_denied", "", SAID_sign_in_cancelled, TOLD_sign_in_cancelled},
    {"", "", SAID_oauth_refused, TOLD_oauth_refused},
};

/* A number that goes on is another one. */
static bool has_code(const char *description, const char *code)
{
    const char *at = strstr(description, code);
    return !code[0] || (at && !isdigit((unsigned char)at[strlen(code)]));
}

static const struct refusal *oauth_refusal_of(const char *error, const char *description)
{
    const struct refusal *r = REFUSALS;
    while (r->error[0] && (strcmp(r->error, error) != 0 || !has_code(description, r->code)))
        r++;
    return r;
}

static const char *refusal_said(struct arena *a, const struct refusal *r, const char *error, const char *description)
{
    const char *quote = line_cut(a, description[0] ? description : error, REASON_MAX);
    return said_make(a, r->saying, "%s", quote ? quote : "…");
}

const char *oauth_sign_in_refusal(struct arena *a, const char *error, const char *description)
{
    description = description ? description : "";
    return refusal_said(a, oauth_refusal_of(error, description), error, description);
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
        const struct refusal *r = oauth_refusal_of(error, description ? description : "");
        ret->said = refusal_said(a, r, error, description ? description : "");
        ret->for_good = true;
        ret->grant_ended = r->saying == SAID_oauth_grant;
    }
}

/* The second part of a JWT (RFC 7519). It comes from the token address itself, so its signature says nothing more (OpenID Connect Core
 * §3.1.3.7, 6). Microsoft's name for signing in need not be the address of the mailbox. */
static void read_id_token(struct arena *a, const char *id_token, struct list *ret)
{
    static const char *const NAMES[] = {"email", "preferred_username", "upn"};
    const char *claims = id_token && strlen(id_token) < ID_TOKEN_MAX ? strchr(id_token, '.') : NULL;
    size_t n = claims ? strcspn(claims + 1, ".") : 0;
    uint8_t *text = arena_alloc(a, n * 3 / 4 + 3);
    long len = n ? crypto_base64_decode(claims + 1, n, text) : -1;
    struct json_object *object = len > 0 ? json_parse((const char *)text, (size_t)len, NULL) : NULL;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        const char *name = line_cut(a, json_text(a, object, NAMES[i]), IDENTITY_VALUE_MAX);
        if (name)
            *(const char **)list_grow(a, ret, sizeof(char *)) = name;
    }
    json_object_put(object);
}

/* As it may stand in a header (RFC 6749 §A.12, VSCHAR). */
static bool is_access_token(const char *text)
{
    const char *p = text;
    while (p && *p >= ' ' && *p <= '~')
        p++;
    return p && p > text && !*p;
}

void oauth_read_answer(const struct send_reply *reply, struct arena *a, struct oauth_answer *ret)
{
    struct json_object *body = json_parse(reply->body, reply->body_len, NULL);
    *ret = (struct oauth_answer){0};
    if (reply->status == 200)
        ret->access_token = json_text(a, body, "access_token");
    if (is_access_token(ret->access_token)) {
        int64_t seconds = json_int(body, "expires_in", EXPIRES_DEFAULT_S);
        ret->refresh_token = json_text(a, body, "refresh_token");
        ret->expires_in_ms = 1000 * (seconds < 0 || seconds > EXPIRES_MOST_S ? EXPIRES_DEFAULT_S : seconds);
        read_id_token(a, json_text(a, body, "id_token"), &ret->who);
    } else {
        ret->access_token = NULL;
        read_refusal(reply, a, body, ret);
    }
    json_object_put(body);
}
