/* chat.*: what the widget on a web page calls. A visitor sees nothing but the own conversation. */
#include "api/api.h"
#include "api/push.h"
#include "api/throttle.h"
#include "base/clock.h"
#include "base/text.h"
#include "desk/blob.h"
#include "desk/rules.h"
#include "store/entry.h"
#include "store/identity.h"

#include <ctype.h>
#include <stdio.h>

struct hello_params {
    struct uuid channel_id;
    const char *token;
    int64_t version;
    const char *page_url;
    const char *language;
};

struct hello_result {
    const char *token;
    struct uuid visitor_id;
    int64_t version;
    struct list messages;
    bool complete;
    const char *title, *accent, *greeting, *away_text;
    bool online;
    const char *name, *email;
};

struct chat_attachment {
    const char *sha256;
    const char *name;
    const char *type;
};

struct chat_send {
    struct uuid client_id;
    const char *text;
    struct list attachments;
    int64_t written_at;
};

struct chat_identify {
    const char *email;
    const char *name;
    const char *user_id;
    const char *signature;
};

struct chat_identified {
    bool proven;
};

struct chat_seen {
    int64_t version;
};

struct chat_typing {
    bool typing;
};

static SHAPE(HELLO, hello_params, "ChatHelloParams", "The first call of a widget on its socket.",
             UUID_REQ(hello_params, channel_id, "channel_id", "The chat channel, from the script tag."),
             TEXT(hello_params, token, "token", 100,
                  "The visitor's, from an earlier hello; without it a new visitor is made when something is sent."),
             INT(hello_params, version, "version", 0, INT64_MAX,
                 "Up to where messages are known: only what was missed is answered."),
             TEXT(hello_params, page_url, "page_url", 1000, "The page the visitor is on."),
             TEXT(hello_params, language, "language", 16, "Of the browser."));
static SHAPE(HELLO_RESULT, hello_result, "ChatHello", "Everything the widget needs.",
             TEXT_REQ(hello_result, token, "token", 100, "Keep it in the browser; it is the visitor's key."),
             UUID(hello_result, visitor_id, "visitor_id", "The visitor's identity."),
             INT(hello_result, version, "version", 0, 0, "Version after these messages."),
             LIST(hello_result, messages, "messages", &CHAT_MESSAGE_SHAPE, 0, "Oldest first."),
             BOOL(hello_result, complete, "complete", "False: forget what is known and show these only."),
             TEXT(hello_result, title, "title", 200, "Name of the channel."),
             TEXT(hello_result, accent, "accent", 32, "Colour."),
             TEXT(hello_result, greeting, "greeting", 500, "Shown before the first message."),
             TEXT(hello_result, away_text, "away_text", 500, "Shown when no agent is online."),
             BOOL(hello_result, online, "online", "An agent is online."),
             TEXT(hello_result, name, "name", 200, "As the visitor gave it."),
             TEXT(hello_result, email, "email", 254, "As the visitor gave it."));
static SHAPE(CHAT_ATTACHMENT, chat_attachment, "ChatAttachmentRef", "A file uploaded by POST /chat/attachments.",
             ROW(chat_attachment, sha256, "sha256", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 64, .max = 64,
                 .help = "As the upload answered."),
             TEXT_REQ(chat_attachment, name, "name", 255, "File name."),
             TEXT(chat_attachment, type, "type", 127, "MIME type."));
static SHAPE(CHAT_SEND, chat_send, "ChatSendParams", "A message from the visitor.",
             UUID_REQ(chat_send, client_id, "client_id", "Made by the widget: a repeat with the same id adds nothing."),
             ROW(chat_send, text, "text", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .max = 20000,
                 .help = "The text; may be empty when there are attachments."),
             LIST(chat_send, attachments, "attachments", &CHAT_ATTACHMENT, 10, "Files."),
             TIME(chat_send, written_at, "written_at", "When it was written, if it had to wait for the network."));
static SHAPE(CHAT_IDENTIFY, chat_identify, "ChatIdentifyParams",
             "Who the visitor is. Without a signature it is a claim: noted, and nothing more is shown for it.",
             TEXT(chat_identify, email, "email", 254, "Address."), TEXT(chat_identify, name, "name", 200, "Name."),
             TEXT(chat_identify, user_id, "user_id", 200, "The site's own customer number."),
             TEXT(chat_identify, signature, "signature", 64,
                  "Hex HMAC-SHA256 with the channel's identity secret over user_id, or over email when there is no "
                  "user_id: proof."));
static SHAPE(CHAT_IDENTIFIED, chat_identified, "ChatIdentified", "What it was taken for.",
             BOOL(chat_identified, proven, "proven", "The signature held."));
