/* chat.*: what the widget on a web page calls. A visitor sees nothing but the own conversation. */
#include "api/chat_identify.h"
#include "api/chat_limit.h"
#include "api/chat_visitor.h"
#include "api/file.h"
#include "api/method.h"
#include "api/push.h"
#include "api/security.h"
#include "base/clock.h"
#include "base/text.h"
#include "desk/conversation/rules.h"
#include "store/channel.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/identity.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

struct hello_params {
    struct uuid channel_id;
    const char *token;
    int64_t version;
    const char *page_url, *page_title, *before_url, *referrer;
    const char *language, *speaks, *time_zone;
    int device;
};

struct hello_result {
    const char *token;
    struct uuid visitor_id;
    int64_t version;
    struct list messages;
    bool complete;
    const char *title, *accent, *greeting, *away_text;
    bool online, typing_preview;
    const char *name;
};

struct chat_attachment {
    const char *upload;
    const char *name;
    const char *type;
};

struct chat_send {
    struct uuid client_id;
    const char *text;
    struct list attachments;
    int64_t written_at;
};

struct chat_seen {
    int64_t version;
};

struct chat_typing {
    bool typing;
    const char *text;
};

static SHAPE(HELLO, hello_params, "ChatHelloParams", "The first call of a widget on its socket.",
    UUID_REQ(hello_params, channel_id, "channel_id", "The chat channel, from the script tag."),
    TEXT(hello_params, token, "token", 100, "The visitor's, from an earlier hello; without it a new visitor is made when something is sent."),
    INT(hello_params, version, "version", 0, INT64_MAX, "Up to where messages are known: only what was missed is answered."),
    TEXT(hello_params, page_url, "page_url", 1000, "The page the visitor is on."),
    TEXT(hello_params, page_title, "page_title", 500, "Its title."),
    TEXT(hello_params, before_url, "before_url", 1000, "The page of the site before it."),
    TEXT(hello_params, referrer, "referrer", 1000, "Whence the visitor came to the site."),
    TEXT(hello_params, time_zone, "time_zone", 64, "Of the browser, an IANA name."),
    ENUM(hello_params, device, "device", VISIT_DEVICE_NAMES, "What the visitor holds in their hands."),
    TEXT(hello_params, speaks, "speaks", 16, "Of the widget: in which language it shows its words; the title is answered in it."),
    TEXT(hello_params, language, "language", 16, "Of the browser, as a BCP 47 tag: taken for the person's with the first message, when none is known."));
static SHAPE(HELLO_RESULT, hello_result, "ChatHello", "Everything the widget needs.",
    TEXT_REQ(hello_result, token, "token", 100, "Keep it in the browser; it is the visitor's key."),
    UUID(hello_result, visitor_id, "visitor_id", "The visitor's identity."),
    INT(hello_result, version, "version", 0, 0, "Version after these messages."),
    LIST(hello_result, messages, "messages", &CHAT_MESSAGE_SHAPE, 0, "Oldest first."),
    BOOL(hello_result, complete, "complete", "False: forget what is known and show these only."),
    TEXT(hello_result, title, "title", 200, "What stands above the chat, in that language; null: say it in words of your own. The name of the channel is for agents."),
    TEXT(hello_result, accent, "accent", 32, "Colour."),
    TEXT(hello_result, greeting, "greeting", 500, "Shown before the first message."),
    TEXT(hello_result, away_text, "away_text", 500, "Shown when no agent is online."),
    BOOL(hello_result, online, "online", "An agent is online."),
    BOOL(hello_result, typing_preview, "typing_preview", "Agents see what is typed before it is sent: tell the visitor, and send it with chat.typing."),
    TEXT(hello_result, name, "name", 200, "As the visitor gave it."));
static SHAPE(CHAT_ATTACHMENT, chat_attachment, "ChatAttachmentRef", "A file uploaded by POST /chat/attachments.",
    TEXT_REQ(chat_attachment, upload, "upload", UPLOAD_HANDLE_MAX, "The handle that the upload answered."),
    TEXT_REQ(chat_attachment, name, "name", 255, "File name."),
    TEXT(chat_attachment, type, "type", 127, "MIME type."));
static SHAPE(CHAT_SEND, chat_send, "ChatSendParams", "A message from the visitor.",
    UUID_REQ(chat_send, client_id, "client_id", "Made by the widget: a repeat adds nothing; another text under the same id is refused."),
    ROW(chat_send, text, const char *, "text", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .max = 20000, .help = "The text; may be empty when there are attachments."),
    LIST(chat_send, attachments, "attachments", &CHAT_ATTACHMENT, CHAT_FILES_MAX, "Files."),
    TIME(chat_send, written_at, "written_at", "When it was written, if it had to wait for the network: noted. The message's own time is the server's."));
