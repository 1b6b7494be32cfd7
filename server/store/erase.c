#include "store/erase.h"

#include "base/text.h"
#include "store/audit.h"
#include "store/saved_search.h"

#define ERASING_COLUMNS                                                                                             \
    "SELECT e.id, e.identity_id, e.occurred_at, e.conversation_id, e.version, e.kind, e.author_kind, e.author_id, " \
    "e.author_name, e.subject, e.payload, e.moved_to, e.moved_from, e.journal_id, e.erased_at IS NOT NULL "         \
    "FROM entry e "

static struct list read_erasing(struct db_rows *rows)
{
    return db_all(rows, &COLUMNS(erasing, id, identity, occurred_at, conversation, version, kind, author_kind, author,
                                 author_name, subject, payload, moved_to, moved_from, journal, erased));
}

struct list erase_page(struct db *db, struct arena *a, int64_t identity, int64_t after_at, const struct uuid *after_id,
                       int64_t limit)
{
    static const struct uuid NONE;
    return read_erasing(db_query(db, a,
                                 ERASING_COLUMNS
                                 "WHERE e.identity_id = ? AND e.occurred_at >= ? AND (e.occurred_at > ? OR e.id > "
                                 "COALESCE(?, '')) ORDER BY e.occurred_at, e.id LIMIT ?",
                                 identity, after_at, after_at, after_id ? after_id : &NONE, limit));
}

struct list erase_find(struct db *db, struct arena *a, const struct uuid *ids, size_t n)
{
    return n ? read_erasing(db_query_list(db, a, ERASING_COLUMNS "WHERE e.id IN (%s)", uuids_in(ids, n)))
             : (struct list){0};
}

int64_t erase_left(struct db *db, struct arena *a, int64_t identity)
{
    return db_one_int(
        db_query(db, a, "SELECT 1 FROM entry WHERE identity_id = ? AND erased_at IS NULL LIMIT 1", identity));
}

/* ---- entries ---- */

static void condemn(struct db *db, struct arena *a, struct db_rows *rows, int64_t now)
{
    struct list found = {0};
    while (db_next(rows)) {
        size_t n = 0;
        const void *sha256 = db_blob(rows, 0, &n);
        if (sha256 && n == SHA256_SIZE)
            memcpy(list_grow(a, &found, SHA256_SIZE), sha256, SHA256_SIZE);
    }
    db_rows_end(rows);
    struct db_batch *b = db_batch(
        db, a, "INSERT INTO condemned_file (sha256, at) VALUES (?, ?) ON DUPLICATE KEY UPDATE at = VALUES(at)");
    for (size_t i = 0; i < found.n; i++)
        db_batch_add(b, value_bytes((const uint8_t *)found.items + i * SHA256_SIZE, SHA256_SIZE), now);
    db_batch_run(b);
}

bool condemn_file(struct db *db, const char *sha256, int64_t now)
{
    return db_exec(
        db, "INSERT INTO condemned_file (sha256, at) VALUES (UNHEX(?), ?) ON DUPLICATE KEY UPDATE at = VALUES(at)",
        sha256, now);
}

static void run_for_ids(struct db *db, struct arena *a, const char *sql, const struct uuid *ids, size_t n)
{
    struct db_batch *b = db_batch(db, a, sql);
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, &ids[i]);
    db_batch_run(b);
}

void erase_entry_files(struct db *db, struct arena *a, const struct uuid *ids, size_t n, int64_t now)
{
    if (n == 0)
        return;
    condemn(db, a,
            db_query_list(db, a, "SELECT DISTINCT sha256 FROM entry_blob WHERE entry_id IN (%s)", uuids_in(ids, n)),
            now);
    run_for_ids(db, a, "DELETE FROM entry_blob WHERE entry_id = ?", ids, n);
    run_for_ids(db, a, "DELETE FROM remote_file WHERE entry_id = ?", ids, n);
}

