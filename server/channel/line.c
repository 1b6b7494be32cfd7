/* LINE Messaging API. developers.line.biz/en/reference/messaging-api/; events: github.com/line/line-openapi webhook.yml.
 *
 * Group and room messages are filed under the person who wrote when LINE tells who (source.userId), and answers go to
 * that person alone: an agent sees, and may quote, things that are nobody else's business. */
#include "channel/kit.h"
#include "channel/line_words.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

#define LINE_API "https://api.line.me"
#define LINE_DATA_API "https://api-data.line.me" /* has the files */
#define TEXT_UNITS_MAX 5000
#define REPLY_TOKEN_MS (50 * SECOND_MS) /* LINE takes one for about a minute; the request takes time, too */

static const struct setting SETTINGS[] = {
    {"channel_secret", SETTING_SECRET, SETTING_REQUIRED, NULL, "Channel secret",
     "LINE Developers console, your Messaging API channel, tab \"Basic settings\"."},
    {"access_token", SETTING_SECRET, SETTING_REQUIRED, NULL, "Channel access token",
     "The same channel, tab \"Messaging API\": issue a long-lived token."},
    {"api_url", SETTING_URL, 0, LINE_API, "Address of the API", "Only to be changed for tests and proxies."},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = "x-line-signature"}, {0}};

static bool line_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    const char *secret = channel_setting(account, "channel_secret");
    const char *signature = web_header(request, "x-line-signature");
    if (secret[0] && signature &&
        crypto_hmac_verify(HMAC_SHA256, ENCODE_BASE64, secret, strlen(secret), request->body, request->body_len,
                           signature))
        return true;
    return error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "x-line-signature does not hold; the channel secret must be that of this LINE channel.");
}

/* ---- events ------------------------------------------------------------------------------------------------------- */

struct event_ctx {
    struct arena *arena;
    struct json_object *event;
    struct json_object *payload;
    struct inbound *item;
};

static bool read_line_message(struct event_ctx *e)
{
    struct json_object *message = json_at(e->event, "message");
    const char *type = json_text(e->arena, message, "type");
    if (!type)
        return false;
    payload_text(e->payload, "type", type);
    payload_text(e->payload, "message_id", json_text(e->arena, message, "id"));
    payload_text(e->payload, "quote_token", json_text(e->arena, message, "quoteToken"));
    payload_text(e->payload, "quoted_message_id", json_text(e->arena, message, "quotedMessageId"));
    payload_copy(e->payload, "emojis", json_at(message, "emojis"));
    payload_copy(e->payload, "mention", json_at(message, "mention"));
    e->item->kind = ENTRY_MESSAGE;
    e->item->other_is_new = e->item->type == INBOUND_ENTRY; /* an id that is given twice loses nothing */
    e->item->references = reference_to(e->arena, json_text(e->arena, message, "quotedMessageId"));
    line_words(e->arena, message, e->payload, e->item);
    return true;
}

/* The words of a group are changed only by who wrote them; in chats with one person LINE has no editing. */
static bool read_edited(struct event_ctx *e)
{
    e->item->type = INBOUND_EDIT;
    e->item->rank = e->item->occurred_at;
    payload_time(e->payload, "edited_at", e->item->occurred_at);
    return json_at(e->event, "message.id") && read_line_message(e);
}

/* What a button says is for the business; a date that was picked with it is the person's answer. */
static bool read_postback(struct event_ctx *e)
{
    static const char *const PICKED[] = {"datetime", "date", "time"};
    const char *data = json_text(e->arena, e->event, "postback.data"), *picked = NULL;
    struct json_object *params = json_at(e->event, "postback.params");
    for (size_t i = 0; i < COUNT_OF(PICKED) && !picked; i++)
        picked = json_text(e->arena, params, PICKED[i]);
    if (data && picked)
        data = arena_printf(e->arena, "%s (%s)", data, picked);
    payload_copy(e->payload, "postback", json_at(e->event, "postback"));
    e->item->kind = ENTRY_MESSAGE;
    e->item->text =
        payload_say(e->arena, e->payload,
                    data || picked ? said(e->arena, chose, data ? data : picked) : said(e->arena, pressed_button));
    return true;
}