static SHAPE(CHAT_SEEN, chat_seen, "ChatSeenParams", "The visitor has seen all messages.",
    INT(chat_seen, version, "version", 0, INT64_MAX, "Up to this version."));
static SHAPE(CHAT_TYPING, chat_typing, "ChatTypingParams", "The visitor types.",
    BOOL(chat_typing, typing, "typing", "Types now."),
    LINES(chat_typing, text, "text", TYPED_TEXT_MAX, "What is typed so far; only where chat.hello said typing_preview, and dropped elsewhere."));

#define HELLO_MESSAGES 50
#define HELLO_MISSED_MAX 200
#define OFFLINE_MAX_MS (7 * DAY_MS) /* a widget may have kept a message so long */

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
    return call_refuse(call, NULL, chat_site);
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

/* Letters, digits and hyphens (RFC 5646 §2.1). */
static bool language_is_sound(const char *tag)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    return tag && tag[0] && tag[strspn(tag, LETTERS)] == '\0';
}

/* It becomes a link in the console. */
static const char *page_of(struct call *call, const char *url, bool whole)
{
    if (!url || !text_is_web_url(url))
        return NULL;
    size_t n = whole ? strlen(url) : strcspn(url, "?#");
    return utf8_clean(call->arena, url, n, VISITOR_URL_MAX);
}

static bool zone_is_sound(const char *zone)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_/";
    return zone && zone[0] && zone[strspn(zone, LETTERS)] == '\0';
}

/* What is shown of the visitor while they are there; it is written nowhere. */
static const char *visit_text(struct call *call, const struct hello_params *p)
{
    AUTO_BUF struct buf out = {0};
    struct visit v = {
        .url = call->caller.page_url[0] ? call->caller.page_url : NULL,
        .title = p->page_title ? utf8_clean(call->arena, p->page_title, strlen(p->page_title), 200) : NULL,
        .before_url = page_of(call, p->before_url, true),
        .referrer = page_of(call, p->referrer, false),
        .language = call->caller.language,
        .time_zone = zone_is_sound(p->time_zone) ? p->time_zone : NULL,
        .device = p->device,
    };
    field_encode(&VISIT_SHAPE, &v, &out);
    return arena_strndup(call->arena, out.data, out.len);
}

/* The channel's settings have one for each language of the widget. */
static const char *title_in(const struct channel_account *account, const char *language)
{
    bool japanese = language && strncasecmp(language, "ja", 2) == 0;
    const char *title = channel_setting(account, japanese ? "title_ja" : "title_en");
    return text_is_blank(title) ? NULL : title;
}

static bool hello(struct call *call)
{
    const struct hello_params *p = call->params;
    struct hello_result *r = call->result;
    const struct channel_account *account = chat_account(call, &p->channel_id);
    if (!account || !origin_allowed(call, account) || !chat_may_greet(call))
        return false;
    if (p->token && strlen(p->token) != TOKEN_TEXT_SIZE - 1)
        return call_refuse(call, "token", chat_token);
    char *fresh = arena_alloc(call->arena, TOKEN_TEXT_SIZE);
    crypto_token(fresh);
    r->token = p->token ? p->token : fresh;
    set_visitor(call, r->token);
    call->caller.visitor_channel = account->uuid;
    call->caller.identity_key = 0; /* the connection may have been another visitor's */
    call->caller.identity_id = call->caller.customer_id = (struct uuid){{0}};
    const char *url = page_of(call, p->page_url, true);
    call->caller.page_url = url ? url : "";
    call->caller.language = language_is_sound(p->language) ? p->language : NULL;
    call->caller.visit = visit_text(call, p);
    chat_set_sight(&call->caller, call->accounts);
    r->typing_preview = call->caller.previews;
    call->caller.identify = NULL;
    r->title = title_in(account, p->speaks);
    r->accent = channel_setting(account, "accent");
    r->greeting = channel_setting(account, "greeting");
    r->away_text = channel_setting(account, "away_text");
    r->online = call->agents_online > 0;
    struct identity *d =
        identity_by_value(call->db, call->arena, IDENTITY_VISITOR, account->id, call->caller.visitor_value);
    if (!call_db_fine(call))
        return false;
    call->caller.identity_key = d ? d->key : 0;
    if (!chat_is_welcome(call))
        return false;
    if (!d)
        return true;
    call->caller.identity_id = r->visitor_id = d->id;
    call->caller.customer_id = identity_customer(call->db, call->arena, d->key);
    r->version = d->version;
    r->name = d->proof > PROOF_ANONYMOUS ? d->name : NULL;
    read_messages(call, d, p->version, r);
    return call_db_fine(call);
}

