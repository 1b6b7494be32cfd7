#include "store/mailbox.h"

#include "base/rows.h"
#include "store/oauth_token.h"

RECORD(MAILBOX_SHAPE, mailbox, "Mailbox", "mb", "Where the collecting of mail from a mailbox stands.",
    INSIDE_KEY(mailbox, channel, STORED("channel_id", USE_KEY)),
    INSIDE_TEXT(mailbox, folder, STORED("folder", USE_SAVED | USE_FILLED)),
    INSIDE_INT(mailbox, uidvalidity, STORED("uidvalidity", USE_SAVED | USE_FILLED)),
    INSIDE_INT(mailbox, uid, STORED("uid", USE_SAVED | USE_FILLED)),
    INSIDE_INT(mailbox, uid_old, STORED("uid_old", USE_SAVED | USE_FILLED)),
    TIME(mailbox, started_at, "started_at", "Since when mail is taken in; null: not yet, see mailbox.start.", STORED("started_at", 0)),
    TIME(mailbox, since_at, "since_at", "Of what lay there, mail since then is taken in.", STORED("since_at", 0)),
    TIME(mailbox, looked_at, "looked_at", "When it was last looked at without a fault.", STORED("looked_at", USE_SAVED | USE_FILLED)),
    TIME(mailbox, in_at, "in_at", "When a mail was last taken in.", STORED("in_at", USE_SAVED | USE_FILLED)),
    SAID(mailbox, problem, "problem", "Why it cannot be looked at; empty when it can.", STORED("problem", USE_SAVED)),
    TIME(mailbox, problem_at, "problem_at", "Since when.", STORED("problem_at", USE_SAVED | USE_FILLED)),
    SAID(mailbox, after_problem, "after_problem", "Why what is to be done after fetching could not be done; it holds up no mail.", STORED("after_problem", USE_SAVED)),
    SAID(mailbox, sent_problem, "sent_problem", "Why answers that have left could not be filed in the mailbox; they have left all the same.", STORED("sent_problem", USE_SAVED)),
    INSIDE_TEXT(mailbox, delta_link, STORED("delta_link", USE_SAVED)),
    TIME(mailbox, slowed_until, "slowed_until", "The provider asks for a pause until then; nothing is wrong.", STORED("slowed_until", USE_SAVED | USE_FILLED)),
    INSIDE_TEXT(mailbox, sent_folder, STORED("sent_folder", USE_SAVED)),
    INSIDE_INT(mailbox, tries, STORED("tries", USE_SAVED | USE_FILLED)),
    INSIDE_INT(mailbox, stuck_uid, STORED("stuck_uid", USE_SAVED | USE_FILLED)),
    INSIDE_INT(mailbox, stuck_tries, STORED("stuck_tries", USE_SAVED | USE_FILLED)),
    TIME(mailbox, tried_at, "tried_at", "When what lies there was last looked at: see mailbox.try.", STORED("tried_at", USE_SAVED | USE_FILLED)),
    JSON(mailbox, found, "found", 0, "What lay there then: {\"count\", \"oldest\", \"newest\", \"mails\": [{\"at\", \"from\", \"subject\"}], \"folders\": [{\"name\", \"use\"}]}."),
    TIME(mailbox, signed_in_at, "signed_in_at", "When somebody last signed in at the provider for it: see mailbox.sign_in.", STORED("signed_in_at", 0)),
    TEXT(mailbox, signed_in_as, "signed_in_as", 254, "As whom; null when the provider did not say.", STORED("signed_in_as", 0)),
    SAID(mailbox, sign_in_problem, "sign_in_problem", "Why nothing came of the last try to sign in; empty when all went well.", STORED("sign_in_problem", 0)));

void mailbox_touch(struct db *db, const struct uuid *channel, int64_t now)
{
    db_exec(db,
            "INSERT INTO mailbox (channel_id) SELECT id FROM channel WHERE uuid = ? ON DUPLICATE KEY UPDATE problem = "
            "NULL, problem_at = 0, after_problem = NULL, sent_problem = NULL, sent_folder = NULL, slowed_until = 0, "
            "tries = 0",
            channel);
    db_exec(db,
            "INSERT INTO due (what, noun_key, at) SELECT ?, id, ? FROM channel WHERE uuid = ? ON DUPLICATE KEY UPDATE "
            "at = VALUES(at), holder = 0",
            DUE_MAILBOX, now, channel);
    oauth_token_unrefuse(db, channel);
}