#define EMPTY_JOURNAL                                                                                               \
    "UPDATE journal SET query = '', headers = '{}', body = NULL, body_sha256 = NULL, body_size = 0, error = NULL, " \
    "status = 0 WHERE id = ?"

static int64_t empty_journal(struct db *db, struct arena *a, const struct uuid *ids, size_t n, int64_t now)
{
    if (n == 0)
        return 0;
    condemn(db, a,
            db_query_list(db, a, "SELECT body_sha256 FROM journal WHERE body_sha256 IS NOT NULL AND id IN (%s)",
                          uuids_in(ids, n)),
            now);
    int64_t full = db_sum(
        db_query_list(db, a, "SELECT COUNT(*) FROM journal WHERE body_size > 0 AND id IN (%s)", uuids_in(ids, n)));
    run_for_ids(db, a, EMPTY_JOURNAL, ids, n);
    return full;
}

static void save_moves(struct db *db, struct arena *a, const struct erasing *items, size_t n)
{
    struct db_batch *b =
        db_batch(db, a,
                 "UPDATE entry SET version = ?, moved_to = ?, moved_from = ? WHERE identity_id = ? AND "
                 "occurred_at = ? AND id = ?");
    for (size_t i = 0; i < n; i++)
        if (items[i].words_stay)
            db_batch_add(b, items[i].version, items[i].moved_to, items[i].moved_from, items[i].identity,
                         items[i].occurred_at, &items[i].id);
    db_batch_run(b);
}

int64_t erase_entries(struct db *db, struct arena *a, const struct erasing *items, size_t n, int64_t now)
{
    struct list ids = {0}, journals = {0};
    struct db_batch *b =
        db_batch(db, a,
                 "UPDATE entry SET version = ?, author_name = ?, payload = ?, moved_to = ?, moved_from = ?, subject = "
                 "NULL, content_hash = NULL, text = NULL, html = NULL, attachments = NULL, delivery_error = NULL, "
                 "delivery = IF(delivery IN "
                 "(1, 8), 7, delivery), erased_at = ? WHERE identity_id = ? AND occurred_at = ? AND id = ?");
    for (size_t i = 0; i < n; i++) {
        const struct erasing *e = &items[i];
        if (e->words_stay)
            continue;
        *(struct uuid *)list_grow(a, &ids, sizeof(struct uuid)) = e->id;
        if (!uuid_is_none(&e->journal))
            *(struct uuid *)list_grow(a, &journals, sizeof(struct uuid)) = e->journal;
        db_batch_add(b, e->version, e->author_name, e->payload, e->moved_to, e->moved_from, now, e->identity,
                     e->occurred_at, &e->id);
    }
    db_batch_run(b);
    save_moves(db, a, items, n);
    if (ids.n == 0)
        return 0;
    erase_entry_files(db, a, ids.items, ids.n, now);
    db_exec(db, "DELETE u FROM upload u JOIN condemned_file c ON c.sha256 = u.sha256 WHERE c.at = ?", now);
    run_for_ids(db, a, "DELETE FROM entry_pin WHERE entry_id = ?", ids.items, ids.n);
    run_for_ids(db, a, "DELETE FROM mailbox_sent WHERE entry_id = ?", ids.items, ids.n);
    run_for_ids(db, a, "UPDATE outbox SET error = NULL, state = IF(state IN (1, 8), 7, state) WHERE entry_id = ?",
                ids.items, ids.n);
    return empty_journal(db, a, journals.items, journals.n, now);
}

/* ---- the person ---- */

struct list erase_customers(struct db *db, struct arena *a, int64_t customer, const int64_t *identities, size_t n)
{
    struct list keys = db_all_ints(db_query_list(
        db, a,
        "SELECT DISTINCT l.customer_id FROM identity_link l WHERE l.customer_id <> ? AND NOT EXISTS (SELECT 1 FROM "
        "identity_link now WHERE now.customer_id = l.customer_id AND now.until_at IS NULL) AND l.identity_id IN (%s)",
        numbers_in(identities, n), customer));
    *(int64_t *)list_grow(a, &keys, sizeof(int64_t)) = customer;
    return keys;
}

