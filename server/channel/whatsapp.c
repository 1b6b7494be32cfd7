/* WhatsApp Business Platform, Cloud API. developers.facebook.com/documentation/business-messaging/whatsapp. */
#include "channel/kit.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

#define TEXT_UNITS_MAX 4096
#define WINDOW_MS (24 * HOUR_MS)
#define CHALLENGE_MAX 200
#define FALLBACK_TEXT_MAX 300
#define ORDER_LINES_MAX 20

static const struct setting SETTINGS[] = {
    {"app_secret", SETTING_SECRET, SETTING_REQUIRED, NULL, "App secret",
     "Meta for Developers, your app, App settings, Basic."},
    {"verify_token", SETTING_SECRET, SETTING_GENERATED, NULL, "Verify token",
     "To be entered beside the webhook URL at Meta: WhatsApp, Configuration."},
    {"access_token", SETTING_SECRET, SETTING_REQUIRED, NULL, "Access token",
     "A permanent token of a system user with whatsapp_business_messaging."},
    {"phone_number_id", SETTING_TEXT, SETTING_REQUIRED, NULL, "Phone number ID",
     "WhatsApp, API Setup: the ID below the number, not the number itself."},
    {"api_url", SETTING_URL, 0, "https://graph.facebook.com/v21.0", "Address of the API",
     "With the version of the Graph API; otherwise only to be changed for tests and proxies."},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = "x-hub-signature-256"}, {0}};

static bool whatsapp_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    static const char PREFIX[] = "sha256=";
    const char *secret = channel_setting(account, "app_secret");
    const char *signature = web_header(request, "x-hub-signature-256");
    if (secret[0] && signature && strncmp(signature, PREFIX, sizeof(PREFIX) - 1) == 0 &&
        crypto_hmac_verify(HMAC_SHA256, ENCODE_HEX, secret, strlen(secret), request->body, request->body_len,
                           signature + sizeof(PREFIX) - 1))
        return true;
    return error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "x-hub-signature-256 does not hold; the app secret must be that of this app at Meta.");
}

static bool is_plain_word(const char *s)
{
    return s && s[0] && strlen(s) <= CHALLENGE_MAX &&
           strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(s);
}

static void whatsapp_challenge(const struct channel_account *account, const struct web_request *request,
                               struct arena *a, struct web_answer *ret)
{
    struct form query = {0};
    *ret = (struct web_answer){403, "text/plain", "The verify token is not that of this channel."};
    if (!form_parse(a, request->query, strlen(request->query), &query))
        return;
    const char *mode = form_get(&query, "hub.mode");
    const char *challenge = form_get(&query, "hub.challenge");
    if (mode && strcmp(mode, "subscribe") == 0 && is_plain_word(challenge) &&
        secret_matches(account, "verify_token", form_get(&query, "hub.verify_token")))
        *ret = (struct web_answer){200, "text/plain", challenge};
}

/* ---- messages: what each type says in one plain line, and what of it is kept ------------------------------------- */

struct message_ctx {
    struct arena *arena;
    struct json_object *message;
    const char *type;
    struct json_object *part; /* the member that is named like the type */
    struct json_object *payload;
    enum entry_kind kind;
};

static const char *say_whatsapp_text(struct message_ctx *m)
{
    return json_text(m->arena, m->part, "body");
}

/* Media lie at Meta for some days: GET /{id} tells a URL that is good for five minutes. */
static void keep_whatsapp_media(struct message_ctx *m)
{
    struct json_object *media = json_object_new_object();
    payload_text(media, "id", json_text(m->arena, m->part, "id"));
    payload_text(media, "type", json_text(m->arena, m->part, "mime_type"));
    payload_text(media, "name", json_text(m->arena, m->part, "filename"));
    payload_text(media, "sha256", json_text(m->arena, m->part, "sha256"));
    payload_add(m->payload, "media", media);
}

static const char *say_media(struct message_ctx *m)
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

static const char *say_whatsapp_location(struct message_ctx *m)
{
    const char *name = json_text(m->arena, m->part, "name"), *address = json_text(m->arena, m->part, "address");
    payload_text(m->payload, "name", name);
    payload_text(m->payload, "address", address);
    payload_copy(m->payload, "latitude", json_at(m->part, "latitude"));
    payload_copy(m->payload, "longitude", json_at(m->part, "longitude"));
    return place_words(m->arena, m->payload, name, address);
}