/* A repeat is taken though its files' handles have lapsed meanwhile: what it named then is there. */
static bool take_files(struct call *call, const struct list *refs, const struct inbound *in, struct list *ret)
{
    const struct chat_attachment *items = refs->items;
    for (size_t i = 0; i < refs->n; i++) {
        struct attachment *file = list_grow(call->arena, ret, sizeof(*file));
        *file = (struct attachment){.name = items[i].name,
                                    .type = items[i].type ? items[i].type : "application/octet-stream"};
        if (file_named(call, items[i].upload, "attachments", file))
            continue;
        struct list known = {0};
        const struct channel_account *account = chat_after_hello(call);
        if (account && db_failure(call->db) == DB_FINE)
            entry_find_external(call->db, call->arena, account->id, &in->external_id, 1, &known);
        if (!known.n)
            return false;
        call->err = (struct error){0};
        *ret = entry_files(call->arena, known.items);
        return true;
    }
    return true;
}

/* What is noted of a message besides: the page it was written on, and when, if that was long before. */
static const char *message_payload(struct call *call, const struct chat_send *p)
{
    AUTO_BUF struct buf out = {0};
    const char *page = call->caller.page_url;
    char at[TIME_TEXT_SIZE];
    bool late = p->written_at && p->written_at <= call->now && p->written_at > call->now - OFFLINE_MAX_MS;
    if (page && page[0])
        facts_text(&out, "page_url", page);
    if (late) {
        time_format(p->written_at, at);
        facts_text(&out, "written_at", at);
    }
    return facts_end(call->arena, &out);
}

static bool message_taken(struct call *call)
{
    bool is_first = !call->caller.identity_key;
    struct entry *e = chat_taken(call, call->intake);
    if (!e)
        return false;
    if (is_first) {
        call->caller.people++;
        call->caller.identify = NULL;
    }
    chat_was_here(call);
    channel_fed(call->db, call->intake->channel, call->now);
    *(struct chat_message *)call->result = chat_message_of(e);
    return call_db_fine(call);
}

/* People are made here and nowhere before: by the first message, with what was said of the visitor until then. */
static bool send_from_visitor(struct call *call)
{
    const struct chat_send *p = call->params;
    const struct channel_account *account = chat_after_hello(call);
    struct inbound *items = arena_alloc(call->arena, 2 * sizeof(*items));
    if (!account)
        return false;
    if (text_is_blank(p->text) && p->attachments.n == 0)
        return call_refuse(call, "text", nothing_to_send);
    if (!chat_may_send(call, account))
        return false;
    size_t n = !call->caller.identity_key && chat_identity_kept(call, account, &items[0]) ? 1 : 0;
    struct inbound *in = &items[n++];
    *in = chat_from_visitor(call, ENTRY_MESSAGE,
                            chat_external_id(call->arena, call->caller.visitor_value, &p->client_id));
    in->text = p->text;
    in->payload = message_payload(call, p);
    if (!take_files(call, &p->attachments, in, &in->attachments))
        return false;
    call->intake = chat_intake(call, account, items, n);
    call->taken = message_taken;
    return true;
}

static bool seen(struct call *call)
{
    const struct chat_seen *p = call->params;
    const struct channel_account *account = chat_after_hello(call);
    if (!account || !call->caller.identity_key || !chat_may_see(&call->caller))
        return account != NULL;
    struct list unread = entry_unread_out(call->db, call->arena, call->caller.identity_key,
                                          p->version == FIELD_INT_NONE ? INT64_MAX : p->version);
    struct inbound *receipts = arena_alloc(call->arena, (unread.n + 1) * sizeof(*receipts));
    for (size_t i = 0; i < unread.n; i++)
        receipts[i] = (struct inbound){
            .type = INBOUND_RECEIPT, .entry_id = ((struct uuid *)unread.items)[i], .delivery = DELIVERY_READ};
    struct intake t = intake_by(account, call->now, cause_by(CAUSE_CHANNEL, account->id));
    t.list = (struct inbound_list){.items = receipts, .n = unread.n};
    struct intake *one[] = {&t};
    if (unread.n)
        ingest_run(call->desk, call->db, call->arena, one, 1, &call->changes);
    call->err = t.err;
    return unread.n == 0 || t.done;
}

METHODS(CHAT_METHODS,
    METHOD("chat.hello", "Begins: settings of the widget and the visitor's own messages.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_VISITOR, &HELLO, &HELLO_RESULT, hello),
    METHOD("chat.send", "A message from the visitor; committed before the call returns.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_NONE, &CHAT_SEND, &CHAT_MESSAGE_SHAPE, send_from_visitor),
    METHOD("chat.identify", "Says who the visitor is.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_NONE, &CHAT_IDENTIFY, &CHAT_IDENTIFIED, chat_identify),
    METHOD("chat.seen", "The visitor has read everything.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_NONE, &CHAT_SEEN, &EMPTY_SHAPE, seen),
    METHOD("chat.typing", "The visitor types.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_TYPING, &CHAT_TYPING, &EMPTY_SHAPE, NULL));
