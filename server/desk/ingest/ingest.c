#include "desk/ingest/ingest.h"

#include "base/clock.h"
#include "base/text.h"
#include "desk/conversation/rules.h"
#include "desk/ground/blob.h"
#include "desk/ingest/batch_conversation.h"
#include "desk/ingest/batch_entry.h"
#include "desk/ingest/batch_errand.h"
#include "desk/ingest/batch_files.h"
#include "desk/ingest/batch_forward.h"
#include "desk/ingest/batch_identity.h"
#include "desk/ingest/batch_known.h"
#include "desk/ingest/batch_order.h"
#include "desk/ingest/batch_people.h"
#include "desk/ingest/batch_repeat.h"
#include "desk/ingest/batch_thread.h"
#include "store/change_log.h"
#include "store/conversation.h"
#include "store/due.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/identity.h"
#include "store/journal.h"
#include "store/order.h"
#include "store/outbox.h"

#define DUPLICATE_TRIES 3

struct ingest_metrics ingest_metrics;

/* ---- 6. writing ---- */

static void write_identities(struct batch *b)
{
    struct list dirty = {0};
    EACH(item, item, b->items)
    {
        if (!item->is_new && !item->dirty)
            continue;
        item->e.version = ++item->who->d.version;
        item->who->dirty = true;
    }
    EACH(who, who, b->whos)
    if (who->dirty)
        ADD(b->a, dirty, &who->d);
    identity_save(b->db, b->a, (struct identity *const *)dirty.items, dirty.n);
}

static void log_change(struct batch *b, struct list *changes, const struct logged *word, bool is_new)
{
    struct logged *added = list_grow(b->a, changes, sizeof(*added));
    *added = *word;
    added->what = is_new ? LOGGED_NEW : LOGGED_CHANGED;
}

static struct cause cause_of_person(const struct batch *b, const struct person *p)
{
    struct cause cause = {0};
    EACH(who, who, b->whos)
    if (who->person == p)
        cause = who->cause;
    return cause;
}

/* An edit, or else what has come into it last. */
static struct cause cause_of_conversation(const struct batch *b, const struct conversation *c)
{
    struct cause cause = {0};
    for (size_t i = 0; i < b->n; i++)
        if (b->intakes[i]->edited == c)
            cause = b->intakes[i]->cause;
    EACH(item, item, b->items)
    if ((item->is_new || item->dirty) && item->e.conversation_key == c->key)
        cause = item->cause;
    return cause;
}

/* Who is only named by others, or has another name, has no entry that says so. */
static void write_log(struct batch *b)
{
    struct list changes = {0};
    EACH(item, item, b->items)
    {
        if (!item->is_new && !item->dirty)
            continue;
        log_change(
            b, &changes,
            &(struct logged){
                .noun = LOGGED_ENTRY, .key = item->e.identity_key, .version = item->e.version, .cause = item->cause},
            item->is_new);
        item->who->logged = true;
    }
    EACH(who, who, b->whos)
    if (!who->logged && (who->dirty || who->is_new))
        log_change(b, &changes, &(struct logged){.noun = LOGGED_IDENTITY, .key = who->d.key, .cause = who->cause},
                   who->is_new);
    EACH(person, p, b->people)
    if (p->is_new || p->new_name)
        log_change(b, &changes,
                   &(struct logged){.noun = LOGGED_CUSTOMER, .key = p->c.key, .cause = cause_of_person(b, p)},
                   p->is_new);
    EACH(conversation, c, b->touched)
    log_change(
        b, &changes,
        &(struct logged){
            .noun = LOGGED_CONVERSATION, .key = c->key, .version = c->version, .cause = cause_of_conversation(b, c)},
        c->version <= 1);
    change_log_add(b->db, changes.items, changes.n, b->now);
}

/* Who has come, and is known by an id alone. */
static bool is_to_be_asked(const struct item *item)
{
    return item->e.direction == DIRECTION_IN && !item->intake->history && text_is_blank(item->who->d.name) &&
           identity_kind_row(item->who->d.kind)->flags & KIND_ASKED;
}

