#include "store/channel.h"

#include "base/rows.h"
#include "store/mailbox.h"

#include <stdatomic.h>

RECORD(CHANNEL_SHAPE, channel_row, "Channel", "c", "One connected account.",
    INSIDE_KEY(channel_row, key, STORED("id", 0)),
    UUID_REQ(channel_row, id, "id", "Id.", STORED("uuid", 0)),
    TEXT_REQ(channel_row, type, "type", 32, "Which kind of account: see channel.types.", STORED("type", 0)),
    ENUM_REQ(channel_row, medium, "medium", MEDIUM_NAMES, "By what means it reaches people."),
    TEXT_REQ(channel_row, name, "name", 200, "What agents call it.", STORED("name", 0)),
    BOOL(channel_row, active, "active", "False: takes nothing in and sends nothing.", STORED("active", 0)),
    JSON(channel_row, settings, "settings", 0, "Its settings by name, without secrets.", STORED("settings", 0)),
    TEXTS(channel_row, addresses, "addresses", 0, "Of a channel of mail: ours, the one that answers come from first."),
    TEXTS(channel_row, secrets_set, "secrets_set", 0, "Names of the secrets that have a value."),
    TEXT(channel_row, webhook_url, "webhook_url", 500, "Where the provider must send; null when it sends nothing."),
    ENUM_REQ(channel_row, readers, "readers", ROLE_NAMES, "The lowest role that may read what comes and goes by it; others see that there is something, and when.", STORED("readers", 0)),
    ENUM_REQ(channel_row, sign_in, "sign_in", OAUTH_BY_NAMES, "Whom tokens of its provider let in (OAuth 2.0): a person who signs in (mailbox.sign_in), the app itself, or nobody: there are none."),
    TEXTS(channel_row, warnings, "warnings", 0, "What works and should be changed: plain_signatures (the chat still takes signatures of the old form), secret_ends and secret_ended (the client secret that tokens of the provider are had by: within a month, or already)."),
    SAID(channel_row, problem, "problem", "Why sending is held up; empty when all is well.", STORED("problem", 0)),
    TIME_REQ(channel_row, created_at, "created_at", "When it was connected.", STORED("created_at", 0)),
    TIME(channel_row, last_event_at, "last_event_at", "When something last came by it."),
    OBJECT(channel_row, mailbox, "mailbox", &MAILBOX_SHAPE, "Of a type that collects mail, for admins: where that stands."),
    INT_REQ(channel_row, failures, "failures", 0, 0, "Inputs that could not be understood and wait for a retry."),
    TIME(channel_row, unsent_since, "unsent_since", "Since when the oldest answer waits to leave by it; null: none does."),
    SAID(channel_row, unsent_error, "unsent_error", "For admins: why that one has not left, when it was tried."),
    INT_REQ(channel_row, version, "version", 0, 0, "Higher after every change that people make, for channel.update.", STORED("version", 0)));

/* When something last came, how much waits for a retry, and since when what is to leave: each is answered by an index. */
#define WATCH                                                                                                     \
    "GREATEST(c.fed_at, COALESCE((SELECT MAX(j.received_at) FROM journal j WHERE j.channel_id = c.id), 0)), "     \
    "(SELECT COUNT(*) FROM journal j WHERE j.status = 1 AND j.channel_id = c.id), "                               \
    "COALESCE((SELECT MIN(o.created_at) FROM outbox o FORCE INDEX (stands) WHERE o.state = 1 AND o.channel_id = " \
    "c.id), 0), "                                                                                                 \
    "(SELECT o.error FROM outbox o FORCE INDEX (stands) WHERE o.state = 1 AND o.channel_id = c.id ORDER BY "      \
    "o.created_at LIMIT 1)"
#define CHANNELS(watch) "SELECT {channel}, c.sealed, " watch " FROM channel c "
#define NO_WATCH "0, 0, 0, ''"

static struct list read_channels(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows)) {
        struct channel_row *c = list_grow(a, &all, sizeof(*c));
        size_t len = 0;
        unsigned column = db_read(rows, 0, &CHANNEL_SHAPE, c);
        c->sealed.data = (char *)(uintptr_t)db_blob(rows, column, &len);
        c->sealed.len = len;
        c->last_event_at = db_int(rows, column + 1);
        c->failures = db_int(rows, column + 2);
        c->unsent_since = db_int(rows, column + 3);
        c->unsent_error = db_text(rows, column + 4);
    }
    db_rows_end(rows);
    return all;
}