static const char *say_contacts(struct message_ctx *m)
{
    AUTO_BUF struct buf b = {0};
    for (size_t i = 0; i < json_length(m->part); i++) {
        struct json_object *contact = json_item(m->part, i);
        const char *name = json_text(m->arena, contact, "name.formatted_name");
        const char *phone = json_text(m->arena, json_item(json_at(contact, "phones"), 0), "phone");
        buf_printf(&b, "%s%s%s%s", b.len ? "; " : "", name ? name : "", name && phone ? ", " : "", phone ? phone : "");
    }
    payload_copy(m->payload, "contacts", m->part);
    return payload_say(m->arena, m->payload,
                       b.len ? said(m->arena, sent_contact_of, b.data) : said(m->arena, sent_contact));
}

static const char *say_interactive(struct message_ctx *m)
{
    static const char *const TITLES[] = {"button_reply.title", "list_reply.title", "nfm_reply.body"};
    payload_copy(m->payload, "interactive", m->part);
    for (size_t i = 0; i < COUNT_OF(TITLES); i++) {
        const char *title = json_text(m->arena, m->part, TITLES[i]);
        if (title)
            return title;
    }
    return payload_say(m->arena, m->payload, said(m->arena, answered_form));
}

static const char *say_button(struct message_ctx *m)
{
    const char *text = json_text(m->arena, m->part, "text");
    payload_text(m->payload, "button", json_text(m->arena, m->part, "payload"));
    return text ? text : payload_say(m->arena, m->payload, said(m->arena, pressed_button));
}

static const char *say_reaction(struct message_ctx *m)
{
    const char *emoji = json_text(m->arena, m->part, "emoji");
    m->kind = ENTRY_ACTIVITY;
    payload_text(m->payload, "message_id", json_text(m->arena, m->part, "message_id"));
    payload_text(m->payload, "emoji", emoji);
    return payload_say(m->arena, m->payload,
                       text_is_blank(emoji) ? said(m->arena, took_back_reaction) : said(m->arena, reacted, emoji));
}

static const char *say_order(struct message_ctx *m)
{
    AUTO_BUF struct buf b = {0};
    struct json_object *items = json_at(m->part, "product_items");
    const char *text = json_text(m->arena, m->part, "text");
    buf_printf(&b, "%s%s", text_is_blank(text) ? "" : ": ", text ? text : "");
    for (size_t i = 0; i < json_length(items) && i < ORDER_LINES_MAX; i++) {
        struct json_object *item = json_item(items, i);
        const char *sku = json_text(m->arena, item, "product_retailer_id");
        buf_printf(&b, "\n%" PRId64 " × %s", json_int(item, "quantity", 1), sku ? sku : "?");
    }
    payload_copy(m->payload, "order", m->part);
    return payload_say(m->arena, m->payload, said(m->arena, catalogue_order, b.data));
}

static const char *say_system(struct message_ctx *m)
{
    const char *text = json_text(m->arena, m->part, "body");
    m->kind = ENTRY_ACTIVITY;
    payload_copy(m->payload, "system", m->part);
    return text ? text : payload_say(m->arena, m->payload, said(m->arena, whatsapp_change));
}

static const char *say_unsupported(struct message_ctx *m)
{
    payload_copy(m->payload, "errors", json_at(m->message, "errors"));
    return payload_say(m->arena, m->payload, said(m->arena, not_passed_on));
}

static const struct message_row {
    const char *type;
    const char *(*say)(struct message_ctx *m);
} MESSAGES[] = {
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
    {"unsupported", say_unsupported},
};

static const char *whatsapp_message_text(struct message_ctx *m)
{
    for (size_t i = 0; i < COUNT_OF(MESSAGES); i++)
        if (strcmp(MESSAGES[i].type, m->type) == 0)
            return MESSAGES[i].say(m);
    payload_copy(m->payload, "message", m->message);
    return payload_say(m->arena, m->payload, said(m->arena, sent_kind, line_cut(m->arena, m->type, FALLBACK_TEXT_MAX)));
}

static const char *profile_name(struct arena *a, struct json_object *value, const char *from)
{
    struct json_object *contacts = json_at(value, "contacts");
    for (size_t i = 0; i < json_length(contacts); i++) {
        const char *wa_id = json_text(a, json_item(contacts, i), "wa_id");
        const char *user_id = json_text(a, json_item(contacts, i), "user_id");
        if ((wa_id && strcmp(wa_id, from) == 0) || (user_id && strcmp(user_id, from) == 0))
            return line_cut(a, json_text(a, json_item(contacts, i), "profile.name"), PERSON_NAME_MAX);
    }
    return NULL;
}