static SHAPE(CHAT_SEEN, chat_seen, "ChatSeenParams", "The visitor has seen all messages.",
             INT(chat_seen, version, "version", 0, INT64_MAX, "Up to this version."));
static SHAPE(CHAT_TYPING, chat_typing, "ChatTypingParams", "The visitor types.",
             BOOL(chat_typing, typing, "typing", "Types now."));

#define HELLO_MESSAGES 50
#define HELLO_MISSED_MAX 200
#define OFFLINE_MAX_MS (7 * DAY_MS) /* a widget may have kept a message so long */

static const struct channel_account *chat_account(struct call *call, const struct uuid *id)
{
    const struct channel_account *account = accounts_find(call->accounts, id);
    if (account && account->active && account->type->medium == MEDIUM_CHAT)
        return account;
    call_refuse(call, ERR_NOT_FOUND, "channel_id", "There is no such chat; check the channel in the script tag.");
    return NULL;
}

/* `origins` is a list with blanks between; empty allows all. */
static bool origin_allowed(struct call *call, const struct channel_account *account)
{
    const char *allowed = channel_setting(account, "origins");
    size_t n = strlen(call->caller.origin);
    if (text_is_blank(allowed))
        return true;
    for (const char *p = allowed; n && (p = strstr(p, call->caller.origin)); p += n) {
        bool begins = p == allowed || isspace((unsigned char)p[-1]);
        if (begins && (p[n] == '\0' || isspace((unsigned char)p[n])))
            return true;
    }
    return call_refuse(call, ERR_FORBIDDEN, NULL, "This chat may not be used on this site.");
}

/* The token is the visitor's key; what is stored does not give it away. */
static void set_visitor(struct call *call, const char *token)
{
    uint8_t digest[SHA256_SIZE];
    crypto_sha256(token, strlen(token), digest);
    crypto_hex(digest, (VISITOR_VALUE_SIZE - 1) / 2, call->caller.visitor_value);
}

static void add_message(struct call *call, struct hello_result *r, const struct entry *e)
{
    if (entry_is_chat(e))
        *(struct chat_message *)list_grow(call->arena, &r->messages, sizeof(struct chat_message)) = chat_message_of(e);
}

static void read_messages(struct call *call, const struct identity *d, int64_t known, struct hello_result *r)
{
    struct list entries = {0};
    if (known > 0 && known <= d->version) {
        entry_since(call->db, call->arena, d->key, known, HELLO_MISSED_MAX, &entries);
        r->complete = entries.n < HELLO_MISSED_MAX;
        for (size_t i = 0; r->complete && i < entries.n; i++)
            add_message(call, r, (struct entry *)entries.items + i);
    }
    if (r->complete)
        return;
    entries = entry_page(call->db, call->arena, &d->key, 1, ENTRY_AT_MAX, NULL, HELLO_MESSAGES);
    for (size_t i = entries.n; i-- > 0;)
        add_message(call, r, (struct entry *)entries.items + i);
}

static bool hello(struct call *call)
{
    const struct hello_params *p = call->params;
    struct hello_result *r = call->result;
    const struct channel_account *account = chat_account(call, &p->channel_id);
    if (!account || !origin_allowed(call, account))
        return false;
    if (p->token && strlen(p->token) != TOKEN_TEXT_SIZE - 1)
        return call_refuse(call, ERR_INVALID, "token", "This is no token of ours; leave it out to get a new one.");
    char *fresh = arena_alloc(call->arena, TOKEN_TEXT_SIZE);
    crypto_token(fresh);
    r->token = p->token ? p->token : fresh;
    set_visitor(call, r->token);
    call->caller.visitor_channel = account->uuid;
    call->caller.identity_key = 0; /* the connection may have been another visitor's */
    call->caller.identity_id = call->caller.customer_id = (struct uuid){{0}};
    const char *url = p->page_url ? p->page_url : "";
    call->caller.page_url = utf8_clean(call->arena, url, strlen(url), VISITOR_URL_MAX);
    r->title = account->name;
    r->accent = channel_setting(account, "accent");
    r->greeting = channel_setting(account, "greeting");
    r->away_text = channel_setting(account, "away_text");
    r->online = call->agents_online > 0;
    struct identity *d =
        identity_by_value(call->db, call->arena, IDENTITY_VISITOR, account->id, call->caller.visitor_value);
    if (!d)
        return call_db_fine(call);
    call->caller.identity_key = d->key;
    call->caller.identity_id = r->visitor_id = d->id;
    call->caller.customer_id = identity_customer(call->db, call->arena, d->key);
    r->version = d->version;
    r->name = d->proof > PROOF_ANONYMOUS ? d->name : NULL;
    read_messages(call, d, p->version, r);
    return call_db_fine(call);
}

