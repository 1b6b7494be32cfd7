#include "store/draft.h"

#include "base/rows.h"

#define LISTED COLUMNS(draft_row, customer, version, saved_at, beginning)
#define WHOLE COLUMNS(draft_row, customer, version, saved_at, beginning, content)

struct list draft_list(struct db *db, struct arena *a, int64_t agent)
{
    return db_all(db_query(db, a,
                           "SELECT c.uuid, d.version, d.saved_at, d.beginning FROM draft d JOIN customer c ON c.id = "
                           "d.customer_id WHERE d.agent_id = ? ORDER BY d.saved_at DESC LIMIT ?",
                           agent, DRAFTS_LISTED_MAX),
                  &LISTED);
}

struct draft_row draft_get(struct db *db, struct arena *a, int64_t agent, const struct uuid *customer)
{
    struct draft_row ret = {.customer = *customer};
    db_read_into(db_query(db, a,
                          "SELECT c.uuid, d.version, d.saved_at, d.beginning, d.content FROM customer c JOIN draft d "
                          "ON d.customer_id = c.id AND d.agent_id = ? WHERE c.uuid = ?",
                          agent, customer),
                 &WHOLE, &ret);
    return ret;
}

int64_t draft_version(struct db *db, struct arena *a, int64_t agent, int64_t customer)
{
    return db_one_int(db_query(db, a,
                               "SELECT d.version FROM (SELECT ? AS id UNION SELECT old.customer_id FROM identity_link "
                               "now JOIN identity_link old ON old.identity_id = now.identity_id WHERE now.customer_id "
                               "= ? AND now.until_at IS NULL) c JOIN draft d ON d.agent_id = ? AND d.customer_id = "
                               "c.id ORDER BY c.id = ? DESC LIMIT 1",
                               customer, customer, agent, customer));
}

struct draft_row draft_lock(struct db *db, struct arena *a, int64_t agent, const struct uuid *customer)
{
    /* An erasure locks the person before it empties their drafts: one that is written now is there for it, or is not written. */
    db_one_int(db_query(
        db, a, "SELECT id FROM customer FORCE INDEX (uuid) WHERE uuid = ? AND erased_at IS NULL LOCK IN SHARE MODE",
        customer));
    db_one_int(db_query(db, a, "SELECT id FROM agent FORCE INDEX (PRIMARY) WHERE id = ? FOR UPDATE", agent));
    return draft_get(db, a, agent, customer);
}

void draft_put(struct db *db, int64_t agent, const struct draft_row *d)
{
    db_exec(db,
            "INSERT INTO draft (agent_id, customer_id, version, saved_at, beginning, content) SELECT ?, id, ?, ?, ?, ? "
            "FROM customer WHERE uuid = ? AND erased_at IS NULL ON DUPLICATE KEY UPDATE version = VALUES(version), "
            "saved_at = VALUES(saved_at), beginning = VALUES(beginning), content = VALUES(content)",
            agent, d->version, d->saved_at, d->beginning, d->content, &d->customer);
}

void draft_remove(struct db *db, int64_t agent, const struct uuid *customer)
{
    db_exec(db, "DELETE d FROM draft d JOIN customer c ON c.id = d.customer_id WHERE d.agent_id = ? AND c.uuid = ?",
            agent, customer);
}

struct list draft_leads(struct db *db, struct arena *a, int64_t agent)
{
    return db_all(
        db_query(db, a,
                 "SELECT m.was, m.now, m.version, f.uuid, t.uuid FROM (SELECT d.customer_id AS was, d.version, "
                 "MIN(now.customer_id) AS now FROM draft d JOIN identity_link old ON old.customer_id = d.customer_id "
                 "JOIN identity_link now ON now.open_identity = old.identity_id WHERE d.agent_id = ? GROUP BY "
                 "d.customer_id HAVING MIN(now.customer_id) = MAX(now.customer_id)) m JOIN customer f ON f.id = m.was "
                 "JOIN customer t ON t.id = m.now LEFT JOIN draft there ON there.agent_id = ? AND there.customer_id = "
                 "m.now WHERE m.was <> m.now AND there.agent_id IS NULL",
                 agent, agent),
        &COLUMNS(draft_lead, from_key, to_key, version, from, to));
}

bool draft_follow(struct db *db, struct arena *a, int64_t agent, const struct draft_lead *lead)
{
    db_one_int(db_query(db, a,
                        "SELECT COUNT(*) FROM customer FORCE INDEX (PRIMARY) WHERE id IN (?, ?) LOCK IN SHARE MODE",
                        lead->from_key, lead->to_key));
    db_exec(db,
            "UPDATE IGNORE draft d JOIN customer f ON f.id = d.customer_id JOIN customer t ON t.id = ? SET "
            "d.customer_id = t.id WHERE d.agent_id = ? AND d.customer_id = ? AND d.version = ? AND f.erased_at IS NULL "
            "AND t.erased_at IS NULL",
            lead->to_key, agent, lead->from_key, lead->version);
    return db_affected(db) > 0;
}

int64_t draft_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM draft WHERE saved_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}