static void write_entries(struct batch *b)
{
    struct list made = {0}, changed = {0}, orders = {0}, outbox = {0}, due = {0};
    EACH(item, item, b->items)
    {
        if (item->is_new)
            ADD(b->a, made, &item->e);
        else if (item->dirty)
            ADD(b->a, changed, &item->e);
        if (item->is_new && item->in->order) {
            struct order_save *o = list_grow(b->a, &orders, sizeof(*o));
            *o = (struct order_save){item->e.channel_key, item->who->d.key, item->in->order, item->e.payload};
            item->who->person->told = true;
        }
        if (item->is_new && item->intake->unseen_at)
            *(struct due *)list_grow(b->a, &due, sizeof(struct due)) =
                (struct due){DUE_UNSEEN, item->who->d.key, item->intake->unseen_at};
        if (item->is_new && is_to_be_asked(item))
            *(struct due *)list_grow(b->a, &due, sizeof(struct due)) =
                (struct due){DUE_PROFILE, item->who->d.key, b->now};
        if (item->is_new && item->intake->send_at) {
            struct outbox_new *o = list_grow(b->a, &outbox, sizeof(*o));
            *o = (struct outbox_new){item->e.channel_key, item->who->d.key,      item->e.occurred_at,
                                     &item->e.id,         item->intake->send_at, item->intake->planned};
        }
    }
    entry_insert(b->db, b->a, (struct entry *const *)made.items, made.n);
    entry_save(b->db, b->a, (struct entry *const *)changed.items, changed.n);
    order_save(b->db, b->a, orders.items, orders.n, b->now);
    outbox_insert(b->db, b->a, outbox.items, outbox.n, b->now);
    due_set_first(b->db, due.items, due.n);
    write_remote_files(b);
    drop_taken_back(b);
    receipt_keep(b->db, b->a, b->early.items, b->early.n, b->now);
    b->outbox = outbox.n > 0;
}

static struct journal_new journal_row_of(struct arena *a, const struct intake *t, int status, const char *error)
{
    const struct raw_input *raw = t->raw;
    uint8_t *digest = NULL;
    if (raw->body_len > JOURNAL_INLINE_MAX) {
        digest = arena_alloc(a, SHA256_SIZE);
        crypto_sha256(raw->body, raw->body_len, digest);
    }
    return (struct journal_new){.id = t->journal_id,
                                .channel = t->channel,
                                .received_at = t->received_at,
                                .status = status,
                                .error = error,
                                .method = raw->method,
                                .query = raw->query,
                                .headers = raw->headers,
                                .body = digest ? NULL : raw->body,
                                .body_sha256 = digest,
                                .body_size = raw->body_len};
}

/* What has come is in the store before it is known to be a repeat. It waits an hour for a row that refers to it: it is younger than
 * its condemnation (task/erase_files.c). */
static void condemn_repeated(struct batch *b, const struct intake *t)
{
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_SIZE * 2 + 1];
    if (!t->raw || t->raw->body_len <= JOURNAL_INLINE_MAX)
        return;
    crypto_sha256(t->raw->body, t->raw->body_len, digest);
    crypto_hex(digest, SHA256_SIZE, hex);
    condemn_file(b->db, hex, t->received_at - SECOND_MS);
}

/* A repeat leaves no second row. */
static void write_journal(struct batch *b)
{
    struct list rows = {0};
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        bool only_repeats = t->repeated && !t->created && !t->changed && !t->list.problem;
        if (only_repeats)
            condemn_repeated(b, t);
        if (!t->raw || only_repeats)
            continue;
        *(struct journal_new *)list_grow(b->a, &rows, sizeof(struct journal_new)) =
            journal_row_of(b->a, t, t->list.problem ? JOURNAL_FAILED : JOURNAL_DONE, t->list.problem);
    }
    journal_insert(b->db, b->a, rows.items, rows.n);
}

