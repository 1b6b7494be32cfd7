#include "store/search_find.h"

#include "base/text.h"

struct list search_owners(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    struct list owners = {0};
    struct db_rows *rows =
        db_query_list(db, a,
                      "SELECT l.identity_id, l.customer_id, i.uuid FROM identity_link l JOIN identity i ON "
                      "i.id = l.identity_id WHERE l.open_identity IN (%s)",
                      numbers_in(identities, n));
    while (db_next(rows))
        *(struct search_owner *)list_grow(a, &owners, sizeof(struct search_owner)) =
            (struct search_owner){db_int(rows, 0), db_int(rows, 1), db_uuid(rows, 2)};
    db_rows_end(rows);
    return owners;
}

/* Links that were closed lead to where the identity is now; who still has one of his own is his own heir. */
struct list search_heirs(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    struct list heirs = {0};
    struct db_rows *rows =
        db_query_list(db, a,
                      "SELECT DISTINCT was.customer_id, now.customer_id, now.customer_id = was.customer_id AS own FROM "
                      "identity_link was "
                      "JOIN identity_link now ON now.open_identity = was.identity_id WHERE was.customer_id IN (%s) "
                      "ORDER BY was.customer_id, own DESC",
                      numbers_in(customers, n));
    int64_t has_own = 0;
    while (db_next(rows)) {
        if (db_int(rows, 2))
            has_own = db_int(rows, 0);
        else if (has_own == db_int(rows, 0))
            continue;
        *(struct search_heir *)list_grow(a, &heirs, sizeof(struct search_heir)) =
            (struct search_heir){db_int(rows, 0), db_int(rows, 1)};
    }
    db_rows_end(rows);
    return heirs;
}

static void add_once(struct arena *a, struct list *texts, const char *text)
{
    if (text_is_blank(text))
        return;
    for (size_t i = 0; i < texts->n; i++)
        if (strcmp(((const char **)texts->items)[i], text) == 0)
            return;
    *(const char **)list_grow(a, texts, sizeof(char *)) = text;
}

struct list search_people(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    struct list people = {0};
    struct search_person *p = NULL;
    struct db_rows *rows = db_query_list(
        db, a,
        "SELECT c.id, c.uuid, c.name, i.kind, i.name, i.value, i.last_at FROM customer c JOIN identity_link l ON "
        "l.customer_id = c.id AND l.until_at IS NULL JOIN identity i ON i.id = l.identity_id WHERE c.id IN (%s) "
        "ORDER BY c.id, i.last_at DESC",
        numbers_in(customers, n));
    while (db_next(rows)) {
        if (!p || p->key != db_int(rows, 0)) {
            p = list_grow(a, &people, sizeof(*p));
            *p = (struct search_person){.key = db_int(rows, 0), .id = db_uuid(rows, 1), .name = db_text(rows, 2)};
        }
        const char *medium = MEDIUM_NAMES[identity_kind_row((int)db_int(rows, 3))->medium];
        const char *name = db_text(rows, 4), *value = db_text(rows, 5);
        if (text_is_blank(p->name))
            p->name = text_is_blank(name) ? value : name;
        if (db_int(rows, 6) > p->last_at)
            p->last_at = db_int(rows, 6);
        add_once(a, &p->media, medium);
        add_once(a, &p->names, name);
        add_once(a, &p->values, value);
    }
    db_rows_end(rows);
    return people;
}

struct list search_identities_of(struct db *db, struct arena *a, const int64_t *customers, size_t n, int64_t limit)
{
    struct list keys = db_all_ints(
        db_query_list(db, a, "SELECT identity_id FROM identity_link WHERE until_at IS NULL AND customer_id IN (%s)",
                      numbers_in(customers, n)));
    if ((int64_t)keys.n > limit)
        keys.n = (size_t)limit;
    return keys;
}

struct list search_tagged_conversations(struct db *db, struct arena *a, const char *tag, int64_t limit)
{
    return db_all_ints(db_query(db, a,
                                "SELECT id FROM conversation WHERE tags <> '[]' AND JSON_CONTAINS(tags, JSON_QUOTE(?)) "
                                "ORDER BY last_at DESC, id DESC LIMIT ?",
                                tag, limit));
}

struct list search_closed_channels(struct db *db, struct arena *a, int role)
{
    return db_all_ints(db_query(db, a, "SELECT id FROM channel WHERE readers > ?", role));
}

int64_t search_agent_key(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_one_int(db_query(db, a, "SELECT id FROM agent WHERE uuid = ?", id));
}

int64_t search_conversation_key(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_one_int(db_query(db, a, "SELECT id FROM conversation WHERE uuid = ?", id));
}
