#include "channel/whatsapp_words.h"

#include "base/crypto.h"
#include "base/text.h"
#include "channel/attach.h"

#include <inttypes.h>

#define FALLBACK_TEXT_MAX 300
#define LINES_MAX 100 /* of an order, of a form, of contacts: more is only in the payload */
#define LINE_TEXT_MAX 2000
#define ANSWERS_DEPTH_MAX 8

struct whatsapp_ctx {
    struct arena *arena;
    struct json_object *message;
    const char *type;
    struct json_object *part; /* the member that is named like the type */
    struct json_object *payload;
    enum entry_kind kind;
    struct list *files; /* struct attachment */
};

static const char *say_whatsapp_text(struct whatsapp_ctx *m)
{
    return json_text(m->arena, m->part, "body");
}

/* Hex of what Meta writes in base64; NULL: it is no such thing. */
static const char *sha256_of(struct arena *a, const char *base64)
{
    size_t n = base64 ? strlen(base64) : 0;
    uint8_t *bytes = arena_alloc(a, n + 3);
    char *hex = arena_alloc(a, SHA256_SIZE * 2 + 1);
    if (n == 0 || n > SHA256_SIZE * 2 || crypto_base64_decode(base64, n, bytes) != SHA256_SIZE)
        return NULL;
    crypto_hex(bytes, SHA256_SIZE, hex);
    return hex;
}

/* Media lie at Meta for some days. */
static void keep_whatsapp_media(struct whatsapp_ctx *m)
{
    struct json_object *media = json_object_new_object();
    const char *type = json_text(m->arena, m->part, "mime_type");
    struct attachment *file =
        attach_remote(m->arena, m->files, json_text(m->arena, m->part, "id"), json_text(m->arena, m->part, "filename"),
                      type ? arena_strndup(m->arena, type, strcspn(type, "; ")) : NULL);
    if (file)
        file->sha256 = sha256_of(m->arena, json_text(m->arena, m->part, "sha256"));
    payload_text(media, "id", json_text(m->arena, m->part, "id"));
    payload_text(media, "type", json_text(m->arena, m->part, "mime_type"));
    payload_text(media, "name", json_text(m->arena, m->part, "filename"));
    payload_text(media, "sha256", json_text(m->arena, m->part, "sha256"));
    payload_add(m->payload, "media", media);
}

static const char *say_media(struct whatsapp_ctx *m)
{
    static const struct {
        const char *type;
        enum saying saying;
    } KINDS[] = {{"image", SAID_sent_image},
                 {"video", SAID_sent_video},
                 {"audio", SAID_sent_voice},
                 {"sticker", SAID_sent_sticker}};
    const char *caption = json_text(m->arena, m->part, "caption"), *name = json_text(m->arena, m->part, "filename");
    keep_whatsapp_media(m);
    if (caption)
        return caption;
    if (name)
        return payload_say(m->arena, m->payload, said(m->arena, sent_file_named, name));
    enum saying saying = SAID_sent_file;
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (strcmp(KINDS[i].type, m->type) == 0)
            saying = KINDS[i].saying;
    return payload_say(m->arena, m->payload, said_again(m->arena, saying, "{}"));
}

static const char *say_whatsapp_location(struct whatsapp_ctx *m)
{
    payload_text(m->payload, "url", json_text(m->arena, m->part, "url"));
    return payload_place(m->arena, m->payload, m->part, "name");
}

static void add_listed(struct buf *line, const char *word)
{
    if (!text_is_blank(word))
        buf_printf(line, "%s%s", line->len ? ", " : "", word);
}

/* Of each item its member. */
static void add_words_of(struct arena *a, struct buf *line, struct json_object *items, const char *member)
{
    for (size_t i = 0; i < json_length(items) && i < LINES_MAX; i++)
        add_listed(line, json_text(a, json_item(items, i), member));
}

static const char *say_contacts(struct whatsapp_ctx *m)
{
    AUTO_BUF struct buf all = {0};
    for (size_t i = 0; i < json_length(m->part) && i < LINES_MAX; i++) {
        struct json_object *contact = json_item(m->part, i);
        AUTO_BUF struct buf one = {0};
        add_listed(&one, json_text(m->arena, contact, "name.formatted_name"));
        add_listed(&one, json_text(m->arena, contact, "org.company"));
        add_words_of(m->arena, &one, json_at(contact, "phones"), "phone");
        add_words_of(m->arena, &one, json_at(contact, "emails"), "email");
        if (one.len)
            buf_printf(&all, "%s%s", all.len ? "; " : "", one.data);
    }
    payload_copy(m->payload, "contacts", m->part);
    return payload_say(m->arena, m->payload,
                       all.len ? said(m->arena, sent_contact_of, all.data) : said(m->arena, sent_contact));
}

/* ---- what somebody has answered ---- */

