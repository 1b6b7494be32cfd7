#include "store/audit.h"

#include "base/crypto.h"
#include "base/log.h"
#include "base/rows.h"
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

RECORD(AUDIT_EVENT_RECORD, audit_event, "AuditEvent", "d", "A decision about people, data or who may see them.",
    INT(audit_event, id, "id", 0, 0, "Rises with time.", STORED("id", 0)),
    TIME(audit_event, at, "at", "When.", STORED("at", 0)),
    UUID(audit_event, agent_id, "agent_id", "Who; null: an integrator or the system.", COMPUTED("g.uuid")),
    TEXT(audit_event, agent_name, "agent_name", 200, "Who: the agent's name, or the API token's; null: the system.", COMPUTED("COALESCE(g.name, t.name)")),
    ENUM_REQ(audit_event, action, "action", AUDIT_ACTION_NAMES, "What was done …", STORED("action", 0)),
    UUID(audit_event, customer_id, "customer_id", "… to whom …", COMPUTED("c.uuid")),
    TEXT(audit_event, subject, "subject", 500, "… by its name, or both names; empty once the person is erased.", STORED("subject", 0)),
    TEXT(audit_event, reason, "reason", 500, "Why, in the words of who did it.", STORED("reason", 0)),
    UUID(audit_event, token_id, "token_id", "By which API token; null: by none.", STORED("token_id", 0)),
    UUID(audit_event, session_id, "session_id", "By which browser session; null: by none.", STORED("session_id", 0)),
    TEXT(audit_event, address, "address", 64, "From which address; null: from within.", STORED("address", 0)),
    JSON(audit_event, before, "before", 0, "Object: what it was, as far as it is different. No secrets.", STORED("facts_before", 0)),
    JSON(audit_event, after, "after", 0, "Object: what it is now. Of a channel's settings only the names of those that were given.", STORED("facts_after", 0)),
    TIME(audit_event, last_at, "last_at", "The last time, of what is counted.", COMPUTED("COALESCE(d.last_at, d.at)")),
    INT(audit_event, count, "count", 0, 0, "How often within ten minutes, of what is counted; else 1.", STORED("count", 0)));

#define SELECT                                                                                              \
    "SELECT {audit} FROM audit d LEFT JOIN agent g ON g.id = d.agent_id LEFT JOIN api_token t ON t.uuid = " \
    "d.token_id LEFT JOIN customer c ON c.id = d.customer_id WHERE "
#define PAGE "d.action BETWEEN ? AND ? AND d.id < ? ORDER BY d.id DESC LIMIT ?"

struct list audit_list(struct db *db, struct arena *a, enum audit_about about, const struct uuid *customer,
                       int64_t before, int64_t limit)
{
    int64_t end = before ? before : INT64_MAX;
    int64_t first = about == AUDIT_ABOUT_ACCESS ? AUDIT_SECURITY_FIRST : 0;
    int64_t last = about == AUDIT_ABOUT_PEOPLE ? AUDIT_SECURITY_FIRST - 1 : AUDIT_ACTIONS_ - 1;
    struct db_rows *rows =
        uuid_is_none(customer)
            ? db_query(db, a, SELECT PAGE, first, last, end, limit)
            : db_query(db, a, SELECT "d.customer_id = (SELECT id FROM customer WHERE uuid = ?) AND " PAGE, customer,
                       first, last, end, limit);
    return db_all(rows, &AUDIT_EVENT_RECORD);
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