static const char *const OF_CUSTOMER[] = {
    "UPDATE link_operation SET reason = '', undone_reason = IF(undone_reason IS NULL, NULL, ''), changes = NULL WHERE "
    "from_customer = ?",
    "UPDATE link_operation SET reason = '', undone_reason = IF(undone_reason IS NULL, NULL, ''), changes = NULL WHERE "
    "into_customer = ?",
    "UPDATE chat_block SET reason = '', customer_id = NULL WHERE customer_id = ?",
    /* the files of a draft are named by nobody then */
    "UPDATE upload u JOIN (SELECT UNHEX(SHA2(f.handle, 256)) AS hash FROM draft d, JSON_TABLE(d.content, '$.files[*]' "
    "COLUMNS (handle VARCHAR(64) PATH '$.upload')) f WHERE d.customer_id = ?) x ON u.handle_hash = x.hash SET "
    "u.expires_at = 0",
    "DELETE FROM draft WHERE customer_id = ?",
};

static const char *const OF_IDENTITY[] = {
    "UPDATE identity_link SET evidence = '' WHERE identity_id = ?",
    "UPDATE identity_link SET evidence = '' WHERE via = ?",
    "DELETE FROM claim WHERE identity_id = ?",
    "DELETE FROM identity_share WHERE member_id = ?",
    "DELETE FROM visitor_address WHERE identity_id = ?",
    "UPDATE chat_block SET reason = '' WHERE identity_id = ?",
    "UPDATE outbox SET state = 7, error = NULL WHERE identity_id = ? AND state IN (1, 8)",
};

static void run_for_keys(struct db *db, struct arena *a, const char *sql, const int64_t *keys, size_t n)
{
    struct db_batch *b = db_batch(db, a, sql);
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, keys[i]);
    db_batch_run(b);
}

/* Decisions that name the identities one by one: found first, so that only these are locked. */
static void erase_decisions(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    static const char *const FIND[] = {
        "SELECT DISTINCT operation_id FROM link_operation_identity WHERE identity_id IN (%s)",
        "SELECT DISTINCT distinction_id FROM distinction_identity WHERE identity_id IN (%s)",
    };
    static const char *const EMPTY[] = {
        "UPDATE link_operation SET reason = '', undone_reason = IF(undone_reason IS NULL, NULL, ''), changes = NULL "
        "WHERE "
        "id = ?",
        "UPDATE distinction SET reason = '' WHERE id = ?",
    };
    for (size_t i = 0; n > 0 && i < COUNT_OF(FIND); i++) {
        struct list keys = db_all_ints(db_query_list(db, a, FIND[i], numbers_in(identities, n)));
        run_for_keys(db, a, EMPTY[i], keys.items, keys.n);
    }
}

/* Inputs that nobody has understood have no entry that leads to them. */
static int64_t empty_failed(struct db *db, struct arena *a, const struct erase_person *p)
{
    int64_t emptied = 0;
    for (size_t i = 0; i < p->n_identities; i++) {
        const char *value = p->identities[i].value;
        struct list ids = db_all_uuids(db_query(db, a,
                                                "SELECT id FROM journal WHERE status = 1 AND (LOCATE(?, body) > 0 OR "
                                                "LOCATE(?, query) > 0 OR LOCATE(?, headers) > 0)",
                                                value, value, value));
        emptied += empty_journal(db, a, ids.items, ids.n, p->now);
    }
    return emptied;
}

