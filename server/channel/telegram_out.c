#include "channel/telegram_out.h"

#include "base/clock.h"
#include "base/text.h"
#include "channel/form_write.h"

#define PHOTO_BYTES_MAX 10000000

const char *telegram_key(struct arena *a, struct json_object *where, const char *chat_member,
                         const char *message_member)
{
    const char *chat = json_text(a, where, chat_member), *id = json_text(a, where, message_member);
    const char *business = json_text(a, where, "business_connection_id");
    if (!chat || !id)
        return NULL;
    return external_id_text(a, business ? arena_printf(a, "%s:%s:%s", business, chat, id)
                                        : arena_printf(a, "%s:%s", chat, id));
}

const char *telegram_url(const struct channel_account *account, struct arena *a, const char *method)
{
    return arena_printf(a, "%s/bot%s/%s", base_url(account, a, "api_url"), channel_setting(account, "bot_token"),
                        method);
}

/* By which business account the person has written last; NULL: to the bot itself. */
static const char *business_of(const struct outbound *out, struct arena *a)
{
    struct json_object *payload =
        out->reply_payload ? json_parse(out->reply_payload, strlen(out->reply_payload), NULL) : NULL;
    const char *business = json_text(a, payload, "business_connection_id");
    json_object_put(payload);
    return business;
}

static bool text_fits(const struct outbound *out, size_t max, struct error *err)
{
    size_t n = out->text ? utf8_utf16_units(out->text) : 0;
    return n <= max || error_set(err, "text", text_too_long, "telegram", (long long)max, n);
}

static bool build_words(const struct channel_account *account, const struct outbound *out, struct arena *a,
                        struct send_request *ret, struct error *err)
{
    struct json_object *body = payload_new(a);
    if (text_is_blank(out->text))
        return error_set(err, "text", nothing_to_send);
    if (!text_fits(out, TELEGRAM_TEXT_MAX, err))
        return false;
    payload_text(body, "chat_id", out->to);
    payload_text(body, "text", out->text);
    payload_text(body, "business_connection_id", business_of(out, a));
    send_json_plain(a, ret, telegram_url(account, a, "sendMessage"), body);
    return true;
}

/* What people look at in the chat; all else is a document. */
static bool is_photo(const struct attachment *file)
{
    return file->size <= PHOTO_BYTES_MAX &&
           (strcmp(file->type, "image/jpeg") == 0 || strcmp(file->type, "image/png") == 0);
}

static bool are_photos(const struct list *files)
{
    bool all = true;
    for (size_t i = 0; i < files->n; i++)
        all = all && is_photo((const struct attachment *)files->items + i);
    return all;
}

static void add_form_files(struct form_out *form, const struct list *files, const char *single)
{
    const struct attachment *all = files->items;
    for (size_t i = 0; i < files->n; i++)
        form_out_add(form, &(struct form_part){.name = single ? single : arena_printf(form->arena, "file%zu", i),
                                               .file = all[i].name,
                                               .type = all[i].type,
                                               .data = all[i].data,
                                               .n = (size_t)all[i].size});
}

static void put_album(void *album)
{
    json_object_put(album);
}

/* Several are one album: photos, or documents, but not both. */
static const char *album_of(const struct outbound *out, const char *kind, struct arena *a)
{
    struct json_object *album = json_object_new_array();
    arena_on_free(a, put_album, album);
    for (size_t i = 0; i < out->attachments.n; i++) {
        struct json_object *one = json_object_new_object();
        payload_text(one, "type", kind);
        payload_text(one, "media", arena_printf(a, "attach://file%zu", i));
        if (i == 0)
            payload_text(one, "caption", text_is_blank(out->text) ? NULL : out->text);
        json_object_array_add(album, one);
    }
    return json_object_to_json_string_ext(album, JSON_C_TO_STRING_PLAIN);
}

static bool build_files(const struct channel_account *account, const struct outbound *out, struct arena *a,
                        struct send_request *ret, struct error *err)
{
    struct form_out form = {.arena = a};
    bool photos = are_photos(&out->attachments), album = out->attachments.n > 1;
    const char *kind = photos ? "photo" : "document";
    if (!text_fits(out, CAPTION_UNITS_MAX, err))
        return false;
    *ret = (struct send_request){
        .how = SEND_HTTP,
        .url = telegram_url(account, a,
                            album    ? "sendMediaGroup"
                            : photos ? "sendPhoto"
                                     : "sendDocument"),
    };
    form_out_text(&form, "chat_id", out->to);
    form_out_text(&form, "business_connection_id", business_of(out, a));
    if (album)
        form_out_text(&form, "media", album_of(out, kind, a));
    else
        form_out_text(&form, "caption", text_is_blank(out->text) ? NULL : out->text);
    add_form_files(&form, &out->attachments, album ? NULL : kind);
    form_out_end(&form, &out->entry_id, ret);
    return true;
}

bool telegram_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                    struct send_request *ret, struct error *err)
{
    return out->attachments.n ? build_files(account, out, a, ret, err) : build_words(account, out, a, ret, err);
}

static void telegram_refused(struct arena *a, const struct send_reply *reply, struct json_object *body,
                             struct send_result *ret)
{
    const char *words = line_cut(a, json_text(a, body, "description"), REASON_MAX / 2);
    int64_t wait = json_int(body, "parameters.retry_after", -1);
    words = words ? words : "…";
    switch (reply->status) {
    case 401:
    case 404: /* a token that is none is part of the address */
        result_set(ret, SEND_AGAIN, said(a, provider_token, "telegram", words));
        ret->channel_broken = true;
        return;
    case 403:
        result_set(ret, SEND_NEVER, said(a, telegram_unwanted, words));
        return;
    case 429:
        result_set(ret, SEND_AGAIN, said(a, provider_slower, "telegram"));
        ret->retry_after_ms = wait > 0 && wait < DAY_MS / SECOND_MS ? wait * SECOND_MS : reply->retry_after_ms;
        return;
    default:
        result_set(ret, SEND_NEVER, said(a, provider_refused, "telegram", words));
    }
}

void telegram_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                         struct send_result *ret)
{
    (void)account;
    struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    if (reply->status == 0) {
        result_no_answer(a, ret, reply, false);
    } else if (reply->status / 100 == 2) {
        result_set(ret, SEND_DONE, NULL);
        struct json_object *sent = json_at(body, "result"), *first = json_item(sent, 0); /* of an album */
        ret->external_id = telegram_key(a, first ? first : sent, "chat.id", "message_id");
    } else if (reply->status >= 500) {
        result_set(ret, SEND_UNCERTAIN, said(a, provider_fault, "telegram", reply->status));
    } else {
        telegram_refused(a, reply, body, ret);
    }
    json_object_put(body);
}
