#include "store/identity.h"

#include "base/rows.h"

RECORD(IDENTITY_SHAPE, identity, "Identity", "i", "One way of reaching or recognising a person; facts are filed under it.",
    INSIDE_KEY(identity, key, STORED("id", 0)),
    UUID_REQ(identity, id, "id", "Id.", STORED("uuid", USE_EXPORTED)),
    ENUM_REQ(identity, kind, "kind", IDENTITY_KIND_NAMES, "What the value is.", STORED("kind", USE_EXPORTED)),
    TEXT_REQ(identity, value, "value", 254, "Normalised: lower-case address, E.164 number, provider's user id.", STORED("value", USE_EXPORTED)),
    UUID(identity, channel_id, "channel_id", "The account within which the value is unique; null: everywhere, or within a customer_space."),
    INSIDE_KEY(identity, scope, STORED("scope", USE_FILLED)),
    TEXT(identity, name, "name", 200, "What the provider calls the person.", STORED("name", USE_SAVED | USE_FILLED | USE_EXPORTED | USE_PERSONAL)),
    ENUM_REQ(identity, proof, "proof", PROOF_NAMES, "How sure it is that the person stands behind it.", STORED("proof", USE_SAVED | USE_EXPORTED)),
    INT_REQ(identity, version, "version", 0, 0, "Raised by one by every change of an entry under it.", STORED("version", USE_SAVED)),
    TIME_REQ(identity, first_at, "first_at", "Its first entry.", STORED("first_at", USE_SAVED | USE_FILLED | USE_EXPORTED)),
    TIME_REQ(identity, last_at, "last_at", "Its last entry.", STORED("last_at", USE_SAVED | USE_FILLED | USE_EXPORTED)),
    TIME(identity, last_in_at, "last_in_at", "The last message from the person through it.", STORED("last_in_at", USE_SAVED | USE_FILLED)),
    INSIDE_KEY(identity, last_in_channel, STORED("last_in_channel", USE_SAVED | USE_FILLED)),
    INT(identity, points, "points", 0, 0, "Loyalty points: the newest balance that was told, and the changes since.", STORED("points", USE_SAVED | USE_EXPORTED | USE_PERSONAL)),
    TEXT(identity, tier, "tier", 60, "Loyalty tier, as last told.", STORED("tier", USE_SAVED | USE_EXPORTED | USE_PERSONAL)),
    INSIDE_KEY(identity, points_channel, STORED("points_channel", USE_SAVED)),
    INSIDE_TIME(identity, points_at, STORED("points_at", USE_SAVED | USE_FILLED)),
    INSIDE_TIME(identity, tier_at, STORED("tier_at", USE_SAVED | USE_FILLED)),
    TIME(identity, linked_at, "linked_at", "Since when it belongs to its customer."),
    TEXT(identity, rule, "rule", 40, "The rule that linked it: first_contact, same_email, same_phone, vouched, …"),
    SAID(identity, evidence, "evidence", "On what evidence."),
    UUID(identity, linked_by, "linked_by", "The agent who put it here; null: a rule did."),
    UUID(identity, operation_id, "operation_id", "The merge or move that put it here; null: a rule did."),
    BOOL(identity, shared, "shared", "Of several persons: it has a record of its own, and no rule links by it.", COMPUTED("i.shared")),
    ENUM_REQ(identity, consent, "consent", CONSENT_NAMES, "Whether we may write to it on our own account.", STORED("consent", USE_SAVED | USE_PERSONAL)),
    TIME(identity, consent_at, "consent_at", "Since when.", STORED("consent_at", USE_SAVED | USE_PERSONAL)),
    TIME(identity, bounced_at, "bounced_at", "What is sent to it comes back since then; null: it does not.", STORED("bounced_at", USE_SAVED | USE_PERSONAL)),
    SAID(identity, bounced_reason, "bounced_reason", "Why.", STORED("bounced_reason", USE_SAVED | USE_PERSONAL)));

