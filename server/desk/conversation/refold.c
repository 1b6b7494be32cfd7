#include "desk/conversation/refold.h"

#include "base/clock.h"
#include "desk/conversation/standing.h"
#include "store/conversation.h"
#include "store/entry.h"

#define REFOLD_MAX 5000 /* entries: what is older decides nothing any more */

void refold(struct db *db, struct arena *a, struct conversation *c)
{
    struct list entries = {0};
    entry_of_conversation(db, a, c->key, REFOLD_MAX, &entries);
    if (db_failure(db) != DB_FINE)
        return;
    standing_fold(a, c, entries.items, entries.n, entries.n < REFOLD_MAX);
    c->version++;
}

struct conversation *refold_by_key(struct db *db, struct arena *a, int64_t key, const struct cause *cause)
{
    struct list found = conversation_lock(db, a, &key, key ? 1 : 0);
    struct conversation *c = found.n ? found.items : NULL;
    if (!c)
        return NULL;
    refold(db, a, c);
    conversation_save(db, a, (struct conversation *const *)&c, 1);
    const struct logged word = {.noun = LOGGED_CONVERSATION, .key = c->key, .version = c->version, .cause = *cause};
    change_log_add(db, &word, 1, clock_now());
    return c;
}

struct one {
    struct arena *a;
    int64_t key;
    const struct cause *cause;
    struct conversation *now;
};

static bool refold_one(struct db *db, void *arg)
{
    struct one *one = arg;
    one->now = refold_by_key(db, one->a, one->key, one->cause);
    return db_failure(db) == DB_FINE;
}

void refold_shown(struct db *db, struct arena *a, int64_t channel, const struct cause *cause, struct changes *changes)
{
    struct list keys = conversation_shown_by(db, a, channel, REFOLD_SHOWN_MAX);
    for (size_t i = 0; i < keys.n && db_ready(db); i++) { /* one that fails holds up no other */
        struct one one = {a, ((int64_t *)keys.items)[i], cause, NULL};
        if (db_transact(db, refold_one, &one, NULL) && one.now)
            changes_add(changes, (struct change){.kind = CHANGE_CONVERSATION,
                                                 .customer = one.now->customer_id,
                                                 .conversation = one.now});
    }
}