static bool read_unsend(struct event_ctx *e)
{
    e->item->type = INBOUND_EDIT;
    e->item->rank = RANK_TAKEN_BACK;
    payload_text(e->payload, "message_id", json_text(e->arena, e->event, "unsend.messageId"));
    payload_time(e->payload, "taken_back_at", e->item->occurred_at);
    e->item->text = payload_say(e->arena, e->payload, said(e->arena, took_back_message));
    return json_at(e->event, "unsend.messageId") != NULL;
}

static bool read_follow(struct event_ctx *e)
{
    bool again = json_true(e->event, "follow.isUnblocked");
    if (again)
        payload_true(e->payload, "unblocked");
    e->item->text =
        payload_say(e->arena, e->payload, again ? said(e->arena, unblocked_account) : said(e->arena, added_friend));
    return true;
}

static bool read_unfollow(struct event_ctx *e)
{
    e->item->text = payload_say(e->arena, e->payload, said(e->arena, blocked_account));
    return true;
}

static const struct event_row {
    const char *type;
    bool (*read)(struct event_ctx *e);
} EVENTS[] = {
    {"message", read_line_message}, {"messageEdited", read_edited}, {"postback", read_postback},
    {"unsend", read_unsend},        {"follow", read_follow},        {"unfollow", read_unfollow},
};

static const struct event_row *find_event(const char *type)
{
    for (size_t i = 0; type && i < COUNT_OF(EVENTS); i++)
        if (strcmp(EVENTS[i].type, type) == 0)
            return &EVENTS[i];
    return NULL;
}

/* The person; in a group that does not tell who wrote, the group itself. */
static const char *source_identity(struct arena *a, struct json_object *event)
{
    static const char *const PATHS[] = {"source.userId", "source.groupId", "source.roomId"};
    for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
        const char *id = identity_normalise(a, IDENTITY_LINE, json_text(a, event, PATHS[i]), NULL);
        if (id)
            return id;
    }
    return NULL;
}

/* The same for each delivery of the event: what is about a message has the message's id, by which it is edited, taken back and
 * quoted; else webhookEventId, or the whole where an old server leaves that out. */
static const char *event_id(struct arena *a, struct json_object *event)
{
    static const char *const PATHS[] = {"message.id", "unsend.messageId", "webhookEventId"};
    for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
        const char *id = external_id_text(a, json_text(a, event, PATHS[i]));
        if (id)
            return id;
    }
    const char *text = json_object_to_json_string_ext(event, JSON_C_TO_STRING_PLAIN);
    return external_id_hash(a, text, strlen(text));
}

static void keep_circumstances(struct event_ctx *e)
{
    const char *mode = json_text(e->arena, e->event, "mode");
    payload_text(e->payload, "reply_token", json_text(e->arena, e->event, "replyToken"));
    payload_text(e->payload, "group", json_text(e->arena, e->event, "source.groupId"));
    payload_text(e->payload, "room", json_text(e->arena, e->event, "source.roomId"));
    if (mode && strcmp(mode, "active") != 0)
        payload_text(e->payload, "mode", mode);
    if (json_true(e->event, "deliveryContext.isRedelivery"))
        payload_true(e->payload, "redelivery");
}

static void read_event(struct arena *a, struct json_object *event, const struct web_request *request,
                       struct inbound_list *ret)
{
    const char *type = json_text(a, event, "type");
    if (!type) {
        inbound_problem(ret, said(a, event_untyped));
        return;
    }
    const struct event_row *row = find_event(type);
    if (!row)
        return;
    const char *from = source_identity(a, event);
    if (!from) {
        inbound_problem(ret, said(a, event_nobody, type));
        return;
    }
    struct inbound item = {
        .type = INBOUND_ENTRY,
        .from = identity_ref_at(NULL, IDENTITY_LINE, from),
        .external_id = event_id(a, event),
        .occurred_at = time_believable(json_int(event, "timestamp", 0), request->received_at),
        .kind = ENTRY_ACTIVITY,
        .direction = DIRECTION_IN,
    };
    item.from.proof = PROOF_PROVEN;
    struct event_ctx e = {a, event, payload_new(a), &item};
    payload_text(e.payload, "event", type);
    if (!row->read(&e)) {
        inbound_problem(ret, said(a, event_unclear, type));
        return;
    }
    keep_circumstances(&e);
    item.payload = payload_end(a, e.payload);
    *inbound_add(a, ret) = item;
}

