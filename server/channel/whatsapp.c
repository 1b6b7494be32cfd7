/* WhatsApp Business Platform, Cloud API. developers.facebook.com/documentation/business-messaging/whatsapp. */
#include "channel/kit.h"
#include "channel/types.h"
#include "channel/whatsapp_words.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

#define TEXT_UNITS_MAX 4096
#define WINDOW_MS (24 * HOUR_MS)
#define CHALLENGE_MAX 200
#define APP_NAME "WhatsApp Business" /* the author of what was sent from the phone */

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

/* ---- in ----------------------------------------------------------------------------------------------------------- */

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

/* What says that somebody has another number, or user id, from now on, names both: docs/channels/whatsapp.md. */
static void add_changed(struct arena *a, struct json_object *message, struct inbound *item)
{
    static const char *const PATHS[] = {"system.wa_id", "system.new_wa_id", "system.user_id"};
    for (size_t i = 0; i < COUNT_OF(PATHS) && item->n_also < INBOUND_ALSO_MAX; i++) {
        const char *now = identity_normalise(a, IDENTITY_WHATSAPP, json_text(a, message, PATHS[i]), NULL);
        if (now && strcmp(now, item->from.value) != 0)
            item->also[item->n_also++] = person(now, item->from.name);
    }
}

/* Fills who has written, or been written to. False: nobody. */
static bool read_who(struct arena *a, struct json_object *value, struct json_object *message, struct inbound *item)
{
    bool out = item->direction == DIRECTION_OUT;
    const char *number = identity_normalise(a, IDENTITY_WHATSAPP, json_text(a, message, out ? "to" : "from"), NULL);
    const char *user =
        identity_normalise(a, IDENTITY_WHATSAPP, json_text(a, message, out ? "to_user_id" : "from_user_id"), NULL);
    const char *who = number ? number : user; /* who has a user name may keep their number to themselves */
    if (!who)
        return false;
    item->from = person(who, profile_name(a, value, who));
    if (number && user && strcmp(number, user) != 0)
        item->also[item->n_also++] = person(user, item->from.name);
    add_changed(a, message, item);
    inbound_add_phones(a, item);
    return true;
}

/* An edit and a taking back are about another message, and say the words that it has from now on. */
static struct json_object *edited_message(struct arena *a, struct json_object *message, const char *type,
                                          struct inbound *item)
{
    bool edit = strcmp(type, "edit") == 0;
    if (!edit && strcmp(type, "revoke") != 0)
        return message;
    item->type = INBOUND_EDIT;
    item->rank = edit ? item->occurred_at : RANK_TAKEN_BACK;
    item->external_id =
        external_id_text(a, json_text(a, message, edit ? "edit.original_message_id" : "revoke.original_message_id"));
    return edit ? json_at(message, "edit.message") : message;
}

static bool read_way(struct arena *a, struct json_object *value, struct json_object *message,
                     const struct web_request *request, enum direction direction, struct inbound_list *ret)
{
    const char *type = json_text(a, message, "type");
    struct inbound item = {
        .type = INBOUND_ENTRY,
        .external_id = external_id_text(a, json_text(a, message, "id")),
        .occurred_at = time_believable(json_seconds_ms(message, "timestamp"), request->received_at),
        .direction = direction,
        .author_name = direction == DIRECTION_OUT ? APP_NAME : NULL,
    };
    if (!type || !item.external_id || !read_who(a, value, message, &item))
        return false;
    message = edited_message(a, message, type, &item);
    struct json_object *payload = payload_new(a);
    if (!item.external_id || !whatsapp_words(a, message, payload, &item))
        return false;
    if (item.type == INBOUND_EDIT)
        payload_time(payload, item.rank == RANK_TAKEN_BACK ? "taken_back_at" : "edited_at", item.occurred_at);
    item.payload = payload_end(a, payload);
    *inbound_add(a, ret) = item;
    return true;
}

static bool read_whatsapp_message(struct arena *a, struct json_object *value, struct json_object *message,
                                  const struct web_request *request, struct inbound_list *ret)
{
    return read_way(a, value, message, request, DIRECTION_IN, ret);
}

/* What the business has sent from its phone, or a computer linked with that. */
static bool read_echo(struct arena *a, struct json_object *value, struct json_object *message,
                      const struct web_request *request, struct inbound_list *ret)
{
    return read_way(a, value, message, request, DIRECTION_OUT, ret);
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
    if (!field || (strcmp(field, "messages") != 0 && strcmp(field, "smb_message_echoes") != 0))
        return;
    struct json_object *value = json_at(change, "value");
    const char *number = json_text(a, value, "metadata.phone_number_id");
    if (!number || strcmp(number, channel_setting(account, "phone_number_id")) != 0) {
        inbound_problem(ret, said(a, number_other, number ? number : "–"));
        return;
    }
    read_items(a, value, "messages", read_whatsapp_message, request, ret);
    read_items(a, value, "message_echoes", read_echo, request, ret);
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

/* ---- files -------------------------------------------------------------------------------------------------------- */

static bool is_below(const char *url, const char *base)
{
    const char *host = strstr(base, "://");
    size_t n = host ? (size_t)(host - base) + 3 + strcspn(host + 3, "/?#") : 0;
    return n && strncmp(url, base, n) == 0 && url[n] == '/';
}

/* Meta tells an address that is good for five minutes, and wants the token there too. What we told from is ours or Meta's, so
 * that where it sends us is no stranger's choice; the token leaves encrypted, or only where the settings say so.
 * developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media */
static enum file_ask whatsapp_ask_file(const struct channel_account *account, const char *remote,
                                       const struct send_reply *where, struct arena *a, struct send_request *ret)
{
    const char *base = base_url(account, a, "api_url"), *token = channel_setting(account, "access_token");
    if (!where) {
        send_get(a, ret, arena_printf(a, "%s/%s", base, remote), token);
        return FILE_ASK_WHERE;
    }
    struct json_object *body = json_parse(where->body, where->body_len, NULL);
    const char *url = json_text(a, body, "url");
    json_object_put(body);
    if (!url || (strncmp(url, "https://", 8) != 0 && !is_below(url, base)))
        return FILE_NOT_ASKED;
    send_get(a, ret, url, token);
    return FILE_ASK_CONTENT;
}

/* Meta answers 400 to an id that it does not know, but also to who asks too often, or with a token that is over. */
static int whatsapp_read_refusal(const struct send_reply *reply)
{
    struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    const struct code_row *row = find_code(json_int(body, "error.code", -1));
    json_object_put(body);
    if (!row)
        return FETCH_DONE;
    return row->broken ? FETCH_REFUSED : FETCH_UNREACHABLE;
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
    .rich = RICH_MARKS,
    .build = whatsapp_build,
    .read_reply = whatsapp_read_reply,
    .ask_file = whatsapp_ask_file,
    .read_refusal = whatsapp_read_refusal,
};