static void erase_identities(struct db *db, struct arena *a, const struct erase_person *p)
{
    struct db_batch *claims = db_batch(db, a, "DELETE FROM claim WHERE kind = ? AND scope = ? AND value = ?");
    struct db_batch *b = db_batch(db, a, "UPDATE identity SET {identity.erased}, value = ? WHERE id = ?");
    for (size_t i = 0; i < p->n_identities; i++) {
        const struct identity *d = &p->identities[i];
        char id[UUID_TEXT_SIZE];
        uuid_format(&d->id, id);
        db_batch_add(claims, d->kind, d->scope, d->value);
        db_batch_add(b, arena_printf(a, ERASED_PREFIX "%s", id), d->key);
    }
    db_batch_run(claims);
    db_batch_run(b);
}

/* Decisions about others, to whom it belonged at that time, may call it by these, and agents have searched for them. */
static void erase_mentions(struct db *db, struct arena *a, const struct identity *d)
{
    const char *const texts[] = {d->value, d->name};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (text_is_blank(texts[i]))
            continue;
        audit_erase_mentions(db, a, d->key, texts[i]);
        saved_search_erase(db, texts[i]);
    }
}

/* What agents have called them, which need be no identity's. */
static void erase_called(struct db *db, struct arena *a, const struct erase_person *p)
{
    if (!p->n_customers)
        return;
    struct list names = db_all(db_query_list(db, a, "SELECT name FROM customer WHERE id IN (%s) AND name <> ''",
                                             numbers_in(p->customers, p->n_customers)),
                               &COLUMNS(customer, name));
    for (size_t i = 0; i < names.n; i++)
        saved_search_erase(db, ((const struct customer *)names.items)[i].name);
}

int64_t erase_person(struct db *db, struct arena *a, const struct erase_person *p)
{
    int64_t *keys = arena_alloc(a, (p->n_identities + 1) * sizeof(*keys));
    for (size_t i = 0; i < p->n_identities; i++)
        keys[i] = p->identities[i].key;
    erase_called(db, a, p);
    run_for_keys(db, a, "UPDATE customer SET changed_at = ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000) WHERE id = ?",
                 p->customers, p->n_customers);
    run_for_keys(db, a, "UPDATE customer SET {customer.erased}, erased_at = changed_at WHERE id = ?", p->customers,
                 p->n_customers);
    for (size_t i = 0; i < COUNT_OF(OF_CUSTOMER); i++)
        run_for_keys(db, a, OF_CUSTOMER[i], p->customers, p->n_customers);
    for (size_t i = 0; i < COUNT_OF(OF_IDENTITY); i++)
        run_for_keys(db, a, OF_IDENTITY[i], keys, p->n_identities);
    run_for_keys(db, a, "UPDATE conversation SET {conversation.erased}, version = version + 1 WHERE opened_by = ?",
                 keys, p->n_identities);
    erase_decisions(db, a, keys, p->n_identities);
    for (size_t i = 0; i < p->n_identities; i++)
        erase_mentions(db, a, &p->identities[i]);
    int64_t emptied = empty_failed(db, a, p);
    erase_identities(db, a, p);
    return emptied;
}

/* ---- orders ---- */

struct list erase_orders_page(struct db *db, struct arena *a, int64_t identity, int64_t after, int64_t limit)
{
    return db_all(db_query(db, a,
                           "SELECT id, facts FROM shop_order WHERE identity_id = ? AND id > ? ORDER BY id LIMIT ?",
                           identity, after, limit),
                  &COLUMNS(erased_order, key, facts));
}

void erase_orders(struct db *db, struct arena *a, const struct erased_order *items, size_t n)
{
    struct db_batch *b = db_batch(db, a, "UPDATE shop_order SET facts = ? WHERE id = ?");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, items[i].facts, items[i].key);
    db_batch_run(b);
}

/* ---- files ---- */

