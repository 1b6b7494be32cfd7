/* chat.identify: who the visitor is. */
#include "api/chat_identify.h"
#include "api/chat_limit.h"
#include "api/chat_visitor.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/text.h"
#include "search/fold.h"
#include "store/agent.h"

#define SIGNATURE_DAYS_MAX 31

struct chat_identify {
    const char *email;
    const char *name;
    const char *user_id;
    int64_t expires;
    const char *signature;
};

struct chat_identified {
    bool proven;
    bool named;
};

SHAPE(CHAT_IDENTIFY, chat_identify, "ChatIdentifyParams", "Who the visitor is. Without a signature it is a claim: noted, and nothing more is shown for it.",
    TEXT(chat_identify, email, "email", 254, "Address."),
    TEXT(chat_identify, name, "name", 200, "Name."),
    TEXT(chat_identify, user_id, "user_id", 200, "The site's own customer number."),
    INT(chat_identify, expires, "expires", 0, INT64_MAX, "Until when the signature is good: seconds since 1970, at most 31 days ahead."),
    TEXT(chat_identify, signature, "signature", 64, "Proof: hex HMAC-SHA256 with the channel's identity secret over `<channel id>:user_id:<expires>:<user_id>`, or over `<channel id>:email:<expires>:<email>` when there is no user_id."));
SHAPE(CHAT_IDENTIFIED, chat_identified, "ChatIdentified", "What it was taken for.",
    BOOL(chat_identified, proven, "proven", "The signature held."),
    BOOL(chat_identified, named, "named", "The name was taken; false: none was given, or it is an agent's or the shop's."));

/* Both keys count: the site changes to the new one when it can. */
static bool signed_by_site(const struct channel_account *account, const char *text, const char *signature)
{
    static const char *const KEYS[] = {"identity_secret", "identity_secret_previous"};
    bool holds = false;
    for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
        const char *secret = channel_setting(account, KEYS[i]);
        holds |= secret[0] &&
                 crypto_hmac_verify(HMAC_SHA256, ENCODE_HEX, secret, strlen(secret), text, strlen(text), signature);
    }
    return holds;
}

/* "2027-06-30", and not over yet where the desk is. */
static bool date_is_ahead(const char *date, const struct zone *zone, int64_t now)
{
    static const char FORM[] = "0000-00-00";
    char today[TIME_TEXT_SIZE];
    bool is_date = strlen(date) == sizeof(FORM) - 1;
    for (size_t i = 0; is_date && FORM[i]; i++)
        is_date = FORM[i] == '0' ? date[i] >= '0' && date[i] <= '9' : date[i] == FORM[i];
    time_format(zone_wall(zone, now), today);
    return is_date && strncmp(today, date, sizeof(FORM) - 1) <= 0;
}

/* What is signed is bound to the channel, to what it is, and to a time: a customer number that looks like an address proves
 * no address, and a page that was kept proves nothing for ever. */
static bool signature_holds(struct call *call, const struct channel_account *account, const struct chat_identify *p)
{
    const char *kind = p->user_id ? "user_id" : "email", *value = p->user_id ? p->user_id : p->email;
    char channel[UUID_TEXT_SIZE];
    uuid_format(&account->uuid, channel);
    if (!value || !p->signature)
        return false;
    if (p->expires == FIELD_INT_NONE) /* as sites signed before; only while the channel says so */
        return date_is_ahead(channel_setting(account, "plain_signatures_until"), call->desk->zone, call->now) &&
               signed_by_site(account, value, p->signature);
    int64_t now_s = call->now / SECOND_MS;
    const char *text = arena_printf(call->arena, "%s:%s:%lld:%s", channel, kind, (long long)p->expires, value);
    return p->expires > now_s && p->expires <= now_s + SIGNATURE_DAYS_MAX * (DAY_MS / SECOND_MS) &&
           signed_by_site(account, text, p->signature);
}

/* ---- names ---- */

/* The letters and digits of a name, without case, width, accents, blanks and what cannot be seen. */
static const char *skeleton(struct call *call, const char *name)
{
    struct folding f = {0};
    AUTO_BUF struct buf out = {0};
    fold_text(name, strlen(name), &f);
    for (size_t i = 0; i < f.n; i++)
        if (f.items[i].class != FOLD_BREAK)
            buf_printf(&out, "%x ", (unsigned)f.items[i].c);
    folding_free(&f);
    return arena_strdup(call->arena, out.data ? out.data : "");
}

static void fold_agents(struct call *call)
{
    struct list new = agent_unfolded(call->db, call->arena);
    const struct agent *agents = new.items;
    uint8_t(*folds)[SHA256_SIZE] = arena_alloc(call->arena, (new.n + 1) * sizeof(*folds));
    for (size_t i = 0; i < new.n; i++) {
        const char *shown = skeleton(call, agents[i].name);
        crypto_sha256(shown, strlen(shown), folds[i]);
    }
    agent_set_folds(call->db, call->arena, agents, folds, new.n);
}

