#include "task/erase_entries.h"

#include "desk/conversation/refold.h"
#include "desk/conversation/rules.h"
#include "store/audit.h"
#include "store/change_log.h"
#include "store/conversation.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/identity.h"
#include "store/operation.h"
#include "store/outbox.h"
#include "task/erase_files.h"
#include "task/erase_log.h"

/* ---- what stays ---- */

static const char *const KEPT[][10] = {
    [ENTRY_ORDER] = {"external_id", "number", "state", "payment", "place", "placed_at", "updated_at", "currency",
                     "total", NULL},
    [ENTRY_CALL] = {"state", "direction", "duration_s", "voicemail", NULL},
    [ENTRY_POINTS] = {"balance", "change", "delta", NULL},
    [ENTRY_ACTIVITY] = {"action", "status", "until", "why", "agent_id", NULL},
};

const char *erase_kept_json(struct arena *a, int kind, const char *payload)
{
    struct json_object *from = payload ? json_parse(payload, strlen(payload), NULL) : NULL;
    struct json_object *to = json_object_new_object();
    const char *text = NULL;
    for (size_t i = 0; from && (size_t)kind < COUNT_OF(KEPT) && KEPT[kind][i]; i++) {
        struct json_object *value;
        if (json_object_object_get_ex(from, KEPT[kind][i], &value) && value)
            json_object_object_add(to, KEPT[kind][i], json_object_get(value));
    }
    if (json_object_object_length(to) > 0)
        text = arena_strdup(a, json_object_to_json_string_ext(to, JSON_C_TO_STRING_PLAIN));
    json_object_put(to);
    json_object_put(from);
    return text;
}