static bool line_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                       struct inbound_list *ret, struct error *err)
{
    (void)account;
    struct json_object *body = body_json(request, a, ret, err);
    if (!body)
        return false;
    struct json_object *events = json_at(body, "events");
    if (!json_object_is_type(events, json_type_array))
        return error_set(err, "events", input_lacks, "events");
    for (size_t i = 0; i < json_length(events); i++)
        read_event(a, json_item(events, i), request, ret);
    return true;
}

/* ---- out ---------------------------------------------------------------------------------------------------------- */

/* What the person's last message leaves us to answer with. */
struct last_message {
    const char *reply_token; /* that may still be used, or NULL */
    bool standby;            /* another service has the chat */
};

/* Nothing that was said in a group is answered there. */
static struct last_message last_message(const struct outbound *out, struct arena *a)
{
    struct last_message last = {0};
    int64_t age = out->now - out->reply_received_at;
    bool fresh = out->attempt == 0 && age >= 0 && age < REPLY_TOKEN_MS;
    struct json_object *payload =
        out->reply_payload ? json_parse(out->reply_payload, strlen(out->reply_payload), NULL) : NULL;
    const char *mode = json_text(a, payload, "mode");
    last.standby = mode && strcmp(mode, "standby") == 0;
    if (fresh && !json_at(payload, "group") && !json_at(payload, "room"))
        last.reply_token = json_text(a, payload, "reply_token");
    json_object_put(payload);
    return last;
}

static struct json_object *text_messages(const char *text)
{
    struct json_object *message = json_object_new_object(), *list = json_object_new_array();
    payload_text(message, "type", "text");
    payload_text(message, "text", text);
    json_object_array_add(list, message);
    return list;
}

static bool line_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                       struct send_request *ret, struct error *err)
{
    if (text_is_blank(out->text))
        return error_set(err, "text", nothing_to_send);
    if (utf8_utf16_units(out->text) > TEXT_UNITS_MAX)
        return error_set(err, "text", text_too_long, "line", (long long)TEXT_UNITS_MAX, utf8_utf16_units(out->text));
    struct last_message last = last_message(out, a);
    if (last.standby)
        return error_set(err, NULL, line_standby);
    const char *base = base_url(account, a, "api_url");
    const char *access_token = channel_setting(account, "access_token");
    const char *reply_token = last.reply_token;
    struct json_object *body = payload_new(a);
    payload_text(body, reply_token ? "replyToken" : "to", reply_token ? reply_token : out->to);
    payload_add(body, "messages", text_messages(out->text));
    send_json(a, ret, arena_printf(a, "%s/v2/bot/message/%s", base, reply_token ? "reply" : "push"), access_token,
              body);
    if (!reply_token) { /* LINE refuses this header on a reply */
        char key[UUID_TEXT_SIZE];
        uuid_format(&out->entry_id, key);
        send_header_add(ret, "X-Line-Retry-Key", arena_strdup(a, key));
    }
    return true;
}

static bool was_reply(const struct send_reply *reply)
{
    const char *url = reply->request && reply->request->url ? reply->request->url : "";
    size_t n = strlen(url);
    return n > 6 && strcmp(url + n - 6, "/reply") == 0;
}

/* LINE's words: the message, and the first detail, which names the field. */
static const char *line_reason(struct arena *a, struct json_object *body)
{
    const char *message = json_text(a, body, "message");
    const char *detail = json_text(a, json_item(json_at(body, "details"), 0), "message");
    if (!message)
        return "…";
    return detail ? arena_printf(a, "%s (%s)", message, detail) : message;
}

static void line_done(struct arena *a, struct json_object *body, struct send_result *ret)
{
    result_set(ret, SEND_DONE, NULL);
    ret->external_id = external_id_text(a, json_text(a, json_item(json_at(body, "sentMessages"), 0), "id"));
}

