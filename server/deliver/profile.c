#include "deliver/profile.h"

#include "base/clock.h"
#include "channel/channel.h"
#include "deliver/retry.h"
#include "desk/ground/account.h"
#include "desk/ingest/ingest.h"
#include "store/channel.h"
#include "store/conversation.h"
#include "store/identity.h"

#include <string.h>

#define CONVERSATIONS_MAX 50 /* that are told of the name */

/* What somebody is called, as a list would say it. False: the database is away. */
static bool save_name(struct profiles *p, struct arena *a, const struct channel_account *account,
                      const struct identity *d, const char *name)
{
    struct changes changes = {0};
    struct error err = {0};
    const struct identity *now = identity_by_key(p->db, a, d->key);
    if (!now || strcmp(now->value, d->value) != 0) /* erased meanwhile: nobody is made of it anew */
        return db_failure(p->db) == DB_FINE;
    struct inbound in = {.type = INBOUND_PERSON,
                         .from = identity_ref_at(account, (enum identity_kind)d->kind, d->value),
                         .occurred_at = clock_now(),
                         .kind = ENTRY_ACTIVITY};
    in.from.name = name;
    in.from.proof = PROOF_PROVEN;
    struct intake t = intake_by(account, in.occurred_at, cause_by(CAUSE_CHANNEL, account->id));
    t.list = (struct inbound_list){.items = &in, .n = 1};
    bool saved = ingest_one(p->desk, p->db, a, &t, NULL, NULL, &changes, &err);
    struct uuid customer = identity_customer(p->db, a, d->key);
    struct list conversations = conversation_of_customer(p->db, a, &customer, CONVERSATIONS_MAX);
    for (size_t i = 0; saved && i < conversations.n; i++) /* the queue shows it */
        changes_add(&changes, (struct change){.kind = CHANGE_CONVERSATION,
                                              .customer = customer,
                                              .conversation = (struct conversation *)conversations.items + i});
    if (changes.n)
        p->publish(p->context, &changes);
    changes_clear(&changes);
    return saved;
}

/* The longer it does not work, the longer the wait. */
static int64_t ask_again_at(const struct identity *d, const struct send_result *result, int64_t now)
{
    int64_t since = now - d->last_at, wait = retry_after_within_reason(result->retry_after_ms);
    int64_t longer = since > RETRY_LONGEST_WAIT_MS ? RETRY_LONGEST_WAIT_MS : since;
    if (since > RETRY_GIVE_UP_MS)
        return 0;
    longer = longer > RETRY_FIRST_WAIT_MS ? longer : RETRY_FIRST_WAIT_MS;
    return now + (wait > longer ? wait : longer);
}

/* When again; 0: never (store/due.h). */
static int64_t ask_name(struct profiles *p, struct arena *a, int64_t key)
{
    struct send_request request = {0};
    struct send_reply reply;
    struct send_result result;
    const struct identity *d = identity_by_key(p->db, a, key);
    struct channel_row *row = d ? channel_by_key(p->db, a, d->scope) : NULL;
    struct channel_account *account = row ? account_open(p->desk, a, row) : NULL;
    if (db_failure(p->db) != DB_FINE)
        return clock_now() + RETRY_FIRST_WAIT_MS;
    if (!account || !account->active || !account->type->ask_profile ||
        !account->type->ask_profile(account, d->value, a, &request))
        return 0;
    transfer_run(p->transfer, a, &request, true, &reply);
    const char *name = account->type->read_profile(&reply, a, &result);
    bool again = result.outcome == SEND_AGAIN || (name && !save_name(p, a, account, d, name));
    return again ? ask_again_at(d, &result, clock_now()) : 0;
}

bool profile_ask_next(struct profiles *p)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct list taken = {0};
    if (!due_take(p->db, a, clock_now(), &p->taker, (struct value_list){0}, 1, &taken) || taken.n == 0)
        return false;
    const struct due_taken *due = taken.items;
    if (!due_settle(p->db, DUE_PROFILE, due, ask_name(p, a, due->key)))
        p->taker.hold = DUE_MAY_HOLD;
    return true;
}
