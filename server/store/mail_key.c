#include "store/mail_key.h"

#include "base/rows.h"
#include "store/channel.h"

RECORD(MAIL_KEY_SHAPE, mail_key, "MailKey", "mk", "A key whose signatures on mail are known.",
    UUID_REQ(mail_key, id, "id", "Id.", STORED("uuid", 0)),
    ENUM_REQ(mail_key, kind, "kind", MAIL_KEY_KIND_NAMES, "smime: a certificate; authority: one that issues certificates, each of which counts for the addresses that it names; pgp: an OpenPGP key.", STORED("kind", 0)),
    TEXT_REQ(mail_key, label, "label", 200, "What it is called.", STORED("label", 0)),
    TEXT_REQ(mail_key, fingerprint, "fingerprint", 64, "In hexadecimal digits: of a certificate its SHA-256.", STORED("fingerprint", 0)),
    TEXTS(mail_key, addresses, "addresses", 0, "For whom it speaks; of an authority none.", STORED("addresses", 0)),
    TIME(mail_key, expires_at, "expires_at", "Until when it holds; null: for ever.", STORED("expires_at", 0)),
    TIME_REQ(mail_key, created_at, "created_at", "When it was added.", STORED("created_at", 0)),
    INT_REQ(mail_key, version, "version", 0, 0, "Higher each time it was added again.", STORED("version", 0)),
    INSIDE_TEXT(mail_key, material));

#define SELECT_KEY "SELECT {mail_key} FROM mail_key mk "

struct list mail_key_list(struct db *db, struct arena *a)
{
    return db_all(db_query(db, a, SELECT_KEY "ORDER BY mk.label, mk.id"), &MAIL_KEY_SHAPE);
}

struct list mail_key_materials(struct db *db, struct arena *a)
{
    struct list all = {0};
    struct db_rows *rows = db_query(db, a, "SELECT {mail_key}, mk.material FROM mail_key mk ORDER BY mk.id");
    while (db_next(rows)) {
        struct mail_key *key = list_grow(a, &all, sizeof(*key));
        key->material = db_text(rows, db_read(rows, 0, &MAIL_KEY_SHAPE, key));
    }
    db_rows_end(rows);
    return all;
}

struct mail_key *mail_key_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_read_one(db_query(db, a, SELECT_KEY "WHERE mk.uuid = ?", id), &MAIL_KEY_SHAPE);
}

struct mail_key *mail_key_by_fingerprint(struct db *db, struct arena *a, const char *fingerprint)
{
    return db_read_one(db_query(db, a, SELECT_KEY "WHERE mk.fingerprint = ?", fingerprint), &MAIL_KEY_SHAPE);
}

int64_t mail_key_count(struct db *db, struct arena *a)
{
    return db_one_int(db_query(db, a, "SELECT COUNT(*) FROM mail_key"));
}

static const char *addresses_json(struct arena *a, const struct list *addresses)
{
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '[');
    for (size_t i = 0; i < addresses->n; i++)
        json_put_text(&out, NULL, ((const char **)addresses->items)[i]);
    return json_done(a, &out, ']');
}

void mail_key_put(struct db *db, struct arena *a, const struct mail_key *key, int64_t now)
{
    db_exec(db,
            "INSERT INTO mail_key (uuid, kind, label, fingerprint, addresses, expires_at, material, created_at) VALUES "
            "(?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE label = VALUES(label), addresses = VALUES(addresses), "
            "expires_at = VALUES(expires_at), material = VALUES(material), version = version + 1",
            &key->id, key->kind, key->label, key->fingerprint, addresses_json(a, &key->addresses), key->expires_at,
            key->material, now);
    channel_all_changed(db, now);
}

bool mail_key_remove(struct db *db, const struct uuid *id, int64_t now)
{
    db_exec(db, "DELETE FROM mail_key WHERE uuid = ?", id);
    bool removed = db_affected(db) > 0;
    channel_all_changed(db, now);
    return removed;
}
