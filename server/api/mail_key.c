/* mail_key.*: whose signatures on mail are known. */
#include "store/mail_key.h"
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "channel/signer.h"
#include "desk/act/mail_key.h"

struct mail_key_add {
    const char *text;
    const char *label;
    struct list addresses;
};

struct mail_key_rows {
    struct list keys;
};

struct mail_key_saved {
    struct mail_key *key;
};

static SHAPE(MAIL_KEY_ADD, mail_key_add, "MailKeyAddParams", "A key; one that is there already, by its fingerprint, is replaced.",
    ROW(mail_key_add, text, const char *, "text", .kind = FIELD_TEXT, .flags = FIELD_LINES | FIELD_REQUIRED, .max = 16 * SIGNER_TEXT_MAX, .help = "A certificate as PEM (-----BEGIN CERTIFICATE-----), of somebody or of an authority, or a public OpenPGP key in its armour (-----BEGIN PGP PUBLIC KEY BLOCK-----)."),
    TEXT(mail_key_add, label, "label", 200, "What it is called; left out: what the key calls its owner."),
    TEXTS(mail_key_add, addresses, "addresses", SIGNER_ADDRESSES_MAX, "For whom it speaks; left out: whom it names. Certificates that an authority has issued say it themselves."));
static SHAPE(MAIL_KEY_ROWS, mail_key_rows, "MailKeyList", "Whose signatures are known.",
    LIST(mail_key_rows, keys, "keys", &MAIL_KEY_SHAPE, 0, "By label."));
static SHAPE(MAIL_KEY_SAVED, mail_key_saved, "MailKeySaved", "The key as it is known.",
    OBJECT(mail_key_saved, key, "key", &MAIL_KEY_SHAPE, "The key."));

static bool list_mail_keys(struct call *call)
{
    ((struct mail_key_rows *)call->result)->keys = mail_key_list(call->db, call->arena);
    return call_db_fine(call);
}

static const char *mail_key_facts(struct call *call, const struct mail_key *key)
{
    struct buf facts = {0};
    AUTO_BUF struct buf addresses = {0};
    for (size_t i = 0; i < key->addresses.n; i++)
        buf_printf(&addresses, "%s%s", i ? " " : "", ((const char **)key->addresses.items)[i]);
    facts_text(&facts, "kind", MAIL_KEY_KIND_NAMES[key->kind]);
    facts_text(&facts, "fingerprint", key->fingerprint);
    facts_text(&facts, "addresses", addresses.data);
    return facts_end(call->arena, &facts);
}

static bool write_mail_key(struct db *db, struct audited *s)
{
    const struct mail_key *key = s->own;
    struct call *call = s->call;
    struct mail_key *before = mail_key_by_fingerprint(db, call->arena, key->fingerprint);
    if (!before && mail_key_count(db, call->arena) >= SIGNERS_MAX)
        return call_refuse(call, NULL, key_limit, SIGNERS_MAX);
    mail_key_put(db, call->arena, key, call->now);
    struct audit *note = audited_note(s, AUDIT_MAIL_KEY_ADD, key->label);
    note->before = before ? mail_key_facts(call, before) : NULL;
    note->after = mail_key_facts(call, key);
    return db_failure(db) == DB_FINE;
}

/* Servers read them with the channels. */
static void tell_mail_keys(struct call *call)
{
    changes_add(&call->changes, (struct change){.kind = CHANGE_CHANNELS});
}

static bool add_mail_key(struct call *call)
{
    const struct mail_key_add *p = call->params;
    struct mail_key key;
    if (!mail_key_open(call->arena, p->text, p->label, &p->addresses, &key, &call->err))
        return false;
    key.id = uuid_v7(call->now);
    struct audited s = {.call = call, .params = p, .change = write_mail_key, .own = &key};
    if (!call_audited(&s))
        return false;
    tell_mail_keys(call);
    ((struct mail_key_saved *)call->result)->key = mail_key_by_fingerprint(call->db, call->arena, key.fingerprint);
    return call_db_fine(call);
}

static bool write_mail_key_removal(struct db *db, struct audited *s)
{
    const struct by_id *p = s->params;
    struct call *call = s->call;
    struct mail_key *key = mail_key_get(db, call->arena, &p->id);
    if (!key || !mail_key_remove(db, &p->id, call->now))
        return db_failure(db) == DB_FINE && call_refuse(call, "id", no_mail_key);
    audited_note(s, AUDIT_MAIL_KEY_REMOVE, key->label)->before = mail_key_facts(call, key);
    return true;
}

static bool remove_mail_key(struct call *call)
{
    struct audited s = {.call = call, .params = call->params, .change = write_mail_key_removal};
    if (!call_audited(&s))
        return false;
    tell_mail_keys(call);
    return true;
}

METHODS(MAIL_KEY_METHODS,
    METHOD("mail_key.list", "Whose signatures on mail are known.", ROLE_ADMIN, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &MAIL_KEY_ROWS, list_mail_keys),
    METHOD("mail_key.add", "Knows a key from now on: signatures on mail that comes are verified by it.", ROLE_ADMIN, 0, EFFECT_NONE, &MAIL_KEY_ADD, &MAIL_KEY_SAVED, add_mail_key, .audits = AUDITS(MAIL_KEY_ADD)),
    METHOD("mail_key.remove", "Knows it no more; what was found by it stays.", ROLE_ADMIN, 0, EFFECT_NONE, &ID_SHAPE, &EMPTY_SHAPE, remove_mail_key, .audits = AUDITS(MAIL_KEY_REMOVE)));