/* "name: value" for each answer of a form, and what is within it likewise. */
static void add_answer(struct arena *a, struct buf *lines, size_t *n, const char *name, struct json_object *value,
                       int depth) // NOLINT(misc-no-recursion)
{
    if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, key, member) {
            const char *within = utf8_clean(a, key, strlen(key), 0);
            bool token = depth == 0 && strcmp(key, "flow_token") == 0; /* of the business, for itself */
            if (!token && depth < ANSWERS_DEPTH_MAX)
                add_answer(a, lines, n, name ? arena_printf(a, "%s.%s", name, within) : within, member, depth + 1);
        }
        return;
    }
    AUTO_BUF struct buf words = {0};
    for (size_t i = 0; i < json_length(value) && i < LINES_MAX; i++)
        add_listed(&words, json_text(a, json_item(value, i), ""));
    if (json_object_is_type(value, json_type_boolean))
        add_listed(&words, json_object_get_boolean(value) ? "true" : "false");
    else if (!json_object_is_type(value, json_type_array))
        add_listed(&words, json_text(a, value, ""));
    if (words.len && (*n)++ < LINES_MAX)
        buf_printf(lines, "%s%s: %s", lines->len ? "\n" : "", name ? name : "?",
                   text_cut(a, words.data, LINE_TEXT_MAX));
}

/* A form (flow) gives its answers as JSON in a text. */
static const char *say_form(struct whatsapp_ctx *m)
{
    const char *given = json_text(m->arena, m->part, "nfm_reply.response_json");
    const char *body = json_text(m->arena, m->part, "nfm_reply.body");
    struct json_object *answers =
        given ? json_parse(given, strlen(given), NULL) : json_at(m->part, "nfm_reply.response_json");
    AUTO_BUF struct buf lines = {0};
    size_t n = 0;
    if (json_object_is_type(answers, json_type_object)) {
        add_answer(m->arena, &lines, &n, NULL, answers, 0);
        payload_copy(m->payload, "answers", answers);
    } else if (given) { /* no JSON: as it is */
        buf_puts(&lines, text_cut(m->arena, given, LINE_TEXT_MAX));
    }
    if (given)
        json_object_put(answers);
    if (lines.len)
        return arena_strndup(m->arena, lines.data, lines.len);
    return body ? body : payload_say(m->arena, m->payload, said(m->arena, answered_form));
}

/* Chosen of a list, or of buttons: {id, title, description}. */
static const char *say_choice(struct whatsapp_ctx *m, struct json_object *reply)
{
    const char *title = json_text(m->arena, reply, "title"), *more = json_text(m->arena, reply, "description");
    const char *id = json_text(m->arena, reply, "id");
    payload_copy(m->payload, "choice", reply);
    if (text_is_blank(title))
        return id ? payload_say(m->arena, m->payload, said(m->arena, chose, id))
                  : payload_say(m->arena, m->payload, said(m->arena, pressed_button));
    return text_is_blank(more) ? title : arena_printf(m->arena, "%s\n%s", title, more);
}

static const char *say_interactive(struct whatsapp_ctx *m)
{
    static const char *const CHOICES[] = {"button_reply", "list_reply"};
    payload_copy(m->payload, "interactive", m->part);
    for (size_t i = 0; i < COUNT_OF(CHOICES); i++)
        if (json_object_is_type(json_at(m->part, CHOICES[i]), json_type_object))
            return say_choice(m, json_at(m->part, CHOICES[i]));
    if (json_at(m->part, "nfm_reply"))
        return say_form(m);
    const char *type = json_text(m->arena, m->part, "type");
    return payload_say(m->arena, m->payload,
                       said(m->arena, sent_kind, line_cut(m->arena, type ? type : m->type, FALLBACK_TEXT_MAX)));
}

/* A quick reply of a template. */
static const char *say_button(struct whatsapp_ctx *m)
{
    const char *text = json_text(m->arena, m->part, "text");
    payload_text(m->payload, "button", json_text(m->arena, m->part, "payload"));
    return text ? text : payload_say(m->arena, m->payload, said(m->arena, pressed_button));
}

static const char *say_reaction(struct whatsapp_ctx *m)
{
    const char *emoji = json_text(m->arena, m->part, "emoji");
    m->kind = ENTRY_ACTIVITY;
    payload_text(m->payload, "message_id", json_text(m->arena, m->part, "message_id"));
    payload_text(m->payload, "emoji", emoji);
    return payload_say(m->arena, m->payload,
                       text_is_blank(emoji) ? said(m->arena, took_back_reaction) : said(m->arena, reacted, emoji));
}