void erase_task_files(struct db *db, struct arena *a, const int64_t *customers, size_t n, int64_t now)
{
    condemn(db, a,
            db_query_list(db, a,
                          "SELECT UNHEX(JSON_VALUE(progress, '$.sha256')) FROM task WHERE kind = 1 AND "
                          "customer_id IN (%s)",
                          numbers_in(customers, n)),
            now);
    condemn(db, a,
            db_query(db, a,
                     "SELECT UNHEX(JSON_VALUE(params, '$.sha256')) FROM task WHERE kind = 0 AND state > 1 UNION "
                     "SELECT UNHEX(JSON_VALUE(result, '$.report_sha256')) FROM task WHERE kind = 0 AND state > 1"),
            now);
    db_exec(
        db,
        "UPDATE task SET result = JSON_SET(result, '$.report', JSON_ARRAY(), '$.report_sha256', NULL), params = '{}' "
        "WHERE kind = 0 AND state > 1");
}

void erase_old_task_files(struct db *db, struct arena *a, int64_t before, int64_t now)
{
    condemn(db, a,
            db_query(db, a,
                     "SELECT UNHEX(JSON_VALUE(progress, '$.sha256')) FROM task WHERE kind = 1 AND ended_at < ? UNION "
                     "SELECT UNHEX(JSON_VALUE(params, '$.sha256')) FROM task WHERE kind = 0 AND ended_at < ? UNION "
                     "SELECT UNHEX(JSON_VALUE(result, '$.report_sha256')) FROM task WHERE kind = 0 AND ended_at < ?",
                     before, before, before),
            now);
    db_exec(db,
            "UPDATE task SET progress = NULL, params = '{}', result = JSON_SET(result, '$.sha256', NULL) "
            "WHERE kind = 1 AND ended_at < ? AND progress IS NOT NULL",
            before);
    db_exec(
        db,
        "UPDATE task SET params = '{}', result = JSON_SET(result, '$.report', JSON_ARRAY(), '$.report_sha256', NULL) "
        "WHERE kind = 0 AND ended_at < ? AND params <> '{}'",
        before);
}

#define UPLOADS_AT_ONCE 1000

void erase_lapsed_uploads(struct db *db, struct arena *a, int64_t before, int64_t now)
{
    condemn(db, a,
            db_query(db, a, "SELECT DISTINCT sha256 FROM upload WHERE expires_at < ? LIMIT ?", before, UPLOADS_AT_ONCE),
            now);
    db_exec(db, "DELETE u FROM upload u JOIN condemned_file c ON c.sha256 = u.sha256 WHERE u.expires_at < ?", before);
}

/* An import that waits or runs reads its file by its hash. */
struct list condemned_list(struct db *db, struct arena *a, int64_t limit)
{
    struct list all = {0};
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT c.sha256, c.at, EXISTS (SELECT 1 FROM entry_blob b WHERE b.sha256 = c.sha256) OR EXISTS "
                 "(SELECT 1 FROM journal j WHERE j.body_sha256 = c.sha256) OR EXISTS (SELECT 1 FROM upload u WHERE "
                 "u.sha256 = c.sha256) OR EXISTS (SELECT 1 FROM task t WHERE t.kind = 0 AND t.state < 2 AND "
                 "JSON_VALUE(t.params, '$.sha256') = LOWER(HEX(c.sha256))) FROM condemned_file c LIMIT ?",
                 limit);
    while (db_next(rows)) {
        struct condemned *c = list_grow(a, &all, sizeof(*c));
        size_t n = 0;
        const void *sha256 = db_blob(rows, 0, &n);
        memcpy(c->sha256, sha256, n < SHA256_SIZE ? n : SHA256_SIZE);
        c->at = db_int(rows, 1);
        c->held = db_int(rows, 2) != 0;
    }
    db_rows_end(rows);
    return all;
}

void condemned_done(struct db *db, struct arena *a, const struct condemned *items, size_t n)
{
    struct db_batch *b = db_batch(db, a, "DELETE FROM condemned_file WHERE sha256 = ?");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, value_bytes(items[i].sha256, SHA256_SIZE));
    db_batch_run(b);
}