static struct channel_row *read_one(struct db_rows *rows, struct arena *a)
{
    struct list one = read_channels(rows, a);
    return one.n ? one.items : NULL;
}

struct list channel_list(struct db *db, struct arena *a, bool watch)
{
    return read_channels(
        db_query(db, a, watch ? CHANNELS(WATCH) "ORDER BY c.name, c.id" : CHANNELS(NO_WATCH) "ORDER BY c.name, c.id"),
        a);
}

struct channel_row *channel_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return read_one(db_query(db, a, CHANNELS(WATCH) "WHERE c.uuid = ?", id), a);
}

struct channel_row *channel_lock(struct db *db, struct arena *a, const struct uuid *id)
{
    return read_one(db_query(db, a, CHANNELS(NO_WATCH) "WHERE c.uuid = ? FOR UPDATE", id), a);
}

struct channel_row *channel_by_key(struct db *db, struct arena *a, int64_t key)
{
    return read_one(db_query(db, a, CHANNELS(NO_WATCH) "WHERE c.id = ?", key), a);
}

struct list channel_versions(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    return db_all(db_query_list(db, a, "SELECT id, version FROM channel WHERE id IN (%s)", numbers_in(keys, n)),
                  &COLUMNS(channel_version, channel, version));
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
            "UPDATE channel SET name = ?, active = ?, settings = ?, sealed = ?, readers = ?, problem = ?, version "
            "= version + 1, changed_at = GREATEST(?, changed_at + 1) WHERE id = ?",
            c->name, c->active, c->settings, value_bytes(c->sealed.data, c->sealed.len), c->readers,
            channel_trial_failed(c->problem) ? c->problem : NULL, now, c->key);
}

void channel_try(struct db *db, const struct uuid *id, int64_t now)
{
    AUTO_ARENA struct arena *a = arena_new();
    int64_t key = db_one_int(db_query(db, a, "SELECT id FROM channel WHERE uuid = ?", id));
    due_set(db, &(struct due){DUE_SENDERS, key, now}, 1);
}

bool channel_trial_failed(const char *problem)
{
    static const char *const CODES[] = {"\"sender_refused\"", "\"setup_refused\""};
    for (size_t i = 0; problem && i < COUNT_OF(CODES); i++)
        if (strstr(problem, CODES[i]))
            return true;
    return false;
}

void channel_set_problem(struct db *db, int64_t key, const char *problem, int64_t now)
{
    db_exec(db, "UPDATE channel SET problem = ?, changed_at = GREATEST(?, changed_at + 1) WHERE id = ?", problem, now,
            key);
}

void channel_all_changed(struct db *db, int64_t now)
{
    db_exec(db, "UPDATE channel SET changed_at = GREATEST(?, changed_at + 1)", now);
}

struct channel_metrics channel_metrics;

bool channel_count_broken(struct db *db, struct arena *a)
{
    struct db_rows *rows = db_query(
        db, a,
        "SELECT (SELECT COUNT(*) FROM mailbox mb JOIN channel c ON c.id = mb.channel_id WHERE c.active AND mb.problem "
        "IS NOT NULL), (SELECT COUNT(*) FROM channel c WHERE c.active AND c.problem IS NOT NULL)");
    if (db_next(rows)) {
        channel_metrics.broken_in = (uint64_t)db_int(rows, 0);
        channel_metrics.broken_out = (uint64_t)db_int(rows, 1);
    }
    db_rows_end(rows);
    return db_failure(db) == DB_FINE;
}

#define FED_SLOTS 1024

/* When this process has last noted each; keys beyond share slots, and one by which little comes may be noted late. */
static _Atomic int64_t fed[FED_SLOTS];

void channel_fed(struct db *db, int64_t key, int64_t now)
{
    _Atomic int64_t *noted = &fed[(uint64_t)key % FED_SLOTS];
    int64_t before = atomic_load(noted);
    if (now >= before && now - before < CHANNEL_FED_EVERY_MS)
        return;
    atomic_store(noted, now);
    db_exec(db, "UPDATE channel SET fed_at = ? WHERE id = ? AND fed_at < ?", now, key, now);
}

int64_t channel_generation(struct db *db, struct arena *a)
{
    return db_one_int(db_query(db, a, CHANNEL_GENERATION));
}