static struct identity_ref person(const char *wa_id, const char *name)
{
    return (struct identity_ref){.kind = IDENTITY_WHATSAPP, .value = wa_id, .name = name, .proof = PROOF_PROVEN};
}

/* A wa_id is the international number, so WhatsApp vouches for the phone number as well. A user id is none. */
static void add_phone(struct arena *a, struct inbound *item)
{
    if (strchr(item->from.value, '.'))
        return;
    const char *phone = identity_normalise(a, IDENTITY_PHONE, arena_printf(a, "+%s", item->from.value), NULL);
    if (phone)
        item->also[item->n_also++] = (struct identity_ref){
            .kind = IDENTITY_PHONE, .value = phone, .name = item->from.name, .proof = PROOF_PROVEN};
}

static bool read_whatsapp_message(struct arena *a, struct json_object *value, struct json_object *message,
                                  const struct web_request *request, struct inbound_list *ret)
{
    const char *number = identity_normalise(a, IDENTITY_WHATSAPP, json_text(a, message, "from"), NULL);
    const char *user = identity_normalise(a, IDENTITY_WHATSAPP, json_text(a, message, "from_user_id"), NULL);
    const char *from = number ? number : user; /* who has a user name may keep their number to themselves */
    const char *id = external_id_text(a, json_text(a, message, "id"));
    const char *type = json_text(a, message, "type");
    if (!from || !id || !type)
        return false;
    struct json_object *part = NULL;
    json_object_object_get_ex(message, type, &part);
    struct message_ctx m = {a, message, type, part, payload_new(a), ENTRY_MESSAGE};
    struct inbound item = {
        .type = INBOUND_ENTRY,
        .from = person(from, profile_name(a, value, from)),
        .external_id = id,
        .occurred_at = time_believable(json_seconds_ms(message, "timestamp"), request->received_at),
        .direction = DIRECTION_IN,
    };
    payload_text(m.payload, "type", type);
    item.text = whatsapp_message_text(&m);
    item.kind = m.kind;
    add_phone(a, &item);
    if (number && user && strcmp(number, user) != 0)
        item.also[item.n_also++] = person(user, item.from.name);
    item.references = reference_to(a, json_text(a, message, "context.id"));
    payload_text(m.payload, "reply_to", json_text(a, message, "context.id"));
    if (json_true(message, "context.forwarded") || json_true(message, "context.frequently_forwarded"))
        payload_true(m.payload, "forwarded");
    payload_copy(m.payload, "referral", json_at(message, "referral"));
    item.payload = payload_end(a, m.payload);
    *inbound_add(a, ret) = item;
    return true;
}

static const struct status_row {
    const char *name;
    enum delivery delivery;
} STATUSES[] = {
    {"sent", DELIVERY_SENT},   {"delivered", DELIVERY_DELIVERED}, {"read", DELIVERY_READ},
    {"played", DELIVERY_READ}, {"failed", DELIVERY_FAILED},
};

static const struct status_row *find_status(const char *name)
{
    for (size_t i = 0; name && i < COUNT_OF(STATUSES); i++)
        if (strcmp(STATUSES[i].name, name) == 0)
            return &STATUSES[i];
    return NULL;
}

static const char *error_words(struct arena *a, struct json_object *error);

static bool read_status(struct arena *a, struct json_object *value, struct json_object *status,
                        const struct web_request *request, struct inbound_list *ret)
{
    (void)value;
    const char *id = external_id_text(a, json_text(a, status, "id"));
    const char *name = json_text(a, status, "status");
    const struct status_row *row = find_status(name);
    if (!id || !name)
        return false;
    if (!row)
        return true;
    const char *to = identity_normalise(a, IDENTITY_WHATSAPP, json_text(a, status, "recipient_id"), NULL);
    if (!to)
        to = identity_normalise(a, IDENTITY_WHATSAPP, json_text(a, status, "recipient_user_id"), NULL);
    const char *entry = json_text(a, status, "biz_opaque_callback_data");
    struct inbound item = {
        .type = INBOUND_RECEIPT,
        .from = to ? person(to, NULL) : (struct identity_ref){0},
        .external_id = id,
        .occurred_at = time_believable(json_seconds_ms(status, "timestamp"), request->received_at),
        .delivery = row->delivery,
    };
    if (entry)
        uuid_parse_text(entry, &item.entry_id);
    if (row->delivery == DELIVERY_FAILED)
        item.error = error_words(a, json_item(json_at(status, "errors"), 0));
    *inbound_add(a, ret) = item;
    return true;
}

