/* mailbox.*: from when on mail is collected from the mailbox of a channel; where that stands is in channel.list. */
#include "store/mailbox.h"
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "channel/channel.h"
#include "store/channel.h"
#include "store/outbox.h"

struct mailbox_start {
    struct uuid channel_id;
    int64_t since;
};

struct mailbox_try {
    struct uuid channel_id;
};

static SHAPE(MAILBOX_START, mailbox_start, "MailboxStartParams", "From when on.",
    UUID_REQ(mailbox_start, channel_id, "channel_id", "The channel."),
    TIME(mailbox_start, since, "since", "Of what lies there, mail that came since then is taken in, as history when it came before the mailbox was started; null: only what is new."));
static SHAPE(MAILBOX_TRY, mailbox_try, "MailboxTryParams", "Which one.",
    UUID_REQ(mailbox_try, channel_id, "channel_id", "The channel."));

/* Of a channel that collects; else refuses. */
static struct channel_row *lock_collecting(struct db *db, struct call *call, const struct uuid *id)
{
    struct channel_row *row = channel_lock(db, call->arena, id);
    const struct channel_type *type = row ? channel_type_find(row->type) : NULL;
    if (type && type->collects)
        return row;
    if (db_failure(db) == DB_FINE)
        call_refuse(call, "channel_id", no_mailbox);
    return NULL;
}

static bool write_start(struct db *db, struct audited *s)
{
    const struct mailbox_start *p = s->params;
    struct call *call = s->call;
    struct channel_row *row = lock_collecting(db, call, &p->channel_id);
    if (!row)
        return false;
    char at[TIME_TEXT_SIZE];
    struct buf facts = {0};
    int64_t since = p->since ? p->since : call->now;
    mailbox_start(db, &p->channel_id, call->now, since);
    time_format(since, at);
    facts_text(&facts, "mail_since", at);
    audited_note(s, AUDIT_CHANNEL_UPDATE, row->name)->after = facts_end(call->arena, &facts);
    return true;
}

static bool start_mailbox(struct call *call)
{
    const struct mailbox_start *p = call->params;
    if (p->since > call->now)
        return call_refuse(call, "since", in_future, "since");
    struct audited s = {.call = call, .params = p, .change = write_start};
    if (!call_audited(&s))
        return false;
    changes_add(&call->changes, (struct change){.kind = CHANGE_CHANNELS});
    return true;
}

struct trying {
    struct call *call;
    int64_t channel;
};

static bool write_try(struct db *db, void *arg)
{
    struct trying *t = arg;
    const struct mailbox_try *p = t->call->params;
    const struct channel_row *row = lock_collecting(db, t->call, &p->channel_id);
    if (!row)
        return false;
    t->channel = row->key;
    mailbox_touch(db, &p->channel_id, t->call->now);
    return db_failure(db) == DB_FINE;
}

/* Not here: a server that does not answer would hold up a worker. */
static bool try_mailbox(struct call *call)
{
    struct trying t = {.call = call};
    if (!db_transact(call->db, write_try, &t, &call->err))
        return false;
    outbox_hasten(call->db, call->arena, t.channel, call->now);
    return call_db_fine(call);
}

METHODS(MAILBOX_METHODS,
    METHOD("mailbox.try", "Looks at the mailbox of a channel now, also when it was given up, and tries answers by it that wait for another try. What is found is in channel.list when it is there, and screens are told to reload channels: a problem, or `tried_at` and what lies there of one that is not started yet.", ROLE_ADMIN, 0, EFFECT_NONE, &MAILBOX_TRY, &EMPTY_SHAPE, try_mailbox),
    METHOD("mailbox.start", "Mail of the mailbox is taken in from now on, and of what lies there what came since a time. Again: from another time; what was taken in once never comes again.", ROLE_ADMIN, 0, EFFECT_NONE, &MAILBOX_START, &EMPTY_SHAPE, start_mailbox, .audits = AUDITS(CHANNEL_UPDATE)));