/* A stranger must not be read as one of us: neither as an agent nor as the shop. */
static bool poses(struct call *call, const struct channel_account *account, const char *name)
{
    const char *said = skeleton(call, name);
    uint8_t fold[SHA256_SIZE];
    if (!said[0] || strcmp(said, skeleton(call, account->name)) == 0)
        return true;
    crypto_sha256(said, strlen(said), fold);
    fold_agents(call);
    return agent_has_fold(call->db, call->arena, fold);
}

/* ---- taking it ---- */

static const char *identified_payload(struct call *call, const struct chat_identify *p, const char *name, bool proven)
{
    AUTO_BUF struct buf out = {0};
    const char *const fields[][2] = {{"email", p->email}, {"name", name}, {"user_id", p->user_id}};
    json_open(&out, NULL, '{');
    json_put_text(&out, "action", "identified");
    json_put_bool(&out, "proven", proven);
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (fields[i][1])
            json_put_text(&out, fields[i][0], fields[i][1]);
    return json_done(call->arena, &out, '}');
}

/* Checked, as it is taken in. */
struct identified {
    const char *email, *name;
    bool proven;
};

static bool check_identity(struct call *call, const struct channel_account *account, const struct chat_identify *p,
                           struct identified *ret)
{
    ret->email = p->email ? identity_normalise(call->arena, IDENTITY_EMAIL, p->email, NULL) : NULL;
    if (p->email && !ret->email)
        return call_refuse(call, "email", not_email, "email");
    if (!p->email && !p->name && !p->user_id)
        return call_refuse(call, "email", chat_nobody);
    ret->proven = signature_holds(call, account, p);
    if (p->signature && !ret->proven)
        return call_refuse(call, "signature", chat_signature);
    ret->name = p->name && !poses(call, account, p->name) ? p->name : NULL;
    return call_db_fine(call);
}

/* A claim only says what somebody typed, and becomes a suggestion; a signature makes the address or the customer number
 * the visitor's own. The e-mail address is vouched for only by a signature over it. */
static struct inbound inbound_of(struct call *call, const struct channel_account *account,
                                 const struct chat_identify *p, const struct identified *d)
{
    const char *payload = identified_payload(call, p, d->name, d->proven);
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    crypto_sha256(payload, strlen(payload), digest);
    crypto_hex(digest, sizeof(digest), hex);
    struct inbound in = chat_from_visitor(
        call, ENTRY_ACTIVITY, arena_printf(call->arena, "identify:%s:%.32s", call->caller.visitor_value, hex));
    in.direction = DIRECTION_INTERNAL;
    in.payload = payload;
    in.from.proof = d->proven ? PROOF_PROVEN : PROOF_CLAIMED;
    in.from.name = d->name ? d->name : in.from.name;
    if (!(d->proven && p->user_id) && !d->email)
        return in;
    struct identity_ref *also = &in.also[in.n_also++];
    *also = d->proven && p->user_id ? identity_ref_at(account, IDENTITY_EXTERNAL, text_trim(call->arena, p->user_id))
                                    : identity_ref_at(account, IDENTITY_EMAIL, d->email);
    also->name = d->name;
    also->proof = in.from.proof;
    return in;
}

bool chat_identity_kept(struct call *call, const struct channel_account *account, struct inbound *ret)
{
    const char *kept = call->caller.identify;
    struct json_object *object = kept ? json_parse(kept, strlen(kept), NULL) : NULL;
    struct chat_identify *p = arena_alloc(call->arena, sizeof(*p));
    struct identified d = {0};
    bool fine = object && field_decode(&CHAT_IDENTIFY, object, call->arena, p, &call->err) &&
                check_identity(call, account, p, &d);
    json_object_put(object);
    if (fine)
        *ret = inbound_of(call, account, p, &d);
    else if (db_failure(call->db) == DB_FINE) /* the message counts without it */
        call->err = (struct error){0};
    return fine;
}

/* Nobody is noted who has not written: until the first message it stays with the connection. */
bool chat_identify(struct call *call)
{
    const struct chat_identify *p = call->params;
    struct chat_identified *result = call->result;
    const struct channel_account *account = chat_after_hello(call);
    struct identified d = {0};
    if (!account || !chat_may_identify(call) || !check_identity(call, account, p, &d))
        return false;
    *result = (struct chat_identified){.proven = d.proven, .named = d.name != NULL};
    if (!call->caller.identity_key) {
        AUTO_BUF struct buf out = {0};
        field_encode(&CHAT_IDENTIFY, p, &out);
        call->caller.identify = arena_strndup(call->arena, out.data, out.len);
        return true;
    }
    struct inbound in = inbound_of(call, account, p, &d);
    call->caller.customer_id = (struct uuid){{0}}; /* it may be another person's from now on */
    return chat_take(call, account, &in, 1) != NULL;
}
