#include "store/search_find.h"

#include "base/text.h"

struct list search_owners(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    return db_all(db_query_list(db, a,
                                "SELECT l.identity_id, l.customer_id, i.uuid FROM identity_link l JOIN identity i ON "
                                "i.id = l.identity_id WHERE l.open_identity IN (%s)",
                                numbers_in(identities, n)),
                  &COLUMNS(search_owner, identity, customer, identity_id));
}

/* Links that were closed lead to where the identity is now; who still has one of his own is his own heir. */
struct list search_heirs(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    return db_all(
        db_query_list(db, a,
                      "SELECT DISTINCT was.customer_id, now.customer_id FROM identity_link was JOIN identity_link now "
                      "ON now.open_identity = was.identity_id WHERE was.customer_id IN (%s) AND (now.customer_id = "
                      "was.customer_id OR NOT EXISTS (SELECT 1 FROM identity_link own WHERE own.customer_id = "
                      "was.customer_id AND own.until_at IS NULL)) ORDER BY was.customer_id",
                      numbers_in(customers, n)),
        &COLUMNS(search_heir, asked, customer));
}

static bool add_once(struct arena *a, struct list *texts, const char *text)
{
    if (text_is_blank(text))
        return false;
    for (size_t i = 0; i < texts->n; i++)
        if (strcmp(((const char **)texts->items)[i], text) == 0)
            return false;
    *(const char **)list_grow(a, texts, sizeof(char *)) = text;
    return true;
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
        struct search_person person = {0};
        struct identity d = {0};
        db_read(rows, db_read(rows, 0, &COLUMNS(search_person, key, id, name), &person),
                &COLUMNS(identity, kind, name, value, last_at), &d);
        if (!p || p->key != person.key) {
            p = list_grow(a, &people, sizeof(*p));
            *p = person;
        }
        if (text_is_blank(p->name))
            p->name = text_is_blank(d.name) ? d.value : d.name;
        if (d.last_at > p->last_at)
            p->last_at = d.last_at;
        add_once(a, &p->media, MEDIUM_NAMES[identity_kind_row(d.kind)->medium]);
        add_once(a, &p->names, d.name);
        if (add_once(a, &p->values, d.value))
            *(const char **)list_grow(a, &p->kinds, sizeof(char *)) = IDENTITY_KIND_NAMES[d.kind];
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

struct list search_places(struct db *db, struct arena *a, const struct uuid *entries, size_t n)
{
    return db_all(db_query_list(db, a,
                                "SELECT e.id, c.id, c.status FROM entry e JOIN conversation c ON c.id = "
                                "e.conversation_id WHERE e.id IN (%s)",
                                uuids_in(entries, n)),
                  &COLUMNS(search_place, entry, conversation, status));
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
