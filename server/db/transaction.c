#include "db/transaction.h"

#include "base/id.h"
#include "base/log.h"
#include "db/handle.h"

#include <unistd.h>

#define TRIES 6

struct db_metrics db_metrics;

static bool run_plain(struct db *db, const char *sql)
{
    if (!db->mysql || mysql_query(db->mysql, sql) == 0)
        return db->mysql != NULL;
    return db_fail(db, mysql_errno(db->mysql), mysql_error(db->mysql), sql);
}

/* A connection that cannot roll back is dropped, which undoes as well; what went wrong before stays the failure. */
static void undo(struct db *db)
{
    enum db_failure why = db->failure;
    if (why != DB_AWAY && db->mysql && !run_plain(db, "ROLLBACK"))
        db_disconnect(db);
    db->failure = why;
    db->in_transaction = false;
}

/* Waits a little before a conflicting transaction is run again, longer each time and never two the same. */
static void back_off(int attempt)
{
    uint16_t jitter = 0;
    struct uuid id = uuid_v7(0);
    memcpy(&jitter, id.b + 10, sizeof(jitter));
    usleep((useconds_t)((1000 << attempt) + jitter % 2000));
}

bool db_transact(struct db *db, bool (*fn)(struct db *db, void *arg), void *arg, struct error *err)
{
    for (int attempt = 0; attempt < TRIES; attempt++) {
        if (!db_ready(db))
            return db_error(db, err);
        if (!run_plain(db, "BEGIN")) { /* the connection had died while idle: once more, with a new one */
            if (db->failure == DB_CONFLICT || (db->failure == DB_AWAY && attempt == 0))
                continue;
            return db_error(db, err);
        }
        db->in_transaction = true;
        bool fine = fn(db, arg);
        if (fine && db->failure == DB_FINE && run_plain(db, "COMMIT")) {
            db->in_transaction = false;
            return true;
        }
        undo(db);
        if (db->failure == DB_FINE)
            return false; /* fn said no */
        if (db->failure != DB_CONFLICT)
            return db_error(db, err);
        db_metrics.conflicts++;
        back_off(attempt);
    }
    log_warning("transaction given up conflicts=%d err=%s", TRIES, log_quoted(db->message));
    return db_error(db, err);
}