void identity_lock_values(struct db *db, struct arena *a, int kind, int64_t scope, const char *const *values, size_t n,
                          struct list *ret)
{
    db_read_all(
        db_query_list(db, a,
                      "SELECT {identity} FROM identity i FORCE INDEX (kind) WHERE i.kind = ? AND i.scope = ? AND "
                      "i.value IN (%s) FOR UPDATE",
                      texts_in(values, n), kind, scope),
        &IDENTITY_SHAPE, ret);
}

void identity_lock_keys(struct db *db, struct arena *a, const int64_t *keys, size_t n, struct list *ret)
{
    db_read_all(db_query_list(db, a,
                              "SELECT {identity} FROM identity i FORCE INDEX (PRIMARY) WHERE i.id IN (%s) FOR UPDATE",
                              numbers_in(keys, n)),
                &IDENTITY_SHAPE, ret);
}

struct identity *identity_by_key(struct db *db, struct arena *a, int64_t key)
{
    return db_read_one(db_query(db, a, "SELECT {identity} FROM identity i WHERE i.id = ?", key), &IDENTITY_SHAPE);
}

struct identity *identity_by_id(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_read_one(db_query(db, a, "SELECT {identity} FROM identity i WHERE i.uuid = ?", id), &IDENTITY_SHAPE);
}

struct identity *identity_by_value(struct db *db, struct arena *a, int kind, int64_t scope, const char *value)
{
    return db_read_one(db_query(db, a,
                                "SELECT {identity} FROM identity i WHERE i.kind = ? AND i.scope = ? AND i.value = ?",
                                kind, scope, value),
                       &IDENTITY_SHAPE);
}

struct uuid identity_customer(struct db *db, struct arena *a, int64_t key)
{
    return db_one_uuid(db_query(
        db, a, "SELECT c.uuid FROM identity_link l JOIN customer c ON c.id = l.customer_id WHERE l.open_identity = ?",
        key));
}

void identity_insert(struct db *db, struct arena *a, struct identity *const *items, size_t n)
{
    db_insert(db, a, "INSERT IGNORE INTO identity {identity.into}", &IDENTITY_SHAPE, (const void *const *)items, n);
}

/* Each of them exists, and is locked. "INSERT … ON DUPLICATE KEY UPDATE" is one statement for all rows of a batch, where an
 * UPDATE is run once for each: half of the time. */
void identity_save(struct db *db, struct arena *a, struct identity *const *items, size_t n)
{
    db_insert(db, a, "INSERT INTO identity {identity.into} ON DUPLICATE KEY UPDATE {identity.saved}", &IDENTITY_SHAPE,
              (const void *const *)items, n);
}

static struct customer *customer_of(struct list *customers, int64_t key)
{
    struct customer *items = customers->items;
    for (size_t i = customers->n; i-- > 0;)
        if (items[i].key == key)
            return &items[i];
    return NULL;
}

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* In the order of their keys, so that two who lock the same never wait for each other in a circle. The index is forced,
 * as are those above: on a small table MariaDB would read all of it, and lock what others have. */
static void lock_customers(struct db *db, struct arena *a, const struct list *customers)
{
    int64_t *keys = arena_alloc(a, (customers->n + 1) * sizeof(*keys));
    for (size_t i = 0; i < customers->n; i++)
        keys[i] = ((struct customer *)customers->items)[i].key;
    if (customers->n)
        qsort(keys, customers->n, sizeof(*keys), by_number);
    struct db_rows *rows =
        db_query_list(db, a, "SELECT id FROM customer FORCE INDEX (PRIMARY) WHERE id IN (%s) FOR UPDATE",
                      numbers_in(keys, customers->n));
    db_rows_skip(rows);
}

#define OPEN_LINKS                                                                                                     \
    "SELECT STRAIGHT_JOIN l.identity_id, l.from_at, l.rule, l.evidence, c.id, c.id, c.uuid, c.name, c.erased_at FROM " \
    "identity_link l FORCE INDEX (open_identity) JOIN customer c FORCE INDEX (PRIMARY) ON c.id = l.customer_id "       \
    "WHERE l.open_identity IN (%s)"

