/* Telegram Bot API. core.telegram.org/bots/api; docs/channels/telegram.md has it for people.
 *
 * What is written in a group is filed under the person who wrote it, and answers go to that person alone: an agent sees, and may quote,
 * things that are nobody else's business. */
#include "channel/attach.h"
#include "channel/kit.h"
#include "channel/telegram_out.h"
#include "channel/telegram_words.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>

#define SECRET_HEADER "x-telegram-bot-api-secret-token"

static const struct setting SETTINGS[] = {
    {"bot_token", SETTING_SECRET, SETTING_REQUIRED, NULL, "Bot token",
     "@BotFather in Telegram gives it: /newbot, or /token for a bot that is there."},
    {"webhook_secret", SETTING_SECRET, SETTING_GENERATED, NULL, "Secret token",
     "Telegram sends it with each call; it is told so by this server."},
    {"api_url", SETTING_URL, 0, "https://api.telegram.org", "Address of the Bot API",
     "Another one for a Bot API server of your own, or for tests."},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = SECRET_HEADER, .secret = true}, {0}};

static bool telegram_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    if (secret_matches(account, "webhook_secret", web_header(request, SECRET_HEADER)))
        return true;
    return error_english(err, ERR_UNAUTHENTICATED, NULL,
                         SECRET_HEADER
                         " is not that of this channel; save the channel, and Telegram is told it again.");
}

/* ---- in ----------------------------------------------------------------------------------------------------------- */

/* An update, while it becomes an item. */
struct update {
    struct arena *arena;
    const struct web_request *request;
    struct json_object *what; /* the member that says what it is about */
    struct json_object *payload;
    struct inbound item;
    struct inbound_list *ret;
};

static struct identity_ref telegram_person(struct arena *a, struct json_object *who)
{
    const char *id = identity_normalise(a, IDENTITY_TELEGRAM, json_text(a, who, "id"), NULL);
    struct identity_ref ref = {0};
    if (id)
        ref = (struct identity_ref){
            .kind = IDENTITY_TELEGRAM, .value = id, .name = telegram_name(a, who), .proof = PROOF_PROVEN};
    return ref;
}

static bool is_private(struct arena *a, struct json_object *chat)
{
    const char *type = json_text(a, chat, "type");
    return type && strcmp(type, "private") == 0;
}

/* Whose timeline it is: of a chat with one person theirs, also when the business itself has written there; in a group the person's who
 * wrote, or, where that is hidden, the group's. False: nobody's. */
static bool read_telegram_sender(struct update *u)
{
    struct json_object *chat = json_at(u->what, "chat"), *from = json_at(u->what, "from");
    bool alone = is_private(u->arena, chat), hidden = !from || json_at(u->what, "sender_chat");
    u->item.from = telegram_person(u->arena, alone || hidden ? chat : from);
    if (!alone) {
        payload_text(u->payload, "group", json_text(u->arena, chat, "title"));
        payload_text(u->payload, "group_id", json_text(u->arena, chat, "id"));
        payload_text(u->payload, "topic_id", json_text(u->arena, u->what, "message_thread_id"));
    }
    u->item.by_program = !hidden && json_true(from, "is_bot");
    payload_text(u->payload, "username", json_text(u->arena, from, "username"));
    payload_text(u->payload, "language", json_text(u->arena, from, "language_code"));
    return u->item.from.value != NULL;
}

/* Who shows their own contact has that number: Telegram itself names the account that it belongs to. */
static void add_own_phone(struct update *u)
{
    struct inbound *item = &u->item;
    const char *whose = json_text(u->arena, u->what, "contact.user_id");
    const char *phone = json_text(u->arena, u->what, "contact.phone_number");
    if (!whose || !phone || strcmp(whose, item->from.value) != 0)
        return;
    phone = identity_normalise(u->arena, IDENTITY_PHONE, phone[0] == '+' ? phone : arena_printf(u->arena, "+%s", phone),
                               NULL);
    if (phone)
        item->also[item->n_also++] =
            (struct identity_ref){.kind = IDENTITY_PHONE, .value = phone, .proof = PROOF_PROVEN};
}

