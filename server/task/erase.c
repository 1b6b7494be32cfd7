#include "task/erase.h"

#include "base/clock.h"
#include "base/text.h"
#include "desk/blob.h"
#include "desk/rules.h"
#include "store/audit.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/identity.h"
#include "store/operation.h"
#include "store/search_feed.h"

#include <inttypes.h>
#include <sys/stat.h>

#define PAGE 200
#define ORDERS_PAGE 500
#define FILES_PAGE 100
#define ROUNDS_MAX 5     /* something may be moved while we wait for the locks: then all is read again */
#define AGAIN_MS HOUR_MS /* a condemned file that came again waits so long for somebody who refers to it */

/* ---- what stays ---- */

static const char *const KEPT[][10] = {
    [ENTRY_ORDER] = {"external_id", "number", "state", "place", "placed_at", "updated_at", "currency", "total", NULL},
    [ENTRY_CALL] = {"state", "direction", "duration_s", NULL},
    [ENTRY_POINTS] = {"balance", "change", "delta", NULL},
    [ENTRY_ACTIVITY] = {"action", "status", "agent_id", NULL},
};

static const char *kept_json(struct arena *a, int kind, const char *payload)
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
    e->payload = kept_json(a, e->kind, e->payload);
    if (e->author_kind != AUTHOR_AGENT || e->author)
        e->author_name = NULL; /* an agent's is the agent's own */
    add_id(a, &ret->erase, &original);
    add_id(a, with_copies ? &ret->erase : &ret->keep, &copy);
}

/* ---- some entries, in one transaction ---- */

struct erasure {
    struct db *db;
    struct arena *a;
    int64_t now;
    bool with_copies;    /* one entry: wherever it was moved to. A person: what was moved to somebody else is theirs */
    struct list entries; /* struct erasing */
    size_t n_asked;      /* the first of them; what follows is elsewhere */
    int64_t n_entries, n_journal;
};

static void take(struct erasure *x, const struct list *found, bool words_stay)
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
    for (size_t i = 0; i < ids->n; i += DB_LIST_MAX) {
        struct list found =
            erase_find(x->db, x->a, (struct uuid *)ids->items + i, ids->n - i < DB_LIST_MAX ? ids->n - i : DB_LIST_MAX);
        take(x, &found, words_stay);
    }
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
        for (size_t k = 0; k < x->entries.n; k++)
            if (((struct erasing *)x->entries.items)[k].identity == d->key)
                ((struct erasing *)x->entries.items)[k].version = ++d->version;
        *(struct search_feed_row *)list_grow(x->a, &rows, sizeof(struct search_feed_row)) =
            (struct search_feed_row){.identity = d->key};
    }
    identity_save(x->db, x->a, changed, identities->n);
    search_feed_add(x->db, x->a, rows.items, rows.n, x->now);
}

static void lock_identities(struct erasure *x, struct list *ret)
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

static void forget_conversations(struct erasure *x)
{
    struct list rows = {0};
    for (size_t i = 0; i < x->entries.n; i++) {
        const struct erasing *e = (struct erasing *)x->entries.items + i;
        const char *preview = e->subject ? text_preview(x->a, e->subject, PREVIEW_LENGTH) : "";
        bool seen = e->conversation == 0 || e->words_stay;
        for (size_t k = 0; k < rows.n && !seen; k++) {
            const struct erased_subject *r = (struct erased_subject *)rows.items + k;
            seen = r->conversation == e->conversation && strcmp(r->preview, preview) == 0;
        }
        if (!seen)
            *(struct erased_subject *)list_grow(x->a, &rows, sizeof(struct erased_subject)) =
                (struct erased_subject){e->conversation, preview};
    }
    erase_conversations(x->db, x->a, rows.items, rows.n);
}

static struct list entry_ids(struct erasure *x)
{
    struct list ids = {0};
    for (size_t i = 0; i < x->entries.n; i++)
        add_id(x->a, &ids, &((struct erasing *)x->entries.items)[i].id);
    return ids;
}

static bool same_ids(const struct list *x, const struct list *y)
{
    return x->n == y->n && (x->n == 0 || memcmp(x->items, y->items, x->n * sizeof(struct uuid)) == 0);
}