#define SELECT_MAILBOX "SELECT {mailbox} FROM mailbox mb "

struct list mailbox_list(struct db *db, struct arena *a)
{
    struct list all = {0};
    struct db_rows *rows = db_query(db, a, "SELECT {mailbox}, mb.found FROM mailbox mb");
    while (db_next(rows)) {
        struct mailbox *m = list_grow(a, &all, sizeof(*m));
        unsigned column = db_read(rows, 0, &MAILBOX_SHAPE, m);
        m->found = db_text(rows, column);
    }
    db_rows_end(rows);
    return all;
}

struct mailbox *mailbox_get(struct db *db, struct arena *a, int64_t channel)
{
    return db_read_one(db_query(db, a, SELECT_MAILBOX "WHERE mb.channel_id = ?", channel), &MAILBOX_SHAPE);
}

struct mailbox *mailbox_hold(struct db *db, struct arena *a, const struct due_taken *due)
{
    return db_read_one(db_query(db, a,
                                SELECT_MAILBOX
                                "STRAIGHT_JOIN due d ON d.what = ? AND d.noun_key = mb.channel_id AND d.holder "
                                "= ? WHERE mb.channel_id = ? FOR UPDATE",
                                DUE_MAILBOX, due->holder, due->key),
                       &MAILBOX_SHAPE);
}

void mailbox_save(struct db *db, struct arena *a, const struct mailbox *m)
{
    const void *items[] = {m};
    db_update(db, a, "UPDATE mailbox SET {mailbox.set} WHERE {mailbox.keys}", &MAILBOX_SHAPE, items, 1);
}

void mailbox_save_found(struct db *db, int64_t channel, const char *found)
{
    db_exec(db, "UPDATE mailbox SET found = ? WHERE channel_id = ?", found, channel);
}

bool mailbox_is_held(struct db *db, struct arena *a, const struct due_taken *due)
{
    return db_any(db_query(db, a, "SELECT 1 FROM due WHERE what = ? AND noun_key = ? AND holder = ?", DUE_MAILBOX,
                           due->key, due->holder));
}

void mailbox_start(struct db *db, const struct uuid *channel, int64_t now, int64_t since)
{
    db_exec(
        db,
        "UPDATE mailbox mb JOIN channel c ON c.id = mb.channel_id SET mb.started_at = IF(mb.started_at, mb.started_at, "
        "?), mb.since_at = ?, mb.uidvalidity = 0, mb.delta_link = NULL, mb.uid = 0, mb.stuck_tries = 0, mb.found = "
        "NULL WHERE c.uuid = ?",
        now, since, channel);
    mailbox_touch(db, channel, now);
}

void mailbox_signed_in(struct db *db, const struct uuid *channel, const struct mailbox_sign_in *s)
{
    if (s->problem) {
        db_exec(db, "UPDATE mailbox SET sign_in_problem = ? WHERE channel_id = (SELECT id FROM channel WHERE uuid = ?)",
                s->problem, channel);
        return;
    }
    mailbox_touch(db, channel, s->now);
    db_exec(db,
            "UPDATE mailbox SET signed_in_at = ?, signed_in_as = ?, sign_in_problem = NULL WHERE channel_id = (SELECT "
            "id FROM channel WHERE uuid = ?)",
            s->now, s->as, channel);
}

struct list mailbox_known(struct db *db, struct arena *a, int64_t channel, const struct uuid *marks, size_t n)
{
    return db_all_uuids(db_query_list(db, a, "SELECT mark FROM mailbox_mark WHERE channel_id = ? AND mark IN (%s)",
                                      uuids_in(marks, n), channel));
}

void mailbox_mark(struct db *db, struct arena *a, int64_t channel, const struct uuid *marks, size_t n)
{
    struct db_batch *b = db_batch(db, a, "INSERT IGNORE INTO mailbox_mark (channel_id, mark) VALUES (?, ?)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, channel, &marks[i]);
    db_batch_run(b);
}
