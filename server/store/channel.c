#include "store/channel.h"

#define COLUMNS \
    "c.id, c.uuid, c.type, c.name, c.active, c.settings, c.sealed, c.problem, c.created_at, c.readers, c.version"
#define NO_WATCH ", 0, 0"
/* Both are answered by an index, a channel each. */
#define WATCH                                                                  \
    ", (SELECT MAX(j.received_at) FROM journal j WHERE j.channel_id = c.id), " \
    "(SELECT COUNT(*) FROM journal j WHERE j.status = 1 AND j.channel_id = c.id)"

static void read_channel(struct db_rows *rows, struct channel_row *ret)
{
    *ret = (struct channel_row){.key = db_int(rows, 0),
                                .id = db_uuid(rows, 1),
                                .type = db_text(rows, 2),
                                .name = db_text(rows, 3),
                                .active = db_int(rows, 4) != 0,
                                .settings = db_text(rows, 5),
                                .problem = db_text(rows, 7),
                                .created_at = db_int(rows, 8),
                                .readers = (int)db_int(rows, 9),
                                .version = db_int(rows, 10),
                                .last_event_at = db_int(rows, 11),
                                .failures = db_int(rows, 12)};
    size_t len = 0;
    ret->sealed.data = (char *)(uintptr_t)db_blob(rows, 6, &len);
    ret->sealed.len = len;
}

static struct list read_all(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows))
        read_channel(rows, list_grow(a, &all, sizeof(struct channel_row)));
    db_rows_end(rows);
    return all;
}

struct list channel_list(struct db *db, struct arena *a, bool watch)
{
    return read_all(db_query(db, a,
                             watch ? "SELECT " COLUMNS WATCH " FROM channel c ORDER BY c.name, c.id"
                                   : "SELECT " COLUMNS NO_WATCH " FROM channel c ORDER BY c.name, c.id"),
                    a);
}

struct channel_row *channel_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct list one = read_all(db_query(db, a, "SELECT " COLUMNS WATCH " FROM channel c WHERE c.uuid = ?", id), a);
    return one.n ? one.items : NULL;
}

struct channel_row *channel_lock(struct db *db, struct arena *a, const struct uuid *id)
{
    struct list one =
        read_all(db_query(db, a, "SELECT " COLUMNS NO_WATCH " FROM channel c WHERE c.uuid = ? FOR UPDATE", id), a);
    return one.n ? one.items : NULL;
}

struct channel_row *channel_by_key(struct db *db, struct arena *a, int64_t key)
{
    struct list one = read_all(db_query(db, a, "SELECT " COLUMNS NO_WATCH " FROM channel c WHERE c.id = ?", key), a);
    return one.n ? one.items : NULL;
}

void channel_insert(struct db *db, const struct channel_row *c, int64_t now)
{
    db_exec(db,
            "INSERT INTO channel (uuid, type, name, active, settings, sealed, created_at, changed_at, "
            "readers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &c->id, c->type, c->name, c->active, c->settings, value_bytes(c->sealed.data, c->sealed.len), now, now,
            c->readers);
}

void channel_save(struct db *db, const struct channel_row *c, int64_t now)
{
    db_exec(db,
            "UPDATE channel SET name = ?, active = ?, settings = ?, sealed = ?, readers = ?, problem = NULL, version = "
            "version + 1, "
            "changed_at = GREATEST(?, changed_at + 1) WHERE id = ?",
            c->name, c->active, c->settings, value_bytes(c->sealed.data, c->sealed.len), c->readers, now, c->key);
}

void channel_set_problem(struct db *db, int64_t key, const char *problem, int64_t now)
{
    db_exec(db, "UPDATE channel SET problem = ?, changed_at = GREATEST(?, changed_at + 1) WHERE id = ?", problem, now,
            key);
}

int64_t channel_generation(struct db *db, struct arena *a)
{
    struct db_rows *rows = db_query(db, a, "SELECT CAST(COALESCE(SUM(changed_at), 0) AS SIGNED) FROM channel");
    int64_t generation = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return generation;
}