/* By a business account what its owner has typed comes, too, and what we have sent by it. */
static void read_business(struct update *u)
{
    const char *business = json_text(u->arena, u->what, "business_connection_id");
    const char *from = json_text(u->arena, u->what, "from.id");
    payload_text(u->payload, "business_connection_id", business);
    if (!business || !from || strcmp(from, u->item.from.value) == 0)
        return;
    u->item.direction = DIRECTION_OUT;
    u->item.by_program = false;
    u->item.author_name = telegram_name(u->arena, json_at(u->what, "from"));
}

static void add_update_item(struct update *u)
{
    u->item.payload = payload_end(u->arena, u->payload);
    *inbound_add(u->arena, u->ret) = u->item;
}

static bool read_telegram_message(struct update *u)
{
    struct json_object *answered = json_at(u->what, "reply_to_message");
    u->item.external_id = telegram_key(u->arena, u->what, "chat.id", "message_id");
    u->item.occurred_at = time_believable(json_seconds_ms(u->what, "date"), u->request->received_at);
    if (!u->item.external_id || !read_telegram_sender(u))
        return false;
    payload_text(u->payload, "message_id", json_text(u->arena, u->what, "message_id"));
    if (!telegram_words(u->arena, u->what, u->payload, &u->item))
        return true;
    u->item.references = reference_to(u->arena, telegram_key(u->arena, answered, "chat.id", "message_id"));
    payload_text(u->payload, "reply_to", telegram_key(u->arena, answered, "chat.id", "message_id"));
    read_business(u);
    add_own_phone(u);
    add_update_item(u);
    return true;
}

static bool read_edited_message(struct update *u)
{
    int64_t edited = json_seconds_ms(u->what, "edit_date");
    u->item.type = INBOUND_EDIT;
    u->item.rank = edited ? edited : u->request->received_at;
    payload_time(u->payload, "edited_at", u->item.rank);
    return read_telegram_message(u);
}

/* Several at once; each takes the words of one away. */
static bool read_deleted(struct update *u)
{
    struct json_object *ids = json_at(u->what, "message_ids");
    struct inbound item = u->item;
    item.type = INBOUND_EDIT;
    item.rank = RANK_TAKEN_BACK;
    item.kind = ENTRY_ACTIVITY;
    item.occurred_at = u->request->received_at;
    item.from = telegram_person(u->arena, json_at(u->what, "chat"));
    for (size_t i = 0; item.from.value && i < json_length(ids); i++) {
        struct json_object *payload = payload_new(u->arena), *one = payload_new(u->arena);
        payload_copy(one, "business_connection_id", json_at(u->what, "business_connection_id"));
        payload_copy(one, "chat", json_at(u->what, "chat"));
        payload_copy(one, "message_id", json_item(ids, i));
        payload_time(payload, "taken_back_at", item.occurred_at);
        item.external_id = telegram_key(u->arena, one, "chat.id", "message_id");
        item.text = payload_say(u->arena, payload, said(u->arena, took_back_message));
        item.payload = payload_end(u->arena, payload);
        if (item.external_id)
            *inbound_add(u->arena, u->ret) = item;
    }
    return item.from.value != NULL;
}

/* What a button of ours says is for the business. */
static bool read_callback(struct update *u)
{
    const char *id = json_text(u->arena, u->what, "id"), *data = json_text(u->arena, u->what, "data");
    u->item.external_id = id ? external_id_text(u->arena, arena_printf(u->arena, "callback:%s", id)) : NULL;
    u->item.from = telegram_person(u->arena, json_at(u->what, "from"));
    if (!u->item.external_id || !u->item.from.value)
        return false;
    u->item.kind = ENTRY_MESSAGE;
    u->item.references =
        reference_to(u->arena, telegram_key(u->arena, json_at(u->what, "message"), "chat.id", "message_id"));
    payload_text(u->payload, "data", data);
    u->item.text = payload_say(u->arena, u->payload,
                               text_is_blank(data) ? said(u->arena, pressed_button) : said(u->arena, chose, data));
    add_update_item(u);
    if (id_in_url(id)) /* until it is answered the button turns */
        inbound_ask(u->arena, u->ret, ERRAND_VISIT, id);
    return true;
}