typedef bool (*item_reader)(struct arena *a, struct json_object *value, struct json_object *item,
                            const struct web_request *request, struct inbound_list *ret);

static void read_items(struct arena *a, struct json_object *value, const char *member, item_reader read,
                       const struct web_request *request, struct inbound_list *ret)
{
    struct json_object *items = json_at(value, member);
    for (size_t i = 0; i < json_length(items); i++)
        if (!read(a, value, json_item(items, i), request, ret))
            inbound_problem(ret, said(a, item_unclear, i + 1, member));
}

static void read_change(const struct channel_account *account, struct arena *a, struct json_object *change,
                        const struct web_request *request, struct inbound_list *ret)
{
    const char *field = json_text(a, change, "field");
    if (!field || strcmp(field, "messages") != 0)
        return;
    struct json_object *value = json_at(change, "value");
    const char *number = json_text(a, value, "metadata.phone_number_id");
    if (!number || strcmp(number, channel_setting(account, "phone_number_id")) != 0) {
        inbound_problem(ret, said(a, number_other, number ? number : "–"));
        return;
    }
    read_items(a, value, "messages", read_whatsapp_message, request, ret);
    read_items(a, value, "statuses", read_status, request, ret);
    struct json_object *errors = json_at(value, "errors");
    if (json_length(errors))
        inbound_problem(ret, error_words(a, json_item(errors, 0)));
}

static bool whatsapp_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                           struct inbound_list *ret, struct error *err)
{
    struct json_object *body = body_json(request, a, ret, err);
    if (!body)
        return false;
    struct json_object *entries = json_at(body, "entry");
    if (!json_object_is_type(entries, json_type_array))
        return error_set(err, "entry", input_lacks, "entry");
    for (size_t i = 0; i < json_length(entries); i++) {
        struct json_object *changes = json_at(json_item(entries, i), "changes");
        for (size_t j = 0; j < json_length(changes); j++)
            read_change(account, a, json_item(changes, j), request, ret);
    }
    return true;
}

/* ---- out ---------------------------------------------------------------------------------------------------------- */

static bool whatsapp_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                           struct send_request *ret, struct error *err)
{
    if (text_is_blank(out->text))
        return error_set(err, "text", nothing_to_send);
    if (utf8_utf16_units(out->text) > TEXT_UNITS_MAX)
        return error_set(err, "text", text_too_long, "whatsapp", (long long)TEXT_UNITS_MAX,
                         utf8_utf16_units(out->text));
    char entry[UUID_TEXT_SIZE];
    uuid_format(&out->entry_id, entry);
    struct json_object *body = payload_new(a), *text = json_object_new_object();
    payload_text(text, "body", out->text);
    payload_text(body, "messaging_product", "whatsapp");
    payload_text(body, "recipient_type", "individual");
    payload_text(body, strchr(out->to, '.') ? "recipient" : "to", out->to); /* a user id, or a number */
    payload_text(body, "type", "text");
    payload_add(body, "text", text);
    payload_text(body, "biz_opaque_callback_data", entry);
    send_json(
        a, ret,
        arena_printf(a, "%s/%s/messages", base_url(account, a, "api_url"), channel_setting(account, "phone_number_id")),
        channel_setting(account, "access_token"), body);
    return true;
}