/* The links need no lock: they change only under their identity's. One identity has one customer, and then there is no order
 * to keep: a message by itself is spared a statement. */
void link_lock(struct db *db, struct arena *a, struct identity *const *items, size_t n, struct list *ret_customers)
{
    struct list here = {0};
    int64_t *keys = arena_alloc(a, (n ? n : 1) * sizeof(*keys));
    for (size_t i = 0; i < n; i++)
        keys[i] = items[i]->key;
    struct db_rows *rows = db_query_list(db, a, n == 1 ? OPEN_LINKS " FOR UPDATE" : OPEN_LINKS, numbers_in(keys, n));
    while (db_next(rows)) {
        struct identity link = {0};
        struct customer owner = {0};
        db_read(rows, db_read(rows, 0, &COLUMNS(identity, key, linked_at, rule, evidence, customer_key), &link),
                &COLUMNS(customer, key, id, name, erased_at), &owner);
        for (size_t i = 0; i < n; i++) {
            if (items[i]->key != link.key)
                continue;
            items[i]->linked_at = link.linked_at;
            items[i]->rule = link.rule;
            items[i]->evidence = link.evidence;
            items[i]->customer_key = link.customer_key;
        }
        if (!customer_of(&here, owner.key))
            *(struct customer *)list_grow(a, &here, sizeof(owner)) = owner;
    }
    db_rows_end(rows);
    if (n > 1)
        lock_customers(db, a, &here);
    for (size_t i = 0; i < here.n; i++)
        if (!customer_of(ret_customers, ((struct customer *)here.items)[i].key))
            *(struct customer *)list_grow(a, ret_customers, sizeof(struct customer)) =
                ((struct customer *)here.items)[i];
}

void link_owners(struct db *db, struct arena *a, const int64_t *identities, size_t n, struct list *ret)
{
    db_read_all(db_query_list(db, a,
                              "SELECT DISTINCT l.open_identity, c.uuid FROM identity_link l JOIN customer c ON "
                              "c.id = l.customer_id WHERE l.open_identity IN (%s)",
                              numbers_in(identities, n)),
                &COLUMNS(identity_owner, identity, customer_id), ret);
}

void link_open(struct db *db, struct arena *a, const struct link_new *links, size_t n)
{
    struct db_batch *b =
        db_batch(db, a,
                 "INSERT INTO identity_link (identity_id, customer_id, from_at, rule, evidence, made_by, via, "
                 "operation) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, links[i].identity, links[i].customer, links[i].at, links[i].rule,
                     links[i].evidence ? links[i].evidence : "", null_if_0(links[i].made_by), null_if_0(links[i].via),
                     null_if_0(links[i].operation));
    db_batch_run(b);
}

void link_close(struct db *db, int64_t identity, int64_t at)
{
    db_exec(db, "UPDATE identity_link SET until_at = ? WHERE open_identity = ?", at, identity);
}

int64_t link_count(struct db *db, struct arena *a, int64_t customer)
{
    return db_one_int(
        db_query(db, a, "SELECT COUNT(*) FROM identity_link WHERE customer_id = ? AND until_at IS NULL", customer));
}

struct list link_history(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    return db_all(
        db_query_list(
            db, a,
            "SELECT i.kind, i.value, c.uuid, l.from_at, l.until_at, l.rule, l.evidence, g.name FROM identity_link l "
            "JOIN identity i ON i.id = l.identity_id JOIN customer c ON c.id = l.customer_id "
            "LEFT JOIN agent g ON g.id = l.made_by WHERE l.identity_id IN (%s) ORDER BY l.id",
            numbers_in(identities, n)),
        &COLUMNS(link_past, kind, value, customer_id, from_at, until_at, rule, evidence, made_by));
}