/* "👍", or what stands for a picture of somebody's own. */
static const char *emojis_of(struct arena *a, struct json_object *reactions)
{
    AUTO_BUF struct buf all = {0};
    for (size_t i = 0; i < json_length(reactions); i++) {
        const char *emoji = json_text(a, json_item(reactions, i), "emoji");
        buf_printf(&all, "%s%s", all.len ? " " : "", emoji ? emoji : "⭐");
    }
    return all.len ? arena_strndup(a, all.data, all.len) : NULL;
}

static bool read_reaction(struct update *u)
{
    struct json_object *user = json_at(u->what, "user");
    const char *emojis = emojis_of(u->arena, json_at(u->what, "new_reaction"));
    const char *about = telegram_key(u->arena, u->what, "chat.id", "message_id");
    u->item.from = telegram_person(u->arena, user ? user : json_at(u->what, "actor_chat"));
    u->item.occurred_at = time_believable(json_seconds_ms(u->what, "date"), u->request->received_at);
    if (!about || !u->item.from.value)
        return false;
    u->item.kind = ENTRY_ACTIVITY;
    payload_text(u->payload, "message_id", about);
    payload_text(u->payload, "emoji", emojis);
    u->item.text = payload_say(u->arena, u->payload,
                               emojis ? said(u->arena, reacted, emojis) : said(u->arena, took_back_reaction));
    add_update_item(u);
    return true;
}

/* Who blocks the bot, or takes that back. */
static bool read_membership(struct update *u)
{
    const char *before = json_text(u->arena, u->what, "old_chat_member.status");
    const char *now = json_text(u->arena, u->what, "new_chat_member.status");
    bool left = now && strcmp(now, "kicked") == 0, was_out = before && strcmp(before, "kicked") == 0;
    if (!is_private(u->arena, json_at(u->what, "chat")) || left == was_out)
        return true;
    u->item.from = telegram_person(u->arena, json_at(u->what, "chat"));
    u->item.occurred_at = time_believable(json_seconds_ms(u->what, "date"), u->request->received_at);
    if (!u->item.from.value)
        return false;
    u->item.kind = ENTRY_ACTIVITY;
    u->item.text =
        payload_say(u->arena, u->payload, left ? said(u->arena, blocked_account) : said(u->arena, unblocked_account));
    add_update_item(u);
    return true;
}

/* All else is told to who runs the bot, or is about a group. */
static const struct update_row {
    const char *member;
    bool (*read)(struct update *u);
} UPDATES[] = {
    {"message", read_telegram_message},          {"edited_message", read_edited_message},
    {"business_message", read_telegram_message}, {"edited_business_message", read_edited_message},
    {"deleted_business_messages", read_deleted}, {"callback_query", read_callback},
    {"message_reaction", read_reaction},         {"my_chat_member", read_membership},
};

static bool telegram_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                           struct inbound_list *ret, struct error *err)
{
    (void)account;
    struct json_object *body = body_json(request, a, ret, err);
    const char *id = json_text(a, body, "update_id");
    if (!body)
        return false;
    if (!id)
        return error_set(err, "update_id", input_lacks, "update_id");
    for (size_t i = 0; i < COUNT_OF(UPDATES); i++) {
        struct update u = {.arena = a, .request = request, .what = json_at(body, UPDATES[i].member), .ret = ret};
        if (!u.what)
            continue;
        u.payload = payload_new(a);
        u.item = (struct inbound){.type = INBOUND_ENTRY,
                                  .external_id = external_id_text(a, arena_printf(a, "update:%s", id)),
                                  .occurred_at = request->received_at,
                                  .direction = DIRECTION_IN};
        payload_text(u.payload, "event", UPDATES[i].member);
        if (!UPDATES[i].read(&u))
            inbound_problem(ret, said(a, event_unclear, UPDATES[i].member));
    }
    return true;
}

/* ---- where it sends to ---------------------------------------------------------------------------------------------- */

/* core.telegram.org/bots/api#setwebhook: reactions come only when they are named. */
static void telegram_ask_setup(const struct channel_account *account, struct arena *a, struct send_request *ret)
{
    struct json_object *body = payload_new(a), *updates = json_object_new_array();
    for (size_t i = 0; i < COUNT_OF(UPDATES); i++)
        json_object_array_add(updates, json_object_new_string(UPDATES[i].member));
    payload_text(body, "url", account->webhook_url);
    payload_text(body, "secret_token", channel_setting(account, "webhook_secret"));
    payload_add(body, "allowed_updates", updates);
    send_json_plain(a, ret, telegram_url(account, a, "setWebhook"), body);
}