/* What Meta's error codes mean for us; developers.facebook.com/documentation/…/whatsapp/support/error-codes. */
static const struct code_row {
    int64_t from, to;
    enum send_outcome outcome;
    bool broken;
    enum saying saying; /* of the code */
} CODES[] = {
    {0, 0, SEND_AGAIN, true, SAID_whatsapp_token},
    {190, 190, SEND_AGAIN, true, SAID_whatsapp_token},
    {3, 3, SEND_AGAIN, true, SAID_whatsapp_permission},
    {10, 10, SEND_AGAIN, true, SAID_whatsapp_permission},
    {200, 299, SEND_AGAIN, true, SAID_whatsapp_permission},
    {33, 33, SEND_AGAIN, true, SAID_whatsapp_number},
    {368, 368, SEND_AGAIN, true, SAID_whatsapp_restricted},
    {131005, 131005, SEND_AGAIN, true, SAID_whatsapp_permission},
    {131031, 131031, SEND_AGAIN, true, SAID_whatsapp_locked},
    {131042, 131042, SEND_AGAIN, true, SAID_whatsapp_payment},
    {133010, 133010, SEND_AGAIN, true, SAID_whatsapp_unregistered},
    {1, 2, SEND_AGAIN, false, SAID_whatsapp_fault},
    {4, 4, SEND_AGAIN, false, SAID_whatsapp_slower},
    {80007, 80007, SEND_AGAIN, false, SAID_whatsapp_slower},
    {130429, 130429, SEND_AGAIN, false, SAID_whatsapp_slower},
    {131048, 131048, SEND_AGAIN, false, SAID_whatsapp_reported},
    {131056, 131056, SEND_AGAIN, false, SAID_whatsapp_pair},
    {131000, 131000, SEND_AGAIN, false, SAID_whatsapp_fault},
    {131016, 131016, SEND_AGAIN, false, SAID_whatsapp_fault},
    {133004, 133004, SEND_AGAIN, false, SAID_whatsapp_fault},
    {131021, 131021, SEND_NEVER, false, SAID_whatsapp_itself},
    {131026, 131026, SEND_NEVER, false, SAID_whatsapp_undeliverable},
    {131030, 131030, SEND_NEVER, false, SAID_whatsapp_test_number},
    {131047, 131047, SEND_NEVER, false, SAID_whatsapp_window},
    {131049, 131050, SEND_NEVER, false, SAID_whatsapp_unwanted},
};

static const struct code_row *find_code(int64_t code)
{
    for (size_t i = 0; i < COUNT_OF(CODES); i++)
        if (code >= CODES[i].from && code <= CODES[i].to)
            return &CODES[i];
    return NULL;
}

/* Our words when the code is known, else Meta's. */
static const char *error_words(struct arena *a, struct json_object *error)
{
    static const char *const WORDS[] = {"error_data.details", "message", "title"};
    int64_t code = json_int(error, "code", -1);
    const struct code_row *row = find_code(code);
    const char *quote = NULL;
    if (row)
        return said_make(a, row->saying, "%lld", (long long)code);
    for (size_t i = 0; i < COUNT_OF(WORDS) && !quote; i++)
        quote = line_cut(a, json_text(a, error, WORDS[i]), REASON_MAX);
    if (code < 0)
        return said(a, provider_refused, "whatsapp", quote ? quote : "…");
    return said(a, whatsapp_other, quote ? quote : "…", (long long)code);
}

static void whatsapp_refused(struct arena *a, const struct send_reply *reply, struct json_object *error,
                             struct send_result *ret)
{
    const struct code_row *row = find_code(json_int(error, "code", -1));
    if (row)
        result_set(ret, row->outcome, error_words(a, error));
    else if (reply->status == 429 || (reply->status >= 500 && error))
        result_set(ret, SEND_AGAIN, error_words(a, error));
    else if (reply->status >= 500) /* a gateway on the way answered: nobody knows how far the request came */
        result_set(ret, SEND_UNCERTAIN, said(a, provider_unsure, "whatsapp", reply->status));
    else
        result_set(ret, SEND_NEVER, error_words(a, error));
    ret->channel_broken = (row && row->broken) || reply->status == 401;
    if (ret->channel_broken)
        ret->outcome = SEND_AGAIN;
    if (ret->outcome == SEND_AGAIN)
        ret->retry_after_ms = reply->retry_after_ms;
}

static void whatsapp_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                                struct send_result *ret)
{
    (void)account;
    struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    if (reply->status == 0) {
        result_no_answer(a, ret, reply, false);
    } else if (reply->status / 100 == 2) {
        result_set(ret, SEND_DONE, NULL);
        ret->external_id = external_id_text(a, json_text(a, json_item(json_at(body, "messages"), 0), "id"));
    } else {
        whatsapp_refused(a, reply, json_at(body, "error"), ret);
    }
    json_object_put(body);
}

const struct channel_type CHANNEL_WHATSAPP = {
    .name = "whatsapp",
    .label = "WhatsApp",
    .help = "Messages to and from a number on the WhatsApp Business Platform (Cloud API).",
    .medium = MEDIUM_WHATSAPP,
    .settings = SETTINGS,
    .headers = HEADERS,
    .body_max = 3 << 20,
    .verify = whatsapp_verify,
    .parse = whatsapp_parse,
    .challenge = whatsapp_challenge,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .reaches = IDENTITY_WHATSAPP,
    .text_max = TEXT_UNITS_MAX,
    .text_unit = UNIT_UTF16,
    .window_ms = WINDOW_MS,
    .build = whatsapp_build,
    .read_reply = whatsapp_read_reply,
};
