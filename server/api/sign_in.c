#include "api/sign_in.h"

#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "channel/oauth.h"
#include "deliver/transfer.h"
#include "store/channel.h"
#include "store/mailbox.h"
#include "store/outbox.h"
#include "store/sign_in.h"

#include <strings.h>

#define STATE_MAX 100
#define REFRESH_TOKEN_MAX 4000

struct sign_in_begin {
    struct uuid channel_id;
};

struct sign_in_begun {
    const char *url;
};

static SHAPE(SIGN_IN_BEGIN, sign_in_begin, "MailboxSignInParams", "Which one.",
    UUID_REQ(sign_in_begin, channel_id, "channel_id", "The channel."));
static SHAPE(SIGN_IN_BEGUN, sign_in_begun, "MailboxSignIn", "Where to sign in.",
    TEXT_REQ(sign_in_begun, url, "url", 8000, "At the provider; for the browser that asks, for ten minutes, once."));

/* RFC 7636 §4.1. From the state, which leaves us, and our key, which does not: any server can make it again, and none keeps it. */
static const char *verifier_of(const struct desk *desk, struct arena *a, const char *state)
{
    const char *text = arena_printf(a, "oauth_verifier\n%s", state);
    char *hex = arena_alloc(a, 89);
    crypto_hmac_text(HMAC_SHA256, ENCODE_HEX, (const char *)desk->secret_key, SECRET_KEY_SIZE, text, strlen(text), hex);
    return hex;
}

static struct oauth_sign_in sign_in_of(const struct call *call, const struct channel_account *account,
                                       const char *state)
{
    return (struct oauth_sign_in){.redirect_url = account_redirect_url(call->desk, call->arena),
                                  .state = state,
                                  .verifier = verifier_of(call->desk, call->arena, state),
                                  .user = channel_setting(account, account->type->oauth_user)};
}

static struct sign_in sign_in_row(const struct call *call, const char *state)
{
    struct sign_in row = {.ends_at = call->now + SIGN_IN_MS};
    crypto_sha256(state, strlen(state), row.state_hash);
    memcpy(row.session_hash, call->caller.login_hash, SHA256_SIZE);
    return row;
}

/* ---- the beginning ---- */

static bool open_client(struct call *call, const struct channel_row *row, struct channel_account **ret_account,
                        struct oauth_client *ret)
{
    *ret_account = row ? account_open(call->desk, call->arena, row) : NULL;
    if (!*ret_account)
        return call_db_fine(call) && call_refuse(call, "channel_id", no_mailbox);
    if (!oauth_client_of(*ret_account, call->arena, ret) || ret->way->by != OAUTH_BY_PERSON)
        return call_refuse(call, "channel_id", sign_in_nobody);
    return true;
}

static bool begin_sign_in(struct call *call)
{
    const struct sign_in_begin *p = call->params;
    struct channel_account *account;
    struct oauth_client client;
    char *state = arena_alloc(call->arena, TOKEN_TEXT_SIZE);
    if (!call->caller.has_session)
        return call_refuse(call, NULL, sign_in_session);
    if (!open_client(call, channel_get(call->db, call->arena, &p->channel_id), &account, &client))
        return false;
    if (!client.id[0])
        return call_refuse(call, "channel_id", sign_in_no_client);
    crypto_token(state);
    struct oauth_sign_in s = sign_in_of(call, account, state);
    const char *url = oauth_authorize_url(call->arena, &client, &s);
    if (!url)
        return call_refuse(call, "channel_id", sign_in_no_address);
    struct sign_in row = sign_in_row(call, state);
    sign_in_add(call->db, &p->channel_id, &row);
    ((struct sign_in_begun *)call->result)->url = url;
    return call_db_fine(call);
}

/* ---- the end ---- */

struct finishing {
    struct call *call;
    const struct sign_in_given *given;
    struct sign_in row;
    int64_t key; /* of the channel */
    struct channel_row *channel;
    struct oauth_answer answer;
};

static bool take_state(struct db *db, void *arg)
{
    struct finishing *f = arg;
    f->key = sign_in_take(db, f->call->arena, &f->row, f->call->now);
    return db_failure(db) == DB_FINE;
}

/* Once, by the browser session that began it. */
static bool find_begun(struct finishing *f)
{
    struct call *call = f->call;
    if (!call->caller.has_session || call->caller.role != ROLE_ADMIN)
        return call_refuse(call, NULL, sign_in_browser);
    f->row = sign_in_row(call, f->given->state);
    if (strlen(f->given->state) > STATE_MAX || !db_transact(call->db, take_state, f, &call->err))
        return call->err.code == ERR_NONE && call_refuse(call, NULL, sign_in_state);
    f->channel = f->key ? channel_by_key(call->db, call->arena, f->key) : NULL;
    return call_db_fine(call) && (f->channel || call_refuse(call, NULL, sign_in_state));
}

