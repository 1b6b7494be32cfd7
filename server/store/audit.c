#include "store/audit.h"

#include "base/crypto.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>

void audit_check(uint64_t set, enum audit_action action)
{
    if (!set || set & AUDIT_BIT(action))
        return;
    log_error("audit of %s is not announced", AUDIT_ACTION_NAMES[action]);
#ifdef __SANITIZE_ADDRESS__
    abort();
#endif
}

static const char *cut_subject(struct arena *a, const char *text)
{
    return text ? utf8_clean(a, text, strlen(text), AUDIT_SUBJECT_MAX) : "";
}

static void insert(struct db *db, struct arena *a, const struct audit *d, const uint8_t *fold)
{
    db_exec(db,
            "INSERT INTO audit (at, last_at, agent_id, token_id, session_id, address, action, customer_id, other_id, "
            "subject, reason, facts_before, facts_after, fold) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON DUPLICATE KEY UPDATE count = count + 1, last_at = VALUES(last_at)",
            d->at, d->at, null_if_0(d->agent), &d->token, &d->session, d->address, d->action, null_if_0(d->customer),
            null_if_0(d->other), cut_subject(a, d->subject), cut_subject(a, d->reason), d->before, d->after,
            value_bytes(fold, fold ? (size_t)SHA256_SIZE : 0));
}

void audit_add(struct db *db, struct arena *a, const struct audit *audit)
{
    insert(db, a, audit, NULL);
}

int64_t audit_count(struct db *db, struct arena *a, const struct audit *audit, const char *key)
{
    uint8_t fold[SHA256_SIZE];
    const char *text = arena_printf(a, "%d:%lld:%s", (int)audit->action, (long long)(audit->at / AUDIT_FOLD_MS), key);
    crypto_sha256(text, strlen(text), fold);
    insert(db, a, audit, fold);
    return db_one_int(db_query(db, a, "SELECT count FROM audit WHERE fold = ?", value_bytes(fold, SHA256_SIZE)));
}

int64_t audit_sweep_logins(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM audit WHERE action IN (?, ?, ?) AND at < ? LIMIT ?", AUDIT_LOGIN, AUDIT_LOGIN_FAILED,
            AUDIT_LOGOUT, before, limit);
    return db_affected(db);
}

#define SELECT                                                                                                     \
    "SELECT d.id, d.at, g.uuid, COALESCE(g.name, t.name), d.action, c.uuid, d.subject, d.reason, d.token_id, "     \
    "d.session_id, d.address, d.facts_before, d.facts_after, d.last_at, d.count FROM audit d "                     \
    "LEFT JOIN agent g ON g.id = d.agent_id LEFT JOIN api_token t ON t.uuid = d.token_id LEFT JOIN customer c ON " \
    "c.id = d.customer_id WHERE "
#define PAGE "d.action BETWEEN ? AND ? AND d.id < ? ORDER BY d.id DESC LIMIT ?"

struct list audit_list(struct db *db, struct arena *a, enum audit_about about, const struct uuid *customer,
                       int64_t before, int64_t limit)
{
    struct list all = {0};
    int64_t end = before ? before : INT64_MAX;
    int64_t first = about == AUDIT_ABOUT_ACCESS ? AUDIT_SECURITY_FIRST : 0;
    int64_t last = about == AUDIT_ABOUT_PEOPLE ? AUDIT_SECURITY_FIRST - 1 : AUDIT_ACTIONS_ - 1;
    struct db_rows *rows =
        uuid_is_none(customer)
            ? db_query(db, a, SELECT PAGE, first, last, end, limit)
            : db_query(db, a, SELECT "d.customer_id = (SELECT id FROM customer WHERE uuid = ?) AND " PAGE, customer,
                       first, last, end, limit);
    while (db_next(rows)) {
        struct audit_event *e = list_grow(a, &all, sizeof(*e));
        *e = (struct audit_event){.id = db_int(rows, 0),
                                  .at = db_int(rows, 1),
                                  .agent_id = db_uuid(rows, 2),
                                  .agent_name = db_text(rows, 3),
                                  .action = (int)db_int(rows, 4),
                                  .customer_id = db_uuid(rows, 5),
                                  .subject = db_text(rows, 6),
                                  .reason = db_text(rows, 7),
                                  .token_id = db_uuid(rows, 8),
                                  .session_id = db_uuid(rows, 9),
                                  .address = db_text(rows, 10),
                                  .before = db_text(rows, 11),
                                  .after = db_text(rows, 12),
                                  .last_at = db_int_or(rows, 13, db_int(rows, 1)),
                                  .count = db_int(rows, 14)};
    }
    db_rows_end(rows);
    return all;
}

void audit_erase(struct db *db, int64_t customer)
{
    db_exec(db,
            "UPDATE audit SET subject = '', reason = '', facts_before = NULL, facts_after = NULL WHERE customer_id = ?",
            customer);
    db_exec(db,
            "UPDATE audit SET subject = '', reason = '', facts_before = NULL, facts_after = NULL WHERE other_id = ?",
            customer);
}

void audit_erase_mentions(struct db *db, struct arena *a, int64_t identity, const char *name)
{
    struct list ids = db_all_ints(
        db_query(db, a,
                 "SELECT DISTINCT d.id FROM identity_link l JOIN audit d ON d.customer_id = l.customer_id "
                 "WHERE l.identity_id = ? AND (LEFT(d.subject, CHAR_LENGTH(?) + 3) = CONCAT(?, ' \xe2\x86\x92 ') OR "
                 "RIGHT(d.subject, CHAR_LENGTH(?) + 3) = CONCAT(' \xe2\x86\x92 ', ?) OR "
                 "LEFT(d.subject, CHAR_LENGTH(?) + 1) = CONCAT(?, ':') OR d.subject = ?)",
                 identity, name, name, name, name, name, name, name));
    struct db_batch *b = db_batch(
        db, a, "UPDATE audit SET subject = '', reason = '', facts_before = NULL, facts_after = NULL WHERE id = ?");
    for (size_t i = 0; i < ids.n; i++)
        db_batch_add(b, ((int64_t *)ids.items)[i]);
    db_batch_run(b);
}
