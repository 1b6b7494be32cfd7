#include "store/audit.h"

#include "base/text.h"

static const char *cut(struct arena *a, const char *text)
{
    return text ? utf8_clean(a, text, strlen(text), AUDIT_SUBJECT_MAX) : "";
}

void audit_add(struct db *db, struct arena *a, const struct audit *audit)
{
    db_exec(db,
            "INSERT INTO audit (at, agent_id, token_id, action, customer_id, other_id, subject, reason) VALUES (?, ?, "
            "?, ?, ?, ?, ?, ?)",
            "izuizzss", audit->at, audit->agent, &audit->token, (int64_t)audit->action, audit->customer, audit->other,
            cut(a, audit->subject), cut(a, audit->reason));
}

#define SELECT                                                                                                     \
    "SELECT d.id, d.at, g.uuid, COALESCE(g.name, t.name), d.action, c.uuid, d.subject, d.reason FROM audit d "     \
    "LEFT JOIN agent g ON g.id = d.agent_id LEFT JOIN api_token t ON t.uuid = d.token_id LEFT JOIN customer c ON " \
    "c.id = d.customer_id WHERE "
#define PAGE "d.id < ? ORDER BY d.id DESC LIMIT ?"

struct list audit_list(struct db *db, struct arena *a, const struct uuid *customer, int64_t before, int64_t limit)
{
    struct list all = {0};
    int64_t end = before ? before : INT64_MAX;
    struct db_rows *rows =
        uuid_is_none(customer)
            ? db_query(db, a, SELECT PAGE, "ii", end, limit)
            : db_query(db, a, SELECT "d.customer_id = (SELECT id FROM customer WHERE uuid = ?) AND " PAGE, "uii",
                       customer, end, limit);
    while (db_next(rows)) {
        struct audit_event *e = list_grow(a, &all, sizeof(*e));
        *e = (struct audit_event){.id = db_int(rows, 0),
                                  .at = db_int(rows, 1),
                                  .agent_id = db_uuid(rows, 2),
                                  .agent_name = db_text(rows, 3),
                                  .action = (int)db_int(rows, 4),
                                  .customer_id = db_uuid(rows, 5),
                                  .subject = db_text(rows, 6),
                                  .reason = db_text(rows, 7)};
    }
    db_rows_end(rows);
    return all;
}

void audit_erase(struct db *db, int64_t customer)
{
    db_exec(db, "UPDATE audit SET subject = '', reason = '' WHERE customer_id = ?", "i", customer);
    db_exec(db, "UPDATE audit SET subject = '', reason = '' WHERE other_id = ?", "i", customer);
}

void audit_erase_mentions(struct db *db, struct arena *a, int64_t identity, const char *name)
{
    struct list ids = {0};
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT DISTINCT d.id FROM identity_link l JOIN audit d ON d.customer_id = l.customer_id "
                 "WHERE l.identity_id = ? AND (LEFT(d.subject, CHAR_LENGTH(?) + 3) = CONCAT(?, ' \xe2\x86\x92 ') OR "
                 "RIGHT(d.subject, CHAR_LENGTH(?) + 3) = CONCAT(' \xe2\x86\x92 ', ?) OR "
                 "LEFT(d.subject, CHAR_LENGTH(?) + 1) = CONCAT(?, ':'))",
                 "issssss", identity, name, name, name, name, name, name);
    while (db_next(rows))
        *(int64_t *)list_grow(a, &ids, sizeof(int64_t)) = db_int(rows, 0);
    db_rows_end(rows);
    struct db_batch *b = db_batch(db, a, "UPDATE audit SET subject = '', reason = '' WHERE id = ?", "i");
    for (size_t i = 0; i < ids.n; i++)
        db_batch_add(b, ((int64_t *)ids.items)[i]);
    db_batch_run(b);
}