static bool write_all(struct db *db, void *arg)
{
    struct batch *b = arg;
    struct batch fresh = {.desk = b->desk,
                          .db = db,
                          .a = b->a,
                          .intakes = b->intakes,
                          .n = b->n,
                          .now = clock_now(),
                          .also = b->also,
                          .also_arg = b->also_arg};
    *b = fresh;
    b->items_by_key = map_new(b->a);
    b->who_by_key = map_new(b->a);
    b->person_by_key = map_new(b->a);
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        t->created = t->changed = t->repeated = 0;
        t->entry = NULL;
        t->edited = NULL;
        t->unchanged = false;
        t->err = (struct error){0};
    }
    complete_bare_orders(b);
    take_passed_on(b);
    find_known(b);
    resolve_identities(b);
    refresh_known(b);
    resolve_people(b);
    if (db_failure(db) != DB_FINE) /* what was not read must not be taken for what is not there */
        return false;
    if (!edit_conversations(b) || db_failure(db) != DB_FINE)
        return false;
    read_scans(b);
    if (!take_items(b))
        return false;
    find_threads(b);
    read_conversations(b);
    place_items(b);
    note_threads(b);
    write_identities(b);
    write_entries(b);
    refold_conversations(b);
    conversation_save(db, b->a, (struct conversation *const *)b->touched.items, b->touched.n);
    write_blob_refs(b);
    ask_errands(b);
    write_journal(b);
    write_log(b);
    return !b->also || (db_failure(db) == DB_FINE && b->also(db, b->also_arg));
}

/* ---- after the commit ---- */

static void tell_conversation(struct changes *changes, const struct conversation *c)
{
    changes_add(changes, (struct change){.kind = CHANGE_CONVERSATION, .customer = c->customer_id, .conversation = c});
}

/* What came again may have been committed when the connection was lost, and nobody heard of it: neither the queue nor the
 * couriers. To hear of it twice does no harm. */
static void tell_again(struct batch *b, struct changes *changes)
{
    struct list keys = {0};
    EACH(item, item, b->items)
    {
        if (!item->again || item->is_new || item->dirty)
            continue;
        b->outbox |= item->e.delivery == DELIVERY_QUEUED;
        if (item->e.conversation_key)
            *(int64_t *)list_grow(b->a, &keys, sizeof(int64_t)) = item->e.conversation_key;
    }
    for (size_t i = 0; i < b->n; i++)
        if (b->intakes[i]->unchanged && b->intakes[i]->edited)
            tell_conversation(changes, b->intakes[i]->edited);
    struct list rows = conversation_by_keys(b->db, b->a, keys.items, keys.n);
    for (size_t i = 0; i < rows.n; i++)
        tell_conversation(changes, (struct conversation *)rows.items + i);
}

static void tell_batch(struct batch *b, struct changes *changes)
{
    EACH(person, p, b->people)
    if (p->told && !p->is_new)
        changes_add(changes, (struct change){.kind = CHANGE_CUSTOMER, .customer = p->c.id});
    EACH(item, item, b->items)
    {
        if (!item->is_new && !item->dirty && !item->again)
            continue;
        bool chat = item->who->d.kind == IDENTITY_VISITOR && entry_is_chat(&item->e);
        changes_add(changes,
                    (struct change){.kind = CHANGE_ENTRY,
                                    .customer = item->who->person ? item->who->person->c.id : (struct uuid){{0}},
                                    .identity = item->who->d.id,
                                    .entry = &item->e,
                                    .for_visitor = chat});
    }
    EACH(conversation, c, b->touched)
    tell_conversation(changes, c);
    tell_again(b, changes);
    if (b->outbox)
        changes_add(changes, (struct change){.kind = CHANGE_OUTBOX});
}

static void count_batch(struct batch *b)
{
    ingest_metrics.batches++;
    for (size_t i = 0; i < b->n; i++) {
        ingest_metrics.intakes++;
        ingest_metrics.created += b->intakes[i]->created;
        ingest_metrics.changed += b->intakes[i]->changed;
        ingest_metrics.repeated += b->intakes[i]->repeated;
        ingest_metrics.failed += b->intakes[i]->list.problem != NULL;
    }
    EACH(person, p, b->people)
    ingest_metrics.people += p->is_new;
}

