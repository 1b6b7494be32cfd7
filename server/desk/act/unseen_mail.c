#include "desk/act/unseen_mail.h"

#include "base/clock.h"
#include "base/text.h"
#include "desk/act/message.h"
#include "desk/conversation/reach.h"
#include "desk/conversation/unseen.h"
#include "desk/ingest/ingest.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/identity.h"
#include "store/unseen.h"

#define PURPOSE "unseen:"
#define HMAC_TEXT_MAX 89 /* crypto_hmac_text */
#define ANSWERS_MAX 50

static const struct channel_account *mail_account(const struct accounts *accounts, const struct channel_account *chat)
{
    const char *name = channel_setting(chat, "unseen_channel");
    const struct channel_account *items = accounts->items.items;
    for (size_t i = 0; i < accounts->items.n; i++)
        if (items[i].active && items[i].type->has_subject && items[i].type->build &&
            (!name[0] || strcmp(items[i].name, name) == 0))
            return &items[i];
    return NULL;
}

/* An address that is the person's own goes before one that was only left. */
static const struct way *mail_way(const struct list *ways, const struct channel_account *mail)
{
    const struct way *items = ways->items, *best = NULL;
    for (size_t i = 0; i < ways->n; i++)
        if (items[i].account == mail && items[i].usable && (!best || (best->unproven && !items[i].unproven)))
            best = &items[i];
    return best;
}

/* The answers as they were given, under the name of who gave them: no word of our own that would have to be translated. */
static const char *answers_text(struct arena *a, const struct list *answers)
{
    AUTO_BUF struct buf out = {0};
    const struct entry *items = answers->items;
    for (size_t i = 0; i < answers->n; i++) {
        bool named = !text_is_blank(items[i].author_name);
        if (!text_is_blank(items[i].text))
            buf_printf(&out, "%s%s%s%s", out.len ? "\n\n" : "", named ? items[i].author_name : "", named ? ": " : "",
                       items[i].text);
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

/* The same for whoever makes it: of the last answer that it holds. The visitor knows that answer's id, and whoever knows the
 * mail's can answer it in another's name: so it takes the desk's key to tell one from the other. */
static struct uuid entry_id_of(const struct desk *desk, const struct uuid *last)
{
    char id[UUID_TEXT_SIZE + sizeof(PURPOSE)], keyed[HMAC_TEXT_MAX];
    memcpy(id, PURPOSE, sizeof(PURPOSE) - 1);
    uuid_format(last, id + sizeof(PURPOSE) - 1);
    crypto_hmac_text(HMAC_SHA256, ENCODE_HEX, (const char *)desk->secret_key, SECRET_KEY_SIZE, id, strlen(id), keyed);
    return uuid_named(keyed, strlen(keyed));
}

/* A visitor, and what goes to them. */
struct letter {
    struct act *act;
    const struct due_taken *due; /* its key is the visitor's */
    struct list answers;         /* struct entry */
    int64_t until;               /* the time of the last one, or of what is known to have been seen */
    const struct way *way;
};

static bool forget(struct db *db, void *arg)
{
    const struct letter *l = arg;
    unseen_done(db, l->due, l->until);
    return true;
}

/* No way: nothing has to go, or there is none. A message that arrives now is waited for, and counts. */
static bool read_letter(struct db *db, void *arg)
{
    struct letter *l = arg;
    struct act *act = l->act;
    struct list found = {0};
    *l = (struct letter){.act = act, .due = l->due};
    identity_lock_keys(db, act->a, &l->due->key, 1, &found);
    const struct identity *d = found.n ? found.items : NULL;
    if (!d)
        return true;
    /* who has written since was there, and has seen what stood above */
    int64_t mailed = unseen_mailed_until(db, act->a, l->due->key);
    l->until = d->last_in_at > mailed ? d->last_in_at : mailed;
    l->answers = unseen_entries(db, act->a, l->due->key, l->until, ANSWERS_MAX);
    if (l->answers.n == 0)
        return true;
    const struct entry *last = (struct entry *)l->answers.items + l->answers.n - 1;
    l->until = last->occurred_at;
    const struct channel_account *chat = accounts_find_key(act->accounts, last->channel_key);
    const struct channel_account *mail = chat ? mail_account(act->accounts, chat) : NULL;
    struct uuid id = mail ? identity_customer(db, act->a, l->due->key) : (struct uuid){{0}};
    struct customer *c = mail ? customer_get(db, act->a, &id) : NULL;
    if (!c)
        return true;
    struct list ways = reach_now(db, act->a, act->accounts, c, ROLE_ADMIN, clock_now());
    l->way = mail_way(&ways, mail);
    return true;
}

static bool mail_letter(struct act *act, struct letter *l)
{
    const struct way *w = l->way;
    const struct entry *last = (struct entry *)l->answers.items + l->answers.n - 1;
    const struct channel_account *chat = accounts_find_key(act->accounts, last->channel_key);
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = ENTRY_MESSAGE,
                         .direction = DIRECTION_OUT,
                         .occurred_at = clock_now(),
                         .author_name = last->author_name,
                         .subject = chat->name,
                         .text = answers_text(act->a, &l->answers),
                         .payload = unseen_payload(act->a, w->address, l->until)};
    for (size_t i = 0; i < l->answers.n; i++) {
        struct list files = entry_files(act->a, (struct entry *)l->answers.items + i);
        for (size_t k = 0; k < files.n; k++)
            *(struct attachment *)list_grow(act->a, &in.attachments, sizeof(struct attachment)) =
                ((struct attachment *)files.items)[k];
    }
    struct intake t = intake_by(w->account, in.occurred_at, act->cause);
    t.list = (struct inbound_list){.items = &in, .n = 1};
    t.entry_id = entry_id_of(act->desk, &last->id);
    t.identity = w->identity->key;
    t.send_at = in.occurred_at;
    in.external_id = mail_id_of(act->a, &t.entry_id, channel_setting(w->account, "address"));
    return ingest_one(act->desk, act->db, act->a, &t, forget, l, act->changes, act->err);
}

int64_t act_mail_unseen(struct act *act, const struct due_taken *due)
{
    struct letter l = {.act = act, .due = due};
    if (!db_transact(act->db, read_letter, &l, act->err))
        return DUE_FAILED;
    if (l.way)
        return mail_letter(act, &l) ? act->now : DUE_FAILED;
    if (l.answers.n)
        return 0;
    forget(act->db, &l); /* one may have come this moment */
    return act->now;
}