static const char *say_order(struct whatsapp_ctx *m)
{
    AUTO_BUF struct buf b = {0};
    struct json_object *items = json_at(m->part, "product_items");
    const char *text = json_text(m->arena, m->part, "text");
    buf_printf(&b, "%s%s", text_is_blank(text) ? "" : ": ", text ? text : "");
    for (size_t i = 0; i < json_length(items) && i < LINES_MAX; i++) {
        struct json_object *item = json_item(items, i);
        const char *sku = json_text(m->arena, item, "product_retailer_id");
        const char *price = json_text(m->arena, item, "item_price"), *currency = json_text(m->arena, item, "currency");
        buf_printf(&b, "\n%" PRId64 " × %s", json_int(item, "quantity", 1), sku ? sku : "?");
        if (price)
            buf_printf(&b, " (%s%s%s)", price, currency ? " " : "", currency ? currency : "");
    }
    if (json_length(items) > LINES_MAX)
        buf_puts(&b, "\n…");
    payload_copy(m->payload, "order", m->part);
    return payload_say(m->arena, m->payload, said(m->arena, catalogue_order, b.data));
}

/* WhatsApp words it itself, in English and with the name and both numbers; where it has another number only, so do we. */
static const char *say_system(struct whatsapp_ctx *m)
{
    const char *text = json_text(m->arena, m->part, "body");
    const char *now = json_text(m->arena, m->part, "wa_id");
    m->kind = ENTRY_ACTIVITY;
    payload_copy(m->payload, "system", m->part);
    if (!now)
        now = json_text(m->arena, m->part, "new_wa_id");
    if (now)
        return payload_say(m->arena, m->payload, said(m->arena, changed_number, now));
    return text ? text : payload_say(m->arena, m->payload, said(m->arena, whatsapp_change));
}

static const char *say_taken_back(struct whatsapp_ctx *m)
{
    m->kind = ENTRY_ACTIVITY;
    return payload_say(m->arena, m->payload, said(m->arena, took_back_message));
}

static const char *say_unsupported(struct whatsapp_ctx *m)
{
    payload_copy(m->payload, "errors", json_at(m->message, "errors"));
    return payload_say(m->arena, m->payload, said(m->arena, not_passed_on));
}

static const struct whatsapp_row {
    const char *type;
    const char *(*say)(struct whatsapp_ctx *m);
} TYPES[] = {
    {"text", say_whatsapp_text},
    {"image", say_media},
    {"video", say_media},
    {"audio", say_media},
    {"document", say_media},
    {"sticker", say_media},
    {"location", say_whatsapp_location},
    {"contacts", say_contacts},
    {"interactive", say_interactive},
    {"button", say_button},
    {"reaction", say_reaction},
    {"order", say_order},
    {"system", say_system},
    {"revoke", say_taken_back},
    {"unsupported", say_unsupported},
};

static const char *words_of_type(struct whatsapp_ctx *m)
{
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (strcmp(TYPES[i].type, m->type) == 0)
            return TYPES[i].say(m);
    payload_copy(m->payload, "message", m->message);
    return payload_say(m->arena, m->payload, said(m->arena, sent_kind, line_cut(m->arena, m->type, FALLBACK_TEXT_MAX)));
}

/* Who comes from an advertisement writes about it: its words stand below theirs, so that they are read and found. */
static const char *with_referral(struct arena *a, struct json_object *payload, struct json_object *referral,
                                 const char *text)
{
    static const char *const PARTS[] = {"headline", "body", "source_url"};
    AUTO_BUF struct buf ad = {0};
    for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
        const char *part = line_cut(a, json_text(a, referral, PARTS[i]), LINE_TEXT_MAX);
        if (part && (!text_names_url(PARTS[i]) || text_is_web_url(part)))
            buf_printf(&ad, "%s%s", ad.len ? "\n" : "", part);
    }
    payload_copy(payload, "referral", referral);
    if (!ad.len)
        return text;
    const char *came_by = said(a, came_by_ad, ad.data);
    if (json_at(payload, "said"))
        json_object_array_add(json_at(payload, "said"), json_parse(came_by, strlen(came_by), NULL));
    return arena_printf(a, "%s%s%s", text ? text : "", text_is_blank(text) ? "" : "\n\n", said_english(a, came_by));
}

bool whatsapp_words(struct arena *a, struct json_object *message, struct json_object *payload, struct inbound *ret)
{
    struct whatsapp_ctx m = {.arena = a,
                             .message = message,
                             .type = json_text(a, message, "type"),
                             .payload = payload,
                             .kind = ENTRY_MESSAGE,
                             .files = &ret->attachments};
    if (text_is_blank(m.type))
        return false;
    json_object_object_get_ex(message, m.type, &m.part);
    payload_text(payload, "type", m.type);
    ret->text = words_of_type(&m);
    ret->kind = m.kind;
    ret->references = reference_to(a, json_text(a, message, "context.id"));
    payload_text(payload, "reply_to", json_text(a, message, "context.id"));
    if (json_true(message, "context.forwarded") || json_true(message, "context.frequently_forwarded"))
        payload_true(payload, "forwarded");
    if (json_at(message, "referral"))
        ret->text = with_referral(a, payload, json_at(message, "referral"), ret->text);
    return true;
}
