/* chat.identify: who the visitor is. */
#include "api/chat.h"
#include "api/shapes.h"
#include "base/text.h"
#include "search/fold.h"
#include "store/agent.h"

struct chat_identify {
    const char *email;
    const char *name;
    const char *user_id;
    const char *signature;
};

struct chat_identified {
    bool proven;
    bool named;
};

SHAPE(CHAT_IDENTIFY, chat_identify, "ChatIdentifyParams",
      "Who the visitor is. Without a signature it is a claim: noted, and nothing more is shown for it.",
      TEXT(chat_identify, email, "email", 254, "Address."), TEXT(chat_identify, name, "name", 200, "Name."),
      TEXT(chat_identify, user_id, "user_id", 200, "The site's own customer number."),
      TEXT(chat_identify, signature, "signature", 64,
           "Hex HMAC-SHA256 with the channel's identity secret over user_id, or over email when there is no "
           "user_id: proof."));
SHAPE(CHAT_IDENTIFIED, chat_identified, "ChatIdentified", "What it was taken for.",
      BOOL(chat_identified, proven, "proven", "The signature held."),
      BOOL(chat_identified, named, "named",
           "The name was taken; false: none was given, or it is an agent's or the shop's."));

static bool signature_holds(const struct channel_account *account, const struct chat_identify *p)
{
    const char *secret = channel_setting(account, "identity_secret"), *signed_text = p->user_id ? p->user_id : p->email;
    return secret[0] && signed_text && p->signature &&
           crypto_hmac_verify(HMAC_SHA256, ENCODE_HEX, secret, strlen(secret), signed_text, strlen(signed_text),
                              p->signature);
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

/* A stranger must not be read as one of us: neither as an agent nor as the shop. */
static bool poses(struct call *call, const struct channel_account *account, const char *name)
{
    const char *said = skeleton(call, name);
    struct list agents = agent_list(call->db, call->arena);
    bool same = !said[0] || strcmp(said, skeleton(call, account->name)) == 0;
    for (size_t i = 0; i < agents.n && !same; i++)
        same = strcmp(said, skeleton(call, ((struct agent *)agents.items)[i].name)) == 0;
    return same;
}

/* ---- taking it ---- */

static const char *payload_of(struct call *call, const struct chat_identify *p, const char *name, bool proven)
{
    AUTO_BUF struct buf out = {0};
    const char *const fields[][2] = {{"email", p->email}, {"name", name}, {"user_id", p->user_id}};
    buf_printf(&out, "{\"action\":\"identified\",\"proven\":%s", proven ? "true" : "false");
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (!fields[i][1])
            continue;
        buf_printf(&out, ",\"%s\":", fields[i][0]);
        buf_json_string(&out, fields[i][1], strlen(fields[i][1]));
    }
    buf_putc(&out, '}');
    return arena_strdup(call->arena, out.data);
}

/* Checked, as it is taken in. */
struct identified {
    const char *email, *name;
    bool proven;
};

static bool check(struct call *call, const struct channel_account *account, const struct chat_identify *p,
                  struct identified *ret)
{
    ret->email = p->email ? identity_normalise(call->arena, IDENTITY_EMAIL, p->email, NULL) : NULL;
    if (p->email && !ret->email)
        return call_refuse(call, ERR_INVALID, "email", "email must be an address such as mia@example.com.");
    if (!p->email && !p->name && !p->user_id)
        return call_refuse(call, ERR_INVALID, "email", "Give an email, a name or a user_id.");
    ret->proven = signature_holds(account, p);
    if (p->signature && !ret->proven)
        return call_refuse(call, ERR_UNAUTHENTICATED, "signature", "The signature does not hold.");
    ret->name = p->name && !poses(call, account, p->name) ? p->name : NULL;
    return call_db_fine(call);
}

/* A claim only says what somebody typed, and becomes a suggestion; a signature makes the address or the customer number
 * the visitor's own. The e-mail address is vouched for only by a signature over it. */
static struct inbound inbound_of(struct call *call, const struct chat_identify *p, const struct identified *d)
{
    const char *payload = payload_of(call, p, d->name, d->proven);
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
    if (d->proven && p->user_id)
        in.also[in.n_also++] = (struct identity_ref){
            IDENTITY_EXTERNAL, true, text_trim(call->arena, p->user_id), d->name, PROOF_PROVEN, CONSENT_UNKNOWN};
    else if (d->email)
        in.also[in.n_also++] =
            (struct identity_ref){IDENTITY_EMAIL, false, d->email, d->name, in.from.proof, CONSENT_UNKNOWN};
    return in;
}

bool chat_identity_kept(struct call *call, const struct channel_account *account, struct inbound *ret)
{
    const char *kept = call->caller.identify;
    struct json_object *object = kept ? json_parse(kept, strlen(kept), NULL) : NULL;
    struct chat_identify *p = arena_alloc(call->arena, sizeof(*p));
    struct identified d = {0};
    bool fine =
        object && field_decode(&CHAT_IDENTIFY, object, call->arena, p, &call->err) && check(call, account, p, &d);
    json_object_put(object);
    if (fine)
        *ret = inbound_of(call, p, &d);
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
    struct identified d;
    if (!account || !chat_may_identify(call) || !check(call, account, p, &d))
        return false;
    *result = (struct chat_identified){.proven = d.proven, .named = d.name != NULL};
    if (!call->caller.identity_key) {
        AUTO_BUF struct buf out = {0};
        field_encode(&CHAT_IDENTIFY, p, &out);
        call->caller.identify = arena_strndup(call->arena, out.data, out.len);
        return true;
    }
    struct inbound in = inbound_of(call, p, &d);
    call->caller.customer_id = (struct uuid){{0}}; /* it may be another person's from now on */
    return chat_take(call, account, &in, 1) != NULL;
}