/* Where the other one is stays; whose it is and why does not. *ret_entry stays none when the move was undone. */
static const char *kept_move(struct arena *a, const char *moved, struct uuid *ret_entry)
{
    struct json_object *object = moved ? json_parse(moved, strlen(moved), NULL) : NULL;
    const char *id = json_text(a, object, "entry_id"), *text = NULL;
    if (id && !json_true(object, "undone"))
        uuid_parse_text(id, ret_entry);
    if (json_object_is_type(object, json_type_object)) {
        json_object_object_add(object, "name", json_object_new_string(""));
        json_object_object_add(object, "reason", json_object_new_string(""));
        text = arena_strdup(a, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
    }
    json_object_put(object);
    return text;
}

/* The entries that stand for this one elsewhere, or that it stands for. */
struct others {
    struct list erase; /* struct uuid */
    struct list keep;  /* struct uuid: somebody else's; only the way back is emptied */
};

static void add_id(struct arena *a, struct list *to, const struct uuid *id)
{
    if (!uuid_is_none(id))
        *(struct uuid *)list_grow(a, to, sizeof(struct uuid)) = *id;
}

static void reduce(struct arena *a, struct erasing *e, bool with_copies, struct others *ret)
{
    struct uuid copy = {{0}}, original = {{0}};
    e->moved_to = kept_move(a, e->moved_to, &copy);
    e->moved_from = kept_move(a, e->moved_from, &original);
    if (e->words_stay)
        return;
    e->payload = erase_kept_json(a, e->kind, e->payload);
    bool ours = e->author_kind == AUTHOR_AGENT || e->author_kind == AUTHOR_BOT;
    if (!ours || e->author)
        e->author_name = NULL; /* an agent's is the agent's own */
    add_id(a, &ret->erase, &original);
    add_id(a, with_copies ? &ret->erase : &ret->keep, &copy);
}

/* ---- some entries, in one transaction ---- */

void erase_take(struct erasure *x, const struct list *found, bool words_stay)
{
    for (size_t i = 0; i < found->n; i++) {
        const struct erasing *e = (struct erasing *)found->items + i;
        bool seen = e->erased && !words_stay;
        for (size_t k = 0; k < x->entries.n && !seen; k++)
            seen = uuid_equal(&((struct erasing *)x->entries.items)[k].id, &e->id);
        if (seen)
            continue;
        struct erasing *added = list_grow(x->a, &x->entries, sizeof(*e));
        *added = *e;
        added->words_stay = words_stay;
    }
}

static void take_ids(struct erasure *x, const struct list *ids, bool words_stay)
{
    struct list found = erase_find(x->db, x->a, ids->items, ids->n);
    erase_take(x, &found, words_stay);
}

static void take_others(struct erasure *x)
{
    struct others others = {0}, none = {0};
    x->n_asked = x->entries.n;
    for (size_t i = 0; i < x->n_asked; i++)
        reduce(x->a, (struct erasing *)x->entries.items + i, x->with_copies, &others);
    take_ids(x, &others.erase, false);
    take_ids(x, &others.keep, true);
    for (size_t i = x->n_asked; i < x->entries.n; i++)
        reduce(x->a, (struct erasing *)x->entries.items + i, x->with_copies, &none);
}

/* Each change of an entry raises its identity's version by one. */
static void raise_versions(struct erasure *x, struct list *identities)
{
    struct list rows = {0};
    struct identity **changed = arena_alloc(x->a, (identities->n + 1) * sizeof(struct identity *));
    for (size_t i = 0; i < identities->n; i++) {
        struct identity *d = changed[i] = (struct identity *)identities->items + i;
        for (size_t k = 0; k < x->entries.n; k++) {
            struct erasing *e = (struct erasing *)x->entries.items + k;
            if (e->identity != d->key)
                continue;
            e->version = ++d->version;
            *(struct logged *)list_grow(x->a, &rows, sizeof(struct logged)) =
                (struct logged){.noun = LOGGED_ENTRY,
                                .what = e->words_stay ? LOGGED_CHANGED : LOGGED_ERASED,
                                .key = d->key,
                                .version = e->version,
                                .cause = x->cause};
        }
    }
    identity_save(x->db, x->a, changed, identities->n);
    change_log_add(x->db, rows.items, rows.n, x->now);
}

static void lock_erased_identities(struct erasure *x, struct list *ret)
{
    struct list keys = {0}, customers = {0};
    for (size_t i = 0; i < x->entries.n; i++) {
        int64_t key = ((struct erasing *)x->entries.items)[i].identity;
        bool seen = false;
        for (size_t k = 0; k < keys.n && !seen; k++)
            seen = ((int64_t *)keys.items)[k] == key;
        if (!seen)
            *(int64_t *)list_grow(x->a, &keys, sizeof(int64_t)) = key;
    }
    identity_lock_keys(x->db, x->a, keys.items, keys.n, ret);
    struct identity **all = arena_alloc(x->a, (ret->n + 1) * sizeof(struct identity *));
    for (size_t i = 0; i < ret->n; i++)
        all[i] = (struct identity *)ret->items + i;
    link_lock(x->db, x->a, all, ret->n, &customers); /* conversations are under their lock */
}

/* What their conversations showed of them goes. */
static void refold_conversations(struct erasure *x)
{
    struct list keys = {0};
    for (size_t i = 0; i < x->entries.n; i++) {
        const struct erasing *e = (struct erasing *)x->entries.items + i;
        bool seen = e->conversation == 0 || e->words_stay;
        for (size_t k = 0; k < keys.n && !seen; k++)
            seen = ((int64_t *)keys.items)[k] == e->conversation;
        if (!seen)
            *(int64_t *)list_grow(x->a, &keys, sizeof(int64_t)) = e->conversation;
    }
    for (size_t i = 0; i < keys.n; i++)
        refold_by_key(x->db, x->a, ((int64_t *)keys.items)[i], &x->cause);
}

static bool all_locked(const struct erasure *x, const struct list *identities)
{
    for (size_t i = 0; i < x->entries.n; i++) {
        bool locked = false;
        for (size_t k = 0; k < identities->n && !locked; k++)
            locked = ((struct identity *)identities->items)[k].key == ((struct erasing *)x->entries.items)[i].identity;
        if (!locked)
            return false;
    }
    return true;
}

/* Locks the entries that were asked for and those elsewhere, and reads them again: one may have been moved meanwhile. Once
 * their identities are locked none is moved any more, so the second round has all. */
static bool lock_all(struct erasure *x, struct list *ret_identities)
{
    struct list ids = {0};
    for (size_t i = 0; i < x->entries.n; i++)
        *(struct uuid *)list_grow(x->a, &ids, sizeof(struct uuid)) = ((struct erasing *)x->entries.items)[i].id;
    outbox_lock_entries(x->db, x->a, ids.items, ids.n);
    take_others(x);
    do {
        *ret_identities = (struct list){0};
        lock_erased_identities(x, ret_identities);
        x->entries = (struct list){0};
        take_ids(x, &ids, false);
        take_others(x);
        if (db_failure(x->db) != DB_FINE)
            return false;
    } while (!all_locked(x, ret_identities));
    return true;
}

bool erase_some(struct erasure *x)
{
    struct list identities = {0};
    if (x->entries.n == 0)
        return db_failure(x->db) == DB_FINE;
    if (!lock_all(x, &identities))
        return false;
    raise_versions(x, &identities);
    x->n_journal += erase_entries(x->db, x->a, x->entries.items, x->entries.n, x->now);
    for (size_t i = 0; i < x->entries.n; i++)
        x->n_entries += !((struct erasing *)x->entries.items)[i].words_stay;
    refold_conversations(x);
    return db_failure(x->db) == DB_FINE;
}

static bool is_elsewhere(const struct erasure *x, const struct uuid *id)
{
    for (size_t i = x->n_asked; i < x->entries.n; i++)
        if (uuid_equal(&((struct erasing *)x->entries.items)[i].id, id))
            return true;
    return false;
}

/* After the commit: screens show the tombstones. `customer` none: looked up. */
void erase_tell(struct erasure *x, const struct uuid *customer, struct changes *changes)
{
    struct list found = {0};
    struct uuid *ids = arena_alloc(x->a, (x->entries.n + 1) * sizeof(*ids));
    for (size_t i = 0; i < x->entries.n; i++)
        ids[i] = ((struct erasing *)x->entries.items)[i].id;
    entry_find_ids(x->db, x->a, ids, x->entries.n, &found);
    for (size_t i = 0; i < found.n; i++) {
        const struct entry *e = (struct entry *)found.items + i;
        bool look = uuid_is_none(customer) || is_elsewhere(x, &e->id);
        changes_add(changes, (struct change){.kind = CHANGE_ENTRY,
                                             .customer = look ? entry_customer(x->db, x->a, &e->id) : *customer,
                                             .identity = e->identity_id,
                                             .entry = e,
                                             .for_visitor = e->medium == MEDIUM_CHAT && entry_is_chat(e)});
    }
}

/* ---- one entry ---- */

struct one {
    struct act *act;
    const struct uuid *id;
    const char *reason;
    struct erasure x;
};

static bool erase_in_transaction(struct db *db, void *arg)
{
    struct one *o = arg;
    struct act *act = o->act;
    o->x = (struct erasure){.db = db, .a = act->a, .now = act->now, .cause = act->cause, .with_copies = true};
    struct list found = erase_find(db, act->a, o->id, 1);
    if (db_failure(db) == DB_FINE && found.n == 0)
        return error_set(act->err, "entry_id", no_entry);
    erase_take(&o->x, &found, false);
    if (o->x.entries.n == 0)
        return true; /* it is erased already */
    struct uuid customer = entry_customer(db, act->a, o->id);
    struct audit audit = act_audit(act, AUDIT_ERASE);
    audit.customer = customer_key(db, act->a, &customer);
    audit.after = "{\"erased\":\"entry\"}";
    audit.reason = o->reason;
    audit_add(db, act->a, &audit);
    return erase_some(&o->x);
}

bool erase_one(struct act *act, const struct uuid *entry, const char *reason)
{
    struct one o = {.act = act, .id = entry, .reason = reason};
    static const struct uuid NOBODY;
    if (!db_transact(act->db, erase_in_transaction, &o, act->err))
        return false;
    erase_log_entry(act->desk, entry);
    erase_tell(&o.x, &NOBODY, act->changes);
    for (size_t i = 0; i < o.x.entries.n; i++) {
        int64_t key = ((struct erasing *)o.x.entries.items)[i].conversation;
        struct conversation *c = key ? conversation_by_key(act->db, act->a, key) : NULL;
        if (c)
            changes_add(act->changes,
                        (struct change){.kind = CHANGE_CONVERSATION, .customer = c->customer_id, .conversation = c});
    }
    erase_files(act->desk, act->db, act->a, ERASE_FILES_PAGE);
    return true;
}