static void line_refused(struct arena *a, const struct send_reply *reply, const char *reason, struct send_result *ret)
{
    switch (reply->status) {
    case 400:
        if (was_reply(reply) && strstr(reason, "Invalid reply token"))
            result_set(ret, SEND_REBUILD, said(a, line_pushed));
        else
            result_set(ret, SEND_NEVER, said(a, provider_refused, "line", reason));
        return;
    case 401:
    case 403:
        result_set(ret, SEND_AGAIN, said(a, provider_token, "line", reason));
        ret->channel_broken = true;
        return;
    case 429:
        if (strstr(reason, "monthly limit")) {
            result_set(ret, SEND_NEVER, said(a, line_quota));
            return;
        }
        result_set(ret, SEND_AGAIN, said(a, provider_slower, "line"));
        ret->retry_after_ms = reply->retry_after_ms;
        return;
    default:
        result_set(ret, SEND_NEVER, said(a, provider_refused, "line", arena_printf(a, "%d %s", reply->status, reason)));
    }
}

static void line_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                            struct send_result *ret)
{
    (void)account;
    bool repeatable = !was_reply(reply);
    struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    if (reply->status == 0)
        result_no_answer(a, ret, reply, repeatable);
    else if (reply->status / 100 == 2 || (reply->status == 409 && repeatable))
        line_done(a, body, ret);
    else if (reply->status >= 500)
        result_set(ret, repeatable ? SEND_AGAIN : SEND_UNCERTAIN, said(a, provider_fault, "line", reply->status));
    else
        line_refused(a, reply, line_reason(a, body), ret);
    json_object_put(body);
}

/* ---- what somebody is called -------------------------------------------------------------------------------------- */

static bool line_ask_profile(const struct channel_account *account, const char *value, struct arena *a,
                             struct send_request *ret)
{
    static const char DIGITS[] = "0123456789abcdef";
    if (value[0] != 'U' || value[1 + strspn(value + 1, DIGITS)]) /* a group; or nothing that LINE has made */
        return false;
    send_get(a, ret, arena_printf(a, "%s/v2/bot/profile/%s", base_url(account, a, "api_url"), value),
             channel_setting(account, "access_token"));
    return true;
}

/* 404: blocked, or never a friend. */
static const char *line_read_profile(const struct send_reply *reply, struct arena *a, struct send_result *ret)
{
    bool again = reply->status == 0 || reply->status == 401 || reply->status == 403 || reply->status == 429 ||
                 reply->status >= 500;
    struct json_object *body = reply->status == 200 ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    const char *name = line_cut(a, json_text(a, body, "displayName"), PERSON_NAME_MAX);
    result_set(ret, name ? SEND_DONE : again ? SEND_AGAIN : SEND_NEVER, NULL);
    ret->retry_after_ms = reply->retry_after_ms;
    json_object_put(body);
    return name;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

/* 202: being prepared. developers.line.biz/en/reference/messaging-api/#get-content */
static enum file_ask line_ask_file(const struct channel_account *account, const char *remote,
                                   const struct send_reply *where, struct arena *a, struct send_request *ret)
{
    const char *api = base_url(account, a, "api_url");
    const char *base = strcmp(api, LINE_API) == 0 ? LINE_DATA_API : api;
    (void)where;
    send_get(a, ret, arena_printf(a, "%s/v2/bot/message/%s/content", base, remote),
             channel_setting(account, "access_token"));
    return FILE_ASK_CONTENT;
}

const struct channel_type CHANNEL_LINE = {
    .name = "line",
    .label = "LINE",
    .help = "Messages to and from your LINE Official Account, by the Messaging API.",
    .medium = MEDIUM_LINE,
    .settings = SETTINGS,
    .headers = HEADERS,
    .body_max = 1 << 20,
    .verify = line_verify,
    .parse = line_parse,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .reaches = IDENTITY_LINE,
    .text_max = TEXT_UNITS_MAX,
    .text_unit = UNIT_UTF16,
    .idempotent_from = 2,
    .build = line_build,
    .read_reply = line_read_reply,
    .ask_profile = line_ask_profile,
    .read_profile = line_read_profile,
    .ask_file = line_ask_file,
};
