/* Erasure of a person: at once out of sight, then entry by entry. */
#include "task/erase.h"

#include "base/clock.h"
#include "desk/conversation/refold.h"
#include "store/audit.h"
#include "store/change_log.h"
#include "store/conversation.h"
#include "store/erase.h"
#include "store/identity.h"
#include "store/operation.h"
#include "store/outbox.h"
#include "task/erase_entries.h"
#include "task/erase_files.h"
#include "task/erase_log.h"

#include <inttypes.h>

#define PAGE 200
#define ORDERS_PAGE 500

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
    p->x = (struct erasure){.db = run->db, .a = run->step, .now = clock_now(), .cause = task_cause(run->task)};
    return p;
}

static bool begin_erasure(struct task_run *run)
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

static struct logged erased_word(const struct erasure *x, enum logged_noun noun, int64_t key)
{
    return (struct logged){.noun = noun, .what = LOGGED_ERASED, .key = key, .cause = x->cause};
}

static void tell_search(struct erasure *x, const struct list *customers, const struct list *identities)
{
    struct list rows = {0};
    for (size_t i = 0; i < customers->n; i++)
        *(struct logged *)list_grow(x->a, &rows, sizeof(struct logged)) =
            erased_word(x, LOGGED_CUSTOMER, ((int64_t *)customers->items)[i]);
    for (size_t i = 0; i < identities->n; i++)
        *(struct logged *)list_grow(x->a, &rows, sizeof(struct logged)) =
            erased_word(x, LOGGED_IDENTITY, ((struct identity *)identities->items)[i].key);
    change_log_add(x->db, rows.items, rows.n, x->now);
}

#define ROUNDS_MAX 5 /* something may be linked while we wait for the locks: then all is read again */

/* Fills struct identity: what belongs to the person, now that nobody else changes that. */
static bool lock_person(struct task_run *run, struct erasure *x, struct list *ret_keys, struct list *ret_identities)
{
    int64_t customer = run->task->customer;
    *ret_keys = link_identities(x->db, x->a, &customer, 1);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        struct list customers = {0}, keys = *ret_keys;
        outbox_lock_waiting(x->db, x->a, keys.items, keys.n);
        *ret_identities = (struct list){0};
        identity_lock_keys(x->db, x->a, keys.items, keys.n, ret_identities);
        struct identity **all = arena_alloc(x->a, (keys.n + 1) * sizeof(struct identity *));
        for (size_t i = 0; i < ret_identities->n; i++)
            all[i] = (struct identity *)ret_identities->items + i;
        link_lock(x->db, x->a, all, ret_identities->n, &customers);
        *ret_keys = link_identities(x->db, x->a, &customer, 1);
        if (db_failure(x->db) != DB_FINE)
            return false;
        if (keys.n == ret_keys->n &&
            (keys.n == 0 || memcmp(keys.items, ret_keys->items, keys.n * sizeof(int64_t)) == 0))
            return true;
    }
    return error_set(&run->err, NULL, person_busy);
}

static const char *keys_json(struct arena *a, const struct list *keys)
{
    AUTO_BUF struct buf json = {0};
    buf_putc(&json, '[');
    for (size_t i = 0; i < keys->n; i++)
        buf_printf(&json, "%s%" PRId64, i ? "," : "", ((int64_t *)keys->items)[i]);
    buf_putc(&json, ']');
    return arena_strndup(a, json.data, json.len);
}

/* The person's conversations leave the queue: desk/conversation/standing.h. */
static void refold_all(struct erasure *x, const struct list *identities)
{
    struct list keys = conversation_opened_by(x->db, x->a, identities->items, identities->n);
    for (size_t i = 0; i < keys.n && db_failure(x->db) == DB_FINE; i++)
        refold_by_key(x->db, x->a, ((int64_t *)keys.items)[i], &x->cause);
}

/* First, and at once: nobody finds the person any more, and nothing is sent. */
static bool mark_person(struct task_run *run)
{
    const struct erase_params *params = run->params;
    struct erase_progress *next = run->next;
    struct erasure *x = &own_of(run)->x;
    int64_t customer = run->task->customer;
    struct list keys, identities;
    if (!lock_person(run, x, &keys, &identities))
        return false;
    struct list records = erase_customers(x->db, x->a, customer, keys.items, keys.n);
    if (db_failure(x->db) != DB_FINE)
        return false;
    next->journal += erase_person(
        x->db, x->a, &(struct erase_person){records.items, records.n, identities.items, identities.n, x->now});
    refold_all(x, &keys);
    tell_search(x, &records, &identities);
    for (size_t i = 0; i < records.n; i++)
        audit_erase(x->db, ((int64_t *)records.items)[i]);
    audit_add(x->db, x->a,
              &(struct audit){.at = x->now,
                              .agent = run->task->created_by_key,
                              .token = run->task->token_id,
                              .action = AUDIT_ERASE,
                              .customer = customer,
                              .after = "{\"erased\":\"person\"}",
                              .reason = params->reason});
    erase_task_files(x->db, x->a, records.items, records.n, x->now);
    for (size_t i = 0; i < records.n; i++)
        task_erase_words(x->db, ((int64_t *)records.items)[i], run->task->key);
    next->identities = keys_json(run->a, &keys);
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
    erase_take(x, &page, false);
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
        const char *kept = erase_kept_json(x->a, ENTRY_ORDER, o->facts);
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
    int64_t removed = erase_files(run->desk, run->db, run->step, ERASE_FILES_PAGE);
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
    changes_add(run->changes, (struct change){.kind = CHANGE_ERASED, .customer = params->customer_id});
    for (size_t i = 0; i < conversations.n; i++)
        changes_add(run->changes, (struct change){.kind = CHANGE_CONVERSATION,
                                                  .customer = params->customer_id,
                                                  .conversation = (struct conversation *)conversations.items + i});
}

static bool step_erasure(struct task_run *run)
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
        erase_tell(&((struct erasing_person *)run->own)->x, &params->customer_id, run->changes);
    run->over = p->phase == PHASE_OVER;
    if (run->over)
        tell_person(run);
    return true;
}

static bool end_erasure(struct task_run *run, struct buf *result)
{
    const struct erase_progress *p = run->progress;
    const struct erase_params *params = run->params;
    erase_log_person(run->desk, &params->customer_id, p->identities);
    json_open(result, NULL, '{');
    json_put_int(result, "entries", p->entries);
    json_put_int(result, "orders", p->orders);
    json_put_int(result, "files", p->files);
    json_put_int(result, "journal", p->journal);
    json_put_int(result, "identities", p->n_identities);
    json_close(result, '}');
    return true;
}

const struct task_type ERASE_TASK = {
    .params = &ERASE_PARAMS_SHAPE,
    .progress = &PROGRESS_SHAPE,
    .begin = begin_erasure,
    .step = step_erasure,
    .end = end_erasure,
    .binding = true,
};