static const struct channel_account *after_hello(struct call *call)
{
    if (!call->caller.visitor_value[0]) {
        call_refuse(call, ERR_UNAUTHENTICATED, NULL, "Call chat.hello first.");
        return NULL;
    }
    return chat_account(call, &call->caller.visitor_channel);
}

static struct inbound from_visitor(struct call *call, enum entry_kind kind, const char *external_id)
{
    const char *value = call->caller.visitor_value;
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = kind,
                         .direction = DIRECTION_IN,
                         .occurred_at = call->now,
                         .external_id = external_id,
                         .from = {.kind = IDENTITY_VISITOR, .scoped = true, .value = arena_strdup(call->arena, value)}};
    if (!call->caller.identity_key) /* shown until there is a name */
        in.from.name = arena_printf(call->arena, "Visitor %c%c%c%c", toupper(value[0]), toupper(value[1]),
                                    toupper(value[2]), toupper(value[3]));
    return in;
}

/* NULL fills call->err. */
static struct entry *take(struct call *call, const struct channel_account *account, struct inbound *in)
{
    struct intake t = {.channel = account->id,
                       .channel_id = account->uuid,
                       .readers = account->readers,
                       .medium = MEDIUM_CHAT,
                       .list = {.items = in, .n = 1},
                       .same_id = SAME_ID_REFUSED,
                       .received_at = call->now};
    struct intake *one[] = {&t};
    ingest_run(call->desk, call->db, call->arena, one, 1, &call->changes);
    if (!t.done || !t.entry) {
        call->err = t.err;
        return NULL;
    }
    call->caller.identity_key = t.entry->identity_key;
    call->caller.identity_id = t.entry->identity_id;
    if (uuid_is_none(&call->caller.customer_id))
        call->caller.customer_id = identity_customer(call->db, call->arena, t.entry->identity_key);
    return t.entry;
}

static bool take_files(struct call *call, const struct list *refs, struct list *ret)
{
    const struct chat_attachment *items = refs->items;
    for (size_t i = 0; i < refs->n; i++) {
        long long size;
        if (!blob_exists(call->desk->blob_dir, items[i].sha256, &size))
            return call_refuse(call, ERR_INVALID, "attachments", "Upload the file first.");
        struct attachment *file = list_grow(call->arena, ret, sizeof(*file));
        *file = (struct attachment){.name = items[i].name,
                                    .type = items[i].type ? items[i].type : "application/octet-stream",
                                    .sha256 = items[i].sha256,
                                    .size = size};
    }
    return true;
}

static const char *page_payload(struct call *call)
{
    if (!call->caller.page_url || !call->caller.page_url[0])
        return NULL;
    AUTO_BUF struct buf out = {0};
    buf_puts(&out, "{\"page_url\":");
    buf_json_string(&out, call->caller.page_url, strlen(call->caller.page_url));
    buf_putc(&out, '}');
    return arena_strdup(call->arena, out.data);
}

static bool send(struct call *call)
{
    const struct chat_send *p = call->params;
    const struct channel_account *account = after_hello(call);
    if (!account)
        return false;
    if (text_is_blank(p->text) && p->attachments.n == 0)
        return call_refuse(call, ERR_INVALID, "text", "There is nothing to send.");
    if (!throttle_spend('m', call->caller.visitor_value, 1, THROTTLE_VISITOR_MESSAGES, clock_monotonic()))
        return call_refuse(call, ERR_RATE_LIMITED, NULL, "That is a lot at once. Wait a little, then send the rest.");
    struct inbound in =
        from_visitor(call, ENTRY_MESSAGE, chat_external_id(call->arena, call->caller.visitor_value, &p->client_id));
    in.text = p->text;
    in.payload = page_payload(call);
    if (p->written_at && p->written_at <= call->now && p->written_at > call->now - OFFLINE_MAX_MS)
        in.occurred_at = p->written_at;
    if (!take_files(call, &p->attachments, &in.attachments))
        return false;
    struct entry *e = take(call, account, &in);
    if (e)
        *(struct chat_message *)call->result = chat_message_of(e);
    return e != NULL;
}

static bool signature_holds(const struct channel_account *account, const struct chat_identify *p)
{
    const char *secret = channel_setting(account, "identity_secret"), *signed_text = p->user_id ? p->user_id : p->email;
    return secret[0] && signed_text && p->signature &&
           crypto_hmac_verify(HMAC_SHA256, ENCODE_HEX, secret, strlen(secret), signed_text, strlen(signed_text),
                              p->signature);
}