/* Two may insert the same key at once; the second then finds it. */
bool ingest_with(const struct desk *desk, struct db *db, struct arena *a, struct intake *const *intakes, size_t n,
                 bool (*also)(struct db *db, void *arg), void *arg, struct changes *changes, struct error *err)
{
    struct batch b = {.desk = desk, .a = a, .intakes = intakes, .n = n, .also = also, .also_arg = arg};
    for (size_t i = 0; i < n; i++)
        hash_content(intakes[i]);
    for (int i = 0; i < DUPLICATE_TRIES; i++) {
        if (db_transact(db, write_all, &b, err)) {
            for (size_t k = 0; k < n; k++)
                intakes[k]->done = true;
            tell_batch(&b, changes);
            count_batch(&b);
            return true;
        }
        if (db_failure(db) != DB_DUPLICATE)
            break;
    }
    return false;
}

bool ingest_one(const struct desk *desk, struct db *db, struct arena *a, struct intake *t,
                bool (*also)(struct db *db, void *arg), void *arg, struct changes *changes, struct error *err)
{
    struct intake *one[] = {t};
    if (ingest_with(desk, db, a, one, 1, also, arg, changes, err))
        return true;
    if (db_failure(db) == DB_FINE)
        *err = t->err;
    return false;
}

struct poison {
    struct arena *a;
    struct intake *intake;
    bool (*also)(struct db *db, void *arg);
    void *arg;
};

static bool write_poison(struct db *db, void *arg)
{
    const struct poison *p = arg;
    struct journal_new row = journal_row_of(p->a, p->intake, JOURNAL_FAILED, said(p->a, input_unwritten));
    journal_insert(db, p->a, &row, 1);
    return db_failure(db) == DB_FINE && (!p->also || p->also(db, p->arg));
}

/* Its own content cannot be stored: it is kept, and counts as taken. */
static void keep_poison(struct db *db, struct poison *p)
{
    if (!p->intake->raw || !db_ready(db))
        return;
    p->intake->done = db_transact(db, write_poison, p, NULL);
    ingest_metrics.failed += p->intake->done;
}

static bool is_poison(const struct db *db)
{
    return db_failure(db) == DB_BROKEN || db_failure(db) == DB_DUPLICATE;
}

void ingest_run(const struct desk *desk, struct db *db, struct arena *a, struct intake *const *intakes, size_t n,
                struct changes *changes)
{
    struct error err = {0};
    if (ingest_with(desk, db, a, intakes, n, NULL, NULL, changes, &err))
        return;
    if (n > 1 && db_failure(db) != DB_AWAY) {
        for (size_t i = 0; i < n; i++)
            ingest_run(desk, db, a, intakes + i, 1, changes);
        return;
    }
    bool fine = db_failure(db) == DB_FINE, poison = is_poison(db);
    for (size_t i = 0; i < n; i++) {
        if (!fine || intakes[i]->err.code == ERR_NONE)
            intakes[i]->err = err;
        if (poison)
            keep_poison(db, &(struct poison){.a = a, .intake = intakes[i]});
    }
}

bool ingest_kept(const struct desk *desk, struct db *db, struct arena *a, struct intake *t,
                 bool (*also)(struct db *db, void *arg), void *arg, struct changes *changes, struct error *err)
{
    if (!ingest_one(desk, db, a, t, also, arg, changes, err) && is_poison(db))
        keep_poison(db, &(struct poison){a, t, also, arg});
    return t->done;
}

static bool store_files(const struct desk *desk, struct arena *a, const struct list *attachments, struct error *err)
{
    char hex[BLOB_HEX_SIZE];
    for (size_t k = 0; k < attachments->n; k++) {
        struct attachment *file = (struct attachment *)attachments->items + k;
        if (!file->data)
            continue;
        if (!blob_put(desk->blob_dir, file->data, (size_t)file->size, hex, err))
            return false;
        file->sha256 = arena_strdup(a, hex);
        file->data = NULL;
    }
    return true;
}

bool intake_store_files(const struct desk *desk, struct arena *a, struct intake *t, struct error *err)
{
    char hex[BLOB_HEX_SIZE];
    for (size_t i = 0; i < t->list.n; i++) {
        const struct inbound *in = &t->list.items[i];
        if (!store_files(desk, a, &in->attachments, err) ||
            (in->or_entry && !store_files(desk, a, &in->or_entry->attachments, err)))
            return false;
    }
    return !t->raw || t->raw->body_len <= JOURNAL_INLINE_MAX ||
           blob_put(desk->blob_dir, t->raw->body, t->raw->body_len, hex, err);
}
