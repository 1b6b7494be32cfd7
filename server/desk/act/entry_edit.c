#include "desk/act/entry_edit.h"

#include "desk/conversation/refold.h"
#include "desk/conversation/rules.h"
#include "store/change_log.h"
#include "store/entry.h"
#include "store/identity.h"

static bool read_entries(struct db *db, struct entry_edit *x)
{
    struct list found = {0};
    entry_find_ids(db, x->act->a, x->ids, x->n, &found);
    for (size_t i = 0; i < found.n; i++)
        for (size_t k = 0; k < x->n; k++)
            if (uuid_equal(&((struct entry *)found.items)[i].id, &x->ids[k]))
                x->entries[k] = (struct entry *)found.items + i;
    return found.n == x->n;
}

static void lock(struct db *db, struct entry_edit *x, struct list *ret_identities)
{
    struct arena *a = x->act->a;
    struct list customers = {0};
    struct identity *items[2];
    int64_t keys[2];
    for (size_t i = 0; i < x->n; i++)
        keys[i] = x->entries[i]->identity_key;
    identity_lock_keys(db, a, keys, x->n, ret_identities);
    for (size_t i = 0; i < ret_identities->n; i++)
        items[i] = (struct identity *)ret_identities->items + i;
    link_lock(db, a, items, ret_identities->n, &customers); /* conversations are under their lock */
}

static void fold_again(struct db *db, struct entry_edit *x)
{
    for (size_t i = 0; i < x->n; i++) {
        bool seen = i > 0 && x->entries[i]->conversation_key == x->entries[0]->conversation_key;
        x->conversations[i] = x->counts_anew && !seen
                                  ? refold_by_key(db, x->act->a, x->entries[i]->conversation_key, &x->act->cause)
                                  : NULL;
    }
}

static bool run_edit(struct db *db, void *arg)
{
    struct entry_edit *x = arg;
    struct arena *a = x->act->a;
    struct list identities = {0};
    if (!read_entries(db, x))
        return error_set(x->act->err, "entry_id", no_entry);
    lock(db, x, &identities);
    if (!read_entries(db, x) || db_failure(db) != DB_FINE || !x->change(db, x))
        return false;
    struct logged rows[2] = {{0}};
    for (size_t i = 0; i < x->n; i++) {
        struct identity *items = identities.items, *d = NULL;
        for (size_t k = 0; k < identities.n; k++)
            d = items[k].key == x->entries[i]->identity_key ? &items[k] : d;
        if (!d)
            return false; /* the database has failed meanwhile */
        x->entries[i]->version = ++d->version;
        rows[i] = (struct logged){.noun = LOGGED_ENTRY, .key = d->key, .version = d->version, .cause = x->act->cause};
        identity_save(db, a, &d, 1);
    }
    entry_save(db, a, x->entries, x->n);
    change_log_add(db, rows, x->n, x->act->now);
    fold_again(db, x);
    return true;
}

bool entry_edit_run(struct entry_edit *x)
{
    struct act *act = x->act;
    if (!db_transact(act->db, run_edit, x, act->err))
        return false;
    for (size_t i = 0; i < x->n; i++)
        changes_add(act->changes,
                    (struct change){.kind = CHANGE_ENTRY,
                                    .customer = entry_customer(act->db, act->a, &x->entries[i]->id),
                                    .identity = x->entries[i]->identity_id,
                                    .entry = x->entries[i],
                                    .for_visitor = x->for_visitor && x->entries[i]->medium == MEDIUM_CHAT &&
                                                   entry_is_chat(x->entries[i])});
    for (size_t i = 0; i < x->n; i++)
        if (x->conversations[i])
            changes_add(act->changes, (struct change){.kind = CHANGE_CONVERSATION,
                                                      .customer = x->conversations[i]->customer_id,
                                                      .conversation = x->conversations[i]});
    return true;
}