/* x->entries and what is elsewhere, as they are once nobody else can write them: one may be moved while we wait. */
static struct list lock_entries(struct erasure *x)
{
    struct list asked = entry_ids(x), identities = {0}, locked = {0}, now;
    take_others(x);
    for (int i = 0; i < ROUNDS_MAX; i++) {
        identities = (struct list){0};
        locked = entry_ids(x);
        lock_identities(x, &identities);
        x->entries = (struct list){0};
        take_ids(x, &asked, false);
        take_others(x);
        now = entry_ids(x);
        if (same_ids(&locked, &now))
            break;
    }
    return identities;
}

/* x->entries holds those that were asked for. */
static bool erase_some(struct erasure *x)
{
    if (x->entries.n == 0)
        return db_failure(x->db) == DB_FINE;
    struct list identities = lock_entries(x);
    if (db_failure(x->db) != DB_FINE)
        return false;
    raise_versions(x, &identities);
    x->n_journal += erase_entries(x->db, x->a, x->entries.items, x->entries.n, x->now);
    for (size_t i = 0; i < x->entries.n; i++)
        x->n_entries += !((struct erasing *)x->entries.items)[i].words_stay;
    forget_conversations(x);
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
static void tell_entries(struct erasure *x, const struct uuid *customer, struct changes *changes)
{
    struct list found = {0};
    struct uuid *ids = arena_alloc(x->a, (x->entries.n + 1) * sizeof(*ids));
    for (size_t i = 0; i < x->entries.n; i++)
        ids[i] = ((struct erasing *)x->entries.items)[i].id;
    for (size_t i = 0; i < x->entries.n; i += DB_LIST_MAX)
        entry_find_ids(x->db, x->a, ids + i, x->entries.n - i < DB_LIST_MAX ? x->entries.n - i : DB_LIST_MAX, &found);
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

/* ---- files ---- */

/* Somebody has stored the same content since it was condemned, and may be about to refer to it. */
static bool came_again(const struct desk *desk, struct arena *a, const struct condemned *c, const char *hex)
{
    struct stat st;
    if (stat(blob_path(a, desk->blob_dir, hex), &st) != 0)
        return false;
    int64_t stored = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
    return stored > c->at && clock_now() - stored < AGAIN_MS;
}

int64_t erase_files(const struct desk *desk, struct db *db, struct arena *a, int64_t limit)
{
    struct list all = condemned_list(db, a, limit), done = {0};
    int64_t removed = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct condemned *c = (struct condemned *)all.items + i;
        char hex[BLOB_HEX_SIZE];
        crypto_hex(c->sha256, SHA256_SIZE, hex);
        if (!c->held && came_again(desk, a, c, hex))
            continue;
        if (!c->held) {
            removed += blob_exists(desk->blob_dir, hex, NULL);
            blob_remove(desk->blob_dir, hex);
        }
        *(struct condemned *)list_grow(a, &done, sizeof(*c)) = *c;
    }
    condemned_done(db, a, done.items, done.n);
    return removed;
}

#define TASK_FILES_KEEP_MS (7 * DAY_MS)

struct sweeping {
    struct arena *a;
    int64_t now;
};

static bool sweep(struct db *db, void *arg)
{
    const struct sweeping *s = arg;
    erase_old_task_files(db, s->a, s->now - TASK_FILES_KEEP_MS, s->now);
    return true;
}

void task_files_sweep(const struct desk *desk, struct db *db, struct arena *a, int64_t now)
{
    struct sweeping s = {a, now};
    if (db_transact(db, sweep, &s, NULL))
        erase_files(desk, db, a, FILES_PAGE);
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
    o->x = (struct erasure){.db = db, .a = act->a, .now = act->now, .with_copies = true};
    struct list found = erase_find(db, act->a, o->id, 1);
    if (db_failure(db) == DB_FINE && found.n == 0)
        return error_set(act->err, ERR_NOT_FOUND, "entry_id", "There is no such entry.");
    take(&o->x, &found, false);
    if (o->x.entries.n == 0)
        return true; /* it is erased already */
    struct uuid customer = entry_customer(db, act->a, o->id);
    audit_add(db, act->a,
              &(struct audit){.at = act->now,
                              .agent = act->agent,
                              .action = AUDIT_ERASE,
                              .customer = customer_key(db, act->a, &customer),
                              .subject = "one entry",
                              .reason = o->reason});
    return erase_some(&o->x);
}

bool erase_one(struct act *act, const struct uuid *entry, const char *reason)
{
    struct one o = {.act = act, .id = entry, .reason = reason};
    static const struct uuid NOBODY;
    if (!db_transact(act->db, erase_in_transaction, &o, act->err))
        return false;
    tell_entries(&o.x, &NOBODY, act->changes);
    for (size_t i = 0; i < o.x.entries.n; i++) {
        int64_t key = ((struct erasing *)o.x.entries.items)[i].conversation;
        struct conversation *c = key ? conversation_by_key(act->db, act->a, key) : NULL;
        if (c)
            changes_add(act->changes,
                        (struct change){.kind = CHANGE_CONVERSATION, .customer = c->customer_id, .conversation = c});
    }
    erase_files(act->desk, act->db, act->a, FILES_PAGE);
    return true;
}

/* ---- a person ---- */

enum phase { PHASE_PERSON, PHASE_ENTRIES, PHASE_ORDERS, PHASE_FILES, PHASE_OVER };

struct erase_progress {
    int64_t phase;
    const char *identities; /* JSON list of keys */
    int64_t index;          /* of the identity under work */
    int64_t at;             /* … and where in its entries, or orders */
    struct uuid after;
    int64_t entries, orders, files, journal, n_identities;
};

#define P(m, name_, ...)                                                       \
    {                                                                          \
        .name = name_, .offset = offsetof(struct erase_params, m), __VA_ARGS__ \
    }
#define NUMBER(m)                                                                                          \
    {                                                                                                      \
        .name = #m, .kind = FIELD_INT, .offset = offsetof(struct erase_progress, m), .min = INT64_MIN + 1, \
        .max = INT64_MAX                                                                                   \
    }

const struct shape ERASE_PARAMS_SHAPE = {
    .name = "EraseParams",
    .size = sizeof(struct erase_params),
    .fields = (const struct field[]){P(customer_id, "customer_id", .kind = FIELD_UUID, .flags = FIELD_REQUIRED),
                                     P(reason, "reason", .kind = FIELD_TEXT, .flags = FIELD_LINES, .max = 500),
                                     {0}},
};

static const struct shape PROGRESS_SHAPE = {
    .name = "EraseProgress",
    .size = sizeof(struct erase_progress),
    .fields =
        (const struct field[]){NUMBER(phase),
                               {.name = "identities",
                                .kind = FIELD_JSON,
                                .offset = offsetof(struct erase_progress, identities),
                                .max = 1000000},
                               NUMBER(index),
                               NUMBER(at),
                               {.name = "after", .kind = FIELD_UUID, .offset = offsetof(struct erase_progress, after)},
                               NUMBER(entries),
                               NUMBER(orders),
                               NUMBER(files),
                               NUMBER(journal),
                               NUMBER(n_identities),
                               {0}},
};

struct erasing_person {
    struct task_run *run;
    struct erasure x;
};

static struct erasing_person *own_of(struct task_run *run)
{
    struct erasing_person *p = run->own;
    p->x = (struct erasure){.db = run->db, .a = run->step, .now = clock_now()};
    return p;
}

static bool begin(struct task_run *run)
{
    struct erase_progress *p = run->progress;
    if (run->fresh)
        *p = (struct erase_progress){.identities = "[]"};
    run->own = arena_alloc(run->a, sizeof(struct erasing_person));
    return true;
}

/* The key under work; 0: there is none left. */
static int64_t current_identity(const struct erase_progress *p)
{
    struct json_object *keys = json_parse(p->identities, strlen(p->identities), NULL);
    int64_t key = p->index < (int64_t)json_length(keys)
                      ? json_object_get_int64(json_object_array_get_idx(keys, (size_t)p->index))
                      : 0;
    json_object_put(keys);
    return key;
}

static void next_identity(struct erase_progress *p)
{
    p->index++;
    p->at = INT64_MIN + 1;
    p->after = (struct uuid){{0}};
}

static void next_phase(struct erase_progress *p)
{
    p->phase++;
    p->index = -1;
    next_identity(p);
}

static void tell_search(struct erasure *x, const struct list *customers, const struct list *identities)
{
    struct list rows = {0};
    for (size_t i = 0; i < customers->n; i++)
        *(struct search_feed_row *)list_grow(x->a, &rows, sizeof(struct search_feed_row)) =
            (struct search_feed_row){.customer = ((int64_t *)customers->items)[i]};
    for (size_t i = 0; i < identities->n; i++) {
        const struct identity *d = (struct identity *)identities->items + i;
        *(struct search_feed_row *)list_grow(x->a, &rows, sizeof(struct search_feed_row)) =
            (struct search_feed_row){.identity = d->key};
    }
    search_feed_add(x->db, x->a, rows.items, rows.n, x->now);
}

static void lock_keys(struct erasure *x, const struct list *keys, struct list *ret_identities)
{
    struct list customers = {0};
    *ret_identities = (struct list){0};
    for (size_t i = 0; i < keys->n; i += DB_LIST_MAX)
        identity_lock_keys(x->db, x->a, (int64_t *)keys->items + i,
                           keys->n - i < DB_LIST_MAX ? keys->n - i : DB_LIST_MAX, ret_identities);
    struct identity **all = arena_alloc(x->a, (ret_identities->n + 1) * sizeof(struct identity *));
    for (size_t i = 0; i < ret_identities->n; i++)
        all[i] = (struct identity *)ret_identities->items + i;
    if (ret_identities->n)
        link_lock(x->db, x->a, all, ret_identities->n, &customers);
}

/* What belongs to the person once nobody can merge them any more. False: the database failed, or it never rested. */
static bool lock_person(struct erasure *x, int64_t customer, struct list *ret_keys, struct list *ret_identities)
{
    for (int i = 0; i < ROUNDS_MAX; i++) {
        *ret_keys = link_identities(x->db, x->a, &customer, 1);
        lock_keys(x, ret_keys, ret_identities);
        struct list now = link_identities(x->db, x->a, &customer, 1);
        if (now.n == ret_keys->n && (now.n == 0 || memcmp(now.items, ret_keys->items, now.n * sizeof(int64_t)) == 0))
            return db_failure(x->db) == DB_FINE;
    }
    return false;
}

/* First, and at once: nobody finds the person any more, and nothing is sent. */
static bool mark_person(struct task_run *run)
{
    const struct erase_params *params = run->params;
    struct erase_progress *next = run->next;
    struct erasure *x = &own_of(run)->x;
    int64_t customer = run->task->customer;
    struct list keys, identities = {0};
    if (!lock_person(x, customer, &keys, &identities))
        return false;
    AUTO_BUF struct buf json = {0};
    buf_putc(&json, '[');
    for (size_t i = 0; i < identities.n; i++)
        buf_printf(&json, "%s%" PRId64, i ? "," : "", ((struct identity *)identities.items)[i].key);
    buf_putc(&json, ']');
    struct list records =
        erase_customers(x->db, x->a, customer, keys.items, keys.n < DB_LIST_MAX ? keys.n : DB_LIST_MAX);
    if (db_failure(x->db) != DB_FINE)
        return false;
    next->journal += erase_person(
        x->db, x->a, &(struct erase_person){records.items, records.n, identities.items, identities.n, x->now});
    tell_search(x, &records, &identities);
    for (size_t i = 0; i < records.n; i++)
        audit_erase(x->db, ((int64_t *)records.items)[i]);
    audit_add(x->db, x->a,
              &(struct audit){.at = x->now,
                              .agent = run->task->created_by_key,
                              .action = AUDIT_ERASE,
                              .customer = customer,
                              .subject = "the person with all entries",
                              .reason = params->reason});
    erase_task_files(x->db, x->a, customer, x->now);
    task_erase_words(x->db, customer, run->task->key);
    next->identities = arena_strndup(run->a, json.data, json.len);
    next->n_identities = (int64_t)identities.n;
    next_phase(next);
    return db_failure(x->db) == DB_FINE;
}

static bool erase_page_of_person(struct task_run *run)
{
    struct erase_progress *next = run->next;
    struct erasure *x = &own_of(run)->x;
    int64_t identity = current_identity(next);
    if (!identity) {
        next_phase(next);
        return true;
    }
    struct list page = erase_page(x->db, x->a, identity, next->at, &next->after, PAGE);
    take(x, &page, false);
    int64_t asked = (int64_t)x->entries.n;
    if (!erase_some(x))
        return false;
    next->entries += x->n_entries;
    next->journal += x->n_journal;
    run->done = next->entries;
    if (page.n > 0) {
        const struct erasing *last = (struct erasing *)page.items + page.n - 1;
        next->at = last->occurred_at;
        next->after = last->id;
    }
    if (page.n < PAGE && asked == 0 && erase_left(x->db, x->a, identity)) {
        next->at = INT64_MIN + 1; /* what has come meanwhile, with an older time */
        next->after = (struct uuid){{0}};
    } else if (page.n < PAGE && asked == 0) {
        next_identity(next);
    }
    return db_failure(x->db) == DB_FINE;
}

static bool erase_orders_of_person(struct task_run *run)
{
    struct erase_progress *next = run->next;
    struct erasure *x = &own_of(run)->x;
    int64_t identity = current_identity(next);
    if (!identity) {
        next_phase(next);
        return true;
    }
    struct list page = erase_orders_page(x->db, x->a, identity, next->at, ORDERS_PAGE);
    for (size_t i = 0; i < page.n; i++) {
        struct erased_order *o = (struct erased_order *)page.items + i;
        const char *kept = kept_json(x->a, ENTRY_ORDER, o->facts);
        o->facts = kept ? kept : "{}";
        next->at = o->key;
    }
    erase_orders(x->db, x->a, page.items, page.n);
    next->orders += (int64_t)page.n;
    if (page.n < ORDERS_PAGE)
        next_identity(next);
    return db_failure(x->db) == DB_FINE;
}

static bool erase_some_files(struct task_run *run)
{
    struct erase_progress *next = run->next;
    int64_t removed = erase_files(run->desk, run->db, run->step, FILES_PAGE);
    next->files += removed;
    if (removed == 0)
        next->phase = PHASE_OVER;
    return db_failure(run->db) == DB_FINE;
}

static void tell_person(struct task_run *run)
{
    const struct erase_params *params = run->params;
    struct list conversations = conversation_of_customer(run->db, run->step, &params->customer_id, 50);
    changes_add(run->changes, (struct change){.kind = CHANGE_CUSTOMER, .customer = params->customer_id});
    for (size_t i = 0; i < conversations.n; i++)
        changes_add(run->changes, (struct change){.kind = CHANGE_CONVERSATION,
                                                  .customer = params->customer_id,
                                                  .conversation = (struct conversation *)conversations.items + i});
}

static bool step(struct task_run *run)
{
    static bool (*const WORK[])(struct task_run *) = {
        [PHASE_PERSON] = mark_person,
        [PHASE_ENTRIES] = erase_page_of_person,
        [PHASE_ORDERS] = erase_orders_of_person,
        [PHASE_FILES] = erase_some_files,
    };
    const struct erase_progress *p = run->progress;
    const struct erase_params *params = run->params;
    int64_t phase = p->phase;
    if (phase < PHASE_OVER && !task_commit(run, WORK[phase]))
        return false;
    if (phase == PHASE_PERSON)
        tell_person(run);
    else if (phase == PHASE_ENTRIES)
        tell_entries(&((struct erasing_person *)run->own)->x, &params->customer_id, run->changes);
    run->over = p->phase == PHASE_OVER;
    if (run->over)
        tell_person(run);
    return true;
}

static bool end(struct task_run *run, struct buf *result)
{
    const struct erase_progress *p = run->progress;
    buf_printf(result,
               "{\"entries\":%" PRId64 ",\"orders\":%" PRId64 ",\"files\":%" PRId64 ",\"journal\":%" PRId64
               ",\"identities\":%" PRId64 "}",
               p->entries, p->orders, p->files, p->journal, p->n_identities);
    return true;
}

const struct task_type ERASE_TASK = {
    .params = &ERASE_PARAMS_SHAPE,
    .progress = &PROGRESS_SHAPE,
    .begin = begin,
    .step = step,
    .end = end,
    .binding = true,
};