static const char *telegram_read_setup(const struct send_reply *reply, struct arena *a)
{
    struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    const char *words = line_cut(a, json_text(a, body, "description"), REASON_MAX / 2);
    json_object_put(body);
    return reply->status / 100 == 2 ? NULL : words ? words : "…";
}

/* ---- buttons that were pressed ------------------------------------------------------------------------------------- */

static bool telegram_ask_errand(const struct channel_account *account, const struct errand *errand, int64_t now,
                                struct arena *a, struct send_request *ret, struct error *err)
{
    const char *id = id_in_url(errand->handle);
    (void)now;
    if (errand->kind != ERRAND_VISIT || !id)
        return error_set(err, NULL, not_understood);
    *ret = (struct send_request){
        .how = SEND_GET,
        .url = arena_printf(a, "%s?callback_query_id=%s", telegram_url(account, a, "answerCallbackQuery"), id)};
    return true;
}

/* One that is refused is too old, and turns no more. */
static void telegram_read_errand(const struct channel_account *account, const struct errand *errand,
                                 const struct send_reply *reply, int64_t now, struct arena *a,
                                 struct errand_result *ret)
{
    (void)account, (void)errand, (void)now, (void)a;
    bool again = reply->status == 429 || reply->status >= 500;
    *ret = (struct errand_result){.outcome = again ? ERRAND_AGAIN : ERRAND_DONE};
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

/* Below the folder of the bot, and nowhere else. */
static bool is_plain_path(const char *path)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
    return path && path[0] && path[0] != '/' && !strstr(path, "..") && path[strspn(path, PLAIN)] == '\0';
}

/* core.telegram.org/bots/api#getfile: up to 20 MB; a server of one's own gives larger ones. */
static enum file_ask telegram_ask_file(const struct channel_account *account, const char *remote,
                                       const struct send_reply *where, struct arena *a, struct send_request *ret)
{
    *ret = (struct send_request){.how = SEND_GET};
    if (!where) {
        ret->url = arena_printf(a, "%s?file_id=%s", telegram_url(account, a, "getFile"), remote);
        return FILE_ASK_WHERE;
    }
    struct json_object *body = json_parse(where->body, where->body_len, NULL);
    const char *path = json_text(a, body, "result.file_path");
    json_object_put(body);
    if (!is_plain_path(path))
        return FILE_NOT_ASKED;
    ret->url = arena_printf(a, "%s/file/bot%s/%s", base_url(account, a, "api_url"),
                            channel_setting(account, "bot_token"), path);
    return FILE_ASK_CONTENT;
}

/* 400 is its word for all that it does not like: too large, or an id that it does not know. */
static int telegram_read_refusal(const struct send_reply *reply)
{
    return reply->status == 400 && reply->body_len && memmem(reply->body, reply->body_len, "too big", 7)
               ? FETCH_TOO_LARGE
               : FETCH_DONE;
}

const struct channel_type CHANNEL_TELEGRAM = {
    .name = "telegram",
    .label = "Telegram",
    .help =
        "Messages to and from a bot of yours on Telegram, or by it to and from your own account (Telegram Business).",
    .medium = MEDIUM_TELEGRAM,
    .settings = SETTINGS,
    .headers = HEADERS,
    .body_max = 1 << 20,
    .verify = telegram_verify,
    .parse = telegram_parse,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .reaches = IDENTITY_TELEGRAM,
    .text_max = TELEGRAM_TEXT_MAX,
    .text_unit = UNIT_UTF16,
    .files = TELEGRAM_FILES,
    .build = telegram_build,
    .read_reply = telegram_read_reply,
    .ask_errand = telegram_ask_errand,
    .read_errand = telegram_read_errand,
    .ask_setup = telegram_ask_setup,
    .read_setup = telegram_read_setup,
    .ask_file = telegram_ask_file,
    .read_refusal = telegram_read_refusal,
};
