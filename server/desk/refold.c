#include "desk/refold.h"

#include "desk/standing.h"
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

struct conversation *refold_by_key(struct db *db, struct arena *a, int64_t key)
{
    struct list found = conversation_lock(db, a, &key, key ? 1 : 0);
    struct conversation *c = found.n ? found.items : NULL;
    if (!c)
        return NULL;
    refold(db, a, c);
    conversation_save(db, a, (struct conversation *const *)&c, 1);
    return c;
}