static void exchange_code(struct finishing *f, const struct oauth_client *client, const struct oauth_sign_in *s)
{
    struct arena *a = f->call->arena;
    struct transfer *transfer = transfer_new(&f->call->desk->outgoing);
    struct send_request request = {
        .how = SEND_HTTP,
        .url = client->token_url,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
        .body = oauth_code_body(a, client, s, f->given->code)};
    struct send_reply reply;
    request.body_len = strlen(request.body);
    transfer_run(transfer, a, &request, false, &reply);
    oauth_read_answer(&reply, a, &f->answer);
    transfer_free(transfer);
}

/* Mail of somebody else must not come in by the wrong one's having been at the keyboard. */
static bool is_whom_we_expect(const struct finishing *f, const char *user)
{
    const char *const *who = f->answer.who.items;
    for (size_t i = 0; i < f->answer.who.n && user[0]; i++)
        if (strcasecmp(who[i], user) == 0)
            return true;
    return !user[0] || f->answer.who.n == 0;
}

static const char *who_signed_in(const struct finishing *f)
{
    return f->answer.who.n ? ((const char *const *)f->answer.who.items)[0] : NULL;
}

/* NULL: there are tokens. Else why not, as a saying. */
static const char *get_tokens(struct finishing *f)
{
    struct call *call = f->call;
    struct channel_account *account;
    struct oauth_client client;
    const struct sign_in_given *given = f->given;
    if (given->error[0])
        return oauth_sign_in_refusal(call->arena, given->error, given->description);
    if (!open_client(call, f->channel, &account, &client))
        return error_said(call->arena, &call->err);
    struct oauth_sign_in s = sign_in_of(call, account, given->state);
    exchange_code(f, &client, &s);
    const char *token = f->answer.refresh_token;
    if (!f->answer.access_token)
        return f->answer.said;
    if (!token || strlen(token) > REFRESH_TOKEN_MAX)
        return said(call->arena, sign_in_no_refresh);
    if (!is_whom_we_expect(f, s.user))
        return said(call->arena, sign_in_other, who_signed_in(f), s.user);
    return NULL;
}

/* Where nobody is named, the first who signs in is. */
static const char *settings_signed_in(const struct finishing *f, const struct channel_row *row)
{
    struct arena *a = f->call->arena;
    const struct channel_account *account = account_open(f->call->desk, a, row);
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '{');
    json_put_text(&out, OAUTH_REFRESH_TOKEN, f->answer.refresh_token);
    if (account && who_signed_in(f) && !channel_setting(account, account->type->oauth_user)[0])
        json_put_text(&out, account->type->oauth_user, who_signed_in(f));
    return json_done(a, &out, '}');
}

static bool write_signed_in(struct db *db, struct audited *s)
{
    struct finishing *f = s->own;
    struct call *call = s->call;
    struct buf facts = {0};
    const char *generated;
    struct channel_row *row = channel_lock(db, call->arena, &f->channel->id);
    if (!row)
        return db_failure(db) == DB_FINE && call_refuse(call, NULL, no_channel);
    if (!account_configure(call->desk, call->arena, channel_type_find(row->type), row, settings_signed_in(f, row),
                           &generated, &call->err))
        return false;
    channel_save(db, row, call->now);
    if (channel_trial_failed(row->problem)) /* perhaps not to who signs in now */
        channel_try(db, &row->id, call->now);
    mailbox_signed_in(db, &row->id, &(struct mailbox_sign_in){.now = call->now, .as = who_signed_in(f)});
    facts_text(&facts, "settings", OAUTH_REFRESH_TOKEN);
    facts_text(&facts, "signed_in_as", who_signed_in(f));
    audited_note(s, AUDIT_CHANNEL_UPDATE, row->name)->after = facts_end(call->arena, &facts);
    return true;
}

bool sign_in_finish(struct call *call, const struct sign_in_given *given, struct uuid *ret_channel)
{
    struct finishing f = {.call = call, .given = given};
    if (!find_begun(&f))
        return false;
    const char *problem = get_tokens(&f);
    call->err = (struct error){0};
    call->now = clock_now();
    struct audited s = {.call = call, .change = write_signed_in, .own = &f};
    if (!db_ready(call->db))
        return db_error(call->db, &call->err);
    if (problem)
        mailbox_signed_in(call->db, &f.channel->id, &(struct mailbox_sign_in){.now = call->now, .problem = problem});
    else if (!call_audited(&s))
        return false;
    else
        outbox_hasten(call->db, call->arena, f.key, call->now);
    changes_add(&call->changes, (struct change){.kind = CHANGE_CHANNELS});
    *ret_channel = f.channel->id;
    return call_db_fine(call);
}

METHODS(SIGN_IN_METHODS,
    METHOD("mailbox.sign_in", "Begins to sign in at the provider of a channel: where the browser goes. The provider sends it back to the channel's page in the console; what came of it is in channel.list. With a browser session only.", ROLE_ADMIN, 0, EFFECT_NONE, &SIGN_IN_BEGIN, &SIGN_IN_BEGUN, begin_sign_in));
