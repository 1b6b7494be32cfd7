#include "deliver/token.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "store/mailbox.h"
#include "store/oauth_token.h"

#include <time.h>

#define LEFT_MS (2 * MINUTE_MS) /* what ends so soon is asked for anew */
#define LEASE_MS (60 * SECOND_MS)
#define POLL_MS 100
#define WRITE_TRIES 60
#define WRITE_PAUSE_MS 500
#define SEALED_MAX 60000

struct tokens {
    const char *access, *refresh;
};

/* Of all by which tokens are had: other settings, other tokens. */
static struct uuid origin_of(const struct token_ask *ask)
{
    const struct oauth_client *c = ask->client;
    const char *parts[] = {c->id, c->secret, c->token_url, c->scope, c->refresh_token};
    AUTO_BUF struct buf text = {0};
    char hex[89];
    struct uuid origin;
    buf_puts(&text, "oauth_origin");
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        buf_putc(&text, '\n');
        buf_puts(&text, parts[i]);
    }
    crypto_hmac_text(HMAC_SHA256, ENCODE_HEX, (const char *)ask->desk->secret_key, SECRET_KEY_SIZE, text.data, text.len,
                     hex);
    hex[2 * sizeof(origin)] = '\0';
    crypto_unhex(hex, (uint8_t *)&origin, sizeof(origin));
    return origin;
}

/* ---- sealed ---- */

static struct tokens unseal_tokens(const struct token_ask *ask, struct arena *a, const struct oauth_token *row)
{
    struct tokens tokens = {0};
    if (!row || !row->sealed || row->sealed_n <= SEAL_OVERHEAD)
        return tokens;
    size_t n = row->sealed_n - SEAL_OVERHEAD;
    char *plain = arena_alloc(a, n + 1);
    if (!crypto_unseal(ask->desk->secret_key, (const uint8_t *)row->sealed, row->sealed_n, plain))
        return tokens;
    struct json_object *both = json_parse(plain, n, NULL);
    tokens = (struct tokens){json_text(a, both, "access"), json_text(a, both, "refresh")};
    json_object_put(both);
    return tokens;
}

static void seal_tokens(const struct token_ask *ask, struct arena *a, const struct tokens *tokens,
                        struct oauth_token *row)
{
    AUTO_BUF struct buf plain = {0};
    json_open(&plain, NULL, '{');
    json_put_text(&plain, "access", tokens->access);
    json_put_text(&plain, "refresh", tokens->refresh);
    json_close(&plain, '}');
    uint8_t *sealed = arena_alloc(a, plain.len + SEAL_OVERHEAD);
    crypto_seal(ask->desk->secret_key, plain.data, plain.len, sealed);
    row->sealed = (const char *)sealed;
    row->sealed_n = plain.len + SEAL_OVERHEAD;
}

/* ---- refreshing ---- */

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void ask_provider(const struct token_ask *ask, struct arena *a, const char *refresh, struct oauth_answer *ret)
{
    struct send_request request = {
        .how = SEND_HTTP,
        .url = ask->client->token_url,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
        .body = oauth_token_body(a, ask->client, refresh)};
    struct send_reply reply;
    request.body_len = strlen(request.body);
    transfer_run(ask->transfer, a, &request, false, &reply);
    oauth_read_answer(&reply, a, ret);
}

/* Google says in the same words that a password was changed and that the app was only being tested; the time tells them apart. */
static void tell_testing(const struct token_ask *ask, struct arena *a, struct oauth_answer *answer)
{
    int64_t testing_ms = ask->client->way->testing_ms;
    if (!answer->grant_ended || !testing_ms)
        return;
    const struct mailbox *row = mailbox_get(ask->db, a, ask->account->id);
    int64_t since_ms = row && row->signed_in_at ? clock_now() - row->signed_in_at : 0;
    if (since_ms >= testing_ms && since_ms < testing_ms + DAY_MS)
        answer->said = said(a, oauth_testing, (int)(testing_ms / DAY_MS));
}

/* What was given once is not given again: the database may be away for a moment. */
static bool write_tokens(const struct token_ask *ask, const struct oauth_token *row)
{
    for (int i = 0; i < WRITE_TRIES; i++) {
        if (db_ready(ask->db) && oauth_token_put(ask->db, ask->account->id, row))
            return true;
        pause_ms(WRITE_PAUSE_MS);
    }
    log_error("tokens not written channel=%s", log_quoted(ask->account->name));
    return false;
}

static enum token_end refresh_token(const struct token_ask *ask, struct arena *a, const struct uuid *origin,
                                    const char **ret_token, const char **ret_said)
{
    struct oauth_token *before = oauth_token_get(ask->db, a, ask->account->id, origin);
    struct tokens tokens = unseal_tokens(ask, a, before);
    const char *refresh = tokens.refresh ? tokens.refresh : ask->client->refresh_token;
    struct oauth_answer answer;
    ask_provider(ask, a, refresh, &answer);
    tell_testing(ask, a, &answer);
    struct oauth_token row = {.origin = *origin};
    tokens = (struct tokens){answer.access_token, answer.refresh_token ? answer.refresh_token : refresh};
    seal_tokens(ask, a, &tokens, &row);
    if (row.sealed_n > SEALED_MAX) {
        answer = (struct oauth_answer){.said = said(a, oauth_refused, "…"), .for_good = true};
        row = (struct oauth_token){.origin = *origin};
    }
    row.expires_at = answer.access_token ? clock_now() + answer.expires_in_ms : 0;
    row.refused = answer.for_good ? answer.said : NULL;
    write_tokens(ask, &row);
    *ret_token = answer.access_token;
    *ret_said = answer.said;
    return answer.access_token ? TOKEN_GOOD : answer.for_good ? TOKEN_REFUSED : TOKEN_LATER;
}

enum token_end token_get(const struct token_ask *ask, struct arena *a, const char **ret_token, const char **ret_said)
{
    struct uuid origin = origin_of(ask);
    *ret_said = oauth_lacks(a, ask->client);
    if (*ret_said)
        return TOKEN_REFUSED;
    int64_t until = clock_monotonic() + TOKEN_WAIT_MS;
    do {
        int64_t now = clock_now();
        struct oauth_token *row = oauth_token_get(ask->db, a, ask->account->id, &origin);
        if (row && row->refused) {
            *ret_said = row->refused;
            return TOKEN_REFUSED;
        }
        bool good = row && row->expires_at > now + LEFT_MS;
        *ret_token = good ? unseal_tokens(ask, a, row).access : NULL;
        if (*ret_token)
            return TOKEN_GOOD;
        if (db_failure(ask->db) == DB_FINE && oauth_token_take(ask->db, ask->account->id, &origin, now, now + LEASE_MS))
            return refresh_token(ask, a, &origin, ret_token, ret_said);
        pause_ms(POLL_MS);
    } while (clock_monotonic() < until && db_failure(ask->db) == DB_FINE);
    *ret_said = said(a, oauth_unreachable, "…");
    return TOKEN_LATER;
}

void token_drop(const struct token_ask *ask)
{
    oauth_token_expire(ask->db, ask->account->id);
}
