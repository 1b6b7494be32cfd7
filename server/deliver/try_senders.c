#include "deliver/try_senders.h"

#include "base/clock.h"
#include "channel/channel.h"
#include "deliver/retry.h"
#include "deliver/token.h"
#include "desk/ground/account.h"
#include "store/channel.h"

#define UNANSWERED_WAIT_MS RETRY_LONGEST_WAIT_MS

/* Who logs in there: that needs the right to send as others. */
static const char *logged_in_as(const struct send_request *request, const struct sender *own)
{
    return request->user ? request->user : own->address;
}

static bool put_token(struct sender_trials *s, struct arena *a, const struct channel_account *account,
                      struct send_request *request)
{
    struct oauth_client client;
    const char *problem = NULL;
    struct token_ask ask = {s->desk, s->db, s->transfer, account, &client};
    return !request->by_token || !oauth_client_of(account, a, &client) ||
           token_get(&ask, a, &request->token, &problem) == TOKEN_GOOD;
}

/* Whoever is there says something; a connection that broke says nothing, whatever was said before. */
static bool was_answered(const struct send_reply *reply)
{
    return !reply->transport_error || reply->status / 100 >= 4;
}

/* *ret_refusal NULL: it may be sent as. False: nobody says whether, now. */
static bool try_sender(struct sender_trials *s, struct arena *a, const struct channel_account *account,
                       const struct sender *own, const struct sender *sender, const char **ret_refusal)
{
    struct send_request request = {0};
    struct send_reply reply;
    struct error err = {0};
    struct outbound out = {.to = sender->address, .from = sender->address, .text = ".", .now = clock_now()};
    if (!account->type->build(account, &out, a, &request, &err) || request.how != SEND_SMTP)
        return true;
    if (!put_token(s, a, account, &request))
        return false;
    struct transfer *alone = transfer_new(&s->desk->outgoing);
    transfer_try(alone, a, &request, own->address, &reply);
    transfer_free(alone);
    if (reply.status / 100 != 5)
        return was_answered(&reply);
    struct send_result result = {0};
    account->type->read_reply(account, &reply, a, &result);
    *ret_refusal = result.channel_broken ? result.error
                                         : said(a, sender_refused, sender->address, logged_in_as(&request, own),
                                                reply.status, reply.body_len ? reply.body : "…");
    return true;
}

/* Up to the first that is refused, or of which nobody says anything: each that waits in vain would hold up answers. */
static bool try_senders(struct sender_trials *s, struct arena *a, const struct channel_account *account,
                        const char **ret_refusal)
{
    struct list senders = channel_senders(a, account);
    const struct sender *items = senders.items;
    bool answered = true;
    *ret_refusal = NULL;
    for (size_t i = 0; i < senders.n && answered && !*ret_refusal; i++)
        answered = try_sender(s, a, account, items, &items[i], ret_refusal);
    return answered;
}

/* The same of what the provider is told. */
static bool try_setup(struct sender_trials *s, struct arena *a, const struct channel_account *account,
                      const char **ret_refusal)
{
    struct send_request request = {0};
    struct send_reply reply;
    account->type->ask_setup(account, a, &request);
    transfer_run(s->transfer, a, &request, true, &reply);
    if (reply.status == 0 || reply.status == 429 || reply.status >= 500)
        return false;
    const char *words = account->type->read_setup(&reply, a);
    *ret_refusal = words ? said(a, setup_refused, account->type->name, words) : NULL;
    return true;
}

/* When again; 0: never (store/due.h). */
static int64_t try_channel(struct sender_trials *s, struct arena *a, int64_t key)
{
    struct channel_row *row = channel_by_key(s->db, a, key);
    struct channel_account *account = row ? account_open(s->desk, a, row) : NULL;
    if (db_failure(s->db) != DB_FINE)
        return clock_now() + RETRY_FIRST_WAIT_MS;
    if (!account || !account->active)
        return 0;
    const char *refusal = NULL;
    if (account->type->ask_setup && !try_setup(s, a, account, &refusal))
        return clock_now() + UNANSWERED_WAIT_MS;
    if (!refusal && account->type->build && !try_senders(s, a, account, &refusal))
        return clock_now() + UNANSWERED_WAIT_MS;
    if (refusal || channel_trial_failed(row->problem)) {
        struct changes changes = {0};
        channel_set_problem(s->db, key, refusal, clock_now());
        changes_add(&changes, (struct change){.kind = CHANGE_CHANNELS});
        s->publish(s->context, &changes);
        changes_clear(&changes);
    }
    return 0;
}

bool senders_try_next(struct sender_trials *s)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct list taken = {0};
    if (!due_take(s->db, a, clock_now(), &s->taker, (struct value_list){0}, 1, &taken) || taken.n == 0)
        return false;
    const struct due_taken *due = taken.items;
    if (!due_settle(s->db, DUE_SENDERS, due, try_channel(s, a, due->key)))
        s->taker.hold = DUE_MAY_HOLD;
    return true;
}