static const char *identify_payload(struct call *call, const struct chat_identify *p, bool proven)
{
    AUTO_BUF struct buf out = {0};
    const char *const fields[][2] = {{"email", p->email}, {"name", p->name}, {"user_id", p->user_id}};
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

/* A claim only says what somebody typed, and becomes a suggestion; a signature makes the address or the customer number
 * the visitor's own. The e-mail address is vouched for only by a signature over it. */
static bool identify(struct call *call)
{
    const struct chat_identify *p = call->params;
    const struct channel_account *account = after_hello(call);
    if (!account)
        return false;
    const char *email = p->email ? identity_normalise(call->arena, IDENTITY_EMAIL, p->email, NULL) : NULL;
    if (p->email && !email)
        return call_refuse(call, ERR_INVALID, "email", "email must be an address such as mia@example.com.");
    if (!p->email && !p->name && !p->user_id)
        return call_refuse(call, ERR_INVALID, "email", "Give an email, a name or a user_id.");
    bool proven = signature_holds(account, p);
    if (p->signature && !proven)
        return call_refuse(call, ERR_UNAUTHENTICATED, "signature", "The signature does not hold.");
    const char *payload = identify_payload(call, p, proven);
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    crypto_sha256(payload, strlen(payload), digest);
    crypto_hex(digest, sizeof(digest), hex);
    struct inbound in = from_visitor(call, ENTRY_ACTIVITY,
                                     arena_printf(call->arena, "identify:%s:%.32s", call->caller.visitor_value, hex));
    in.direction = DIRECTION_INTERNAL;
    in.payload = payload;
    in.from.proof = proven ? PROOF_PROVEN : PROOF_CLAIMED;
    in.from.name = p->name ? p->name : in.from.name;
    if (proven && p->user_id)
        in.also[in.n_also++] = (struct identity_ref){
            IDENTITY_EXTERNAL, true, text_trim(call->arena, p->user_id), p->name, PROOF_PROVEN, CONSENT_UNKNOWN};
    else if (email)
        in.also[in.n_also++] =
            (struct identity_ref){IDENTITY_EMAIL, false, email, p->name, in.from.proof, CONSENT_UNKNOWN};
    ((struct chat_identified *)call->result)->proven = proven;
    call->caller.customer_id = (struct uuid){{0}}; /* it may be another person's from now on */
    return take(call, account, &in) != NULL;
}

static bool seen(struct call *call)
{
    const struct chat_seen *p = call->params;
    const struct channel_account *account = after_hello(call);
    if (!account || !call->caller.identity_key)
        return account != NULL;
    struct list unread = entry_unread_out(call->db, call->arena, call->caller.identity_key,
                                          p->version == FIELD_INT_NONE ? INT64_MAX : p->version);
    struct inbound *receipts = arena_alloc(call->arena, (unread.n + 1) * sizeof(*receipts));
    for (size_t i = 0; i < unread.n; i++)
        receipts[i] = (struct inbound){
            .type = INBOUND_RECEIPT, .entry_id = ((struct uuid *)unread.items)[i], .delivery = DELIVERY_READ};
    struct intake t = {.channel = account->id,
                       .channel_id = account->uuid,
                       .readers = account->readers,
                       .medium = MEDIUM_CHAT,
                       .list = {.items = receipts, .n = unread.n},
                       .received_at = call->now};
    struct intake *one[] = {&t};
    if (unread.n)
        ingest_run(call->desk, call->db, call->arena, one, 1, &call->changes);
    call->err = t.err;
    return unread.n == 0 || t.done;
}

const struct method CHAT_METHODS[] = {
    {"chat.hello", "Begins: settings of the widget and the visitor's own messages.", ROLE_VISITOR, METHOD_SOCKET_ONLY,
     EFFECT_VISITOR, &HELLO, &HELLO_RESULT, hello},
    {"chat.send", "A message from the visitor; committed before the call returns.", ROLE_VISITOR, METHOD_SOCKET_ONLY,
     EFFECT_NONE, &CHAT_SEND, &CHAT_MESSAGE_SHAPE, send},
    {"chat.identify", "Says who the visitor is.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_NONE, &CHAT_IDENTIFY,
     &CHAT_IDENTIFIED, identify},
    {"chat.seen", "The visitor has read everything.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_NONE, &CHAT_SEEN,
     &EMPTY_SHAPE, seen},
    {"chat.typing", "The visitor types.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_TYPING, &CHAT_TYPING, &EMPTY_SHAPE,
     NULL},
    {0},
};
