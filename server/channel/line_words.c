#include "channel/line_words.h"

#include "base/text.h"
#include "channel/attach.h"

#define FALLBACK_TEXT_MAX 300

struct line_ctx;

/* What a type says; of one with a file also what that is, which LINE itself tells only with the content. */
struct message_row {
    const char *type;
    const char *(*say)(struct line_ctx *m);
    enum saying saying;
    const char *mime_type;
};

struct line_ctx {
    struct arena *arena;
    const struct message_row *row;
    struct json_object *message;
    struct json_object *payload;
    struct list *files; /* struct attachment */
};

static const char *say_line_text(struct line_ctx *m)
{
    return json_text(m->arena, m->message, "text");
}

static const char *joined_line_ids(struct arena *a, struct json_object *array)
{
    AUTO_BUF struct buf b = {0};
    for (size_t i = 0; i < json_length(array); i++) {
        const char *word = json_text(a, json_item(array, i), "");
        if (word)
            buf_printf(&b, "%s%s", b.len ? ", " : "", word);
    }
    return arena_strndup(a, b.data ? b.data : "", b.len);
}

static const char *say_sticker(struct line_ctx *m)
{
    payload_text(m->payload, "sticker_id", json_text(m->arena, m->message, "stickerId"));
    payload_text(m->payload, "package_id", json_text(m->arena, m->message, "packageId"));
    payload_text(m->payload, "sticker_kind", json_text(m->arena, m->message, "stickerResourceType"));
    payload_copy(m->payload, "keywords", json_at(m->message, "keywords"));
    const char *words = json_text(m->arena, m->message, "text");
    if (text_is_blank(words))
        words = joined_line_ids(m->arena, json_at(m->message, "keywords"));
    return payload_say(m->arena, m->payload,
                       text_is_blank(words) ? said(m->arena, sent_sticker) : said(m->arena, sent_sticker_words, words));
}

static const char *say_line_location(struct line_ctx *m)
{
    return payload_place(m->arena, m->payload, m->message, "title");
}

/* Content lies at LINE for a limited time; what has an address of its own lies where somebody else has put it. */
static void keep_line_media(struct line_ctx *m)
{
    struct json_object *media = json_object_new_object();
    const char *id = json_text(m->arena, m->message, "id"), *name = json_text(m->arena, m->message, "fileName");
    const char *url = json_text(m->arena, m->message, "contentProvider.originalContentUrl");
    struct attachment *file = url ? NULL : attach_remote(m->arena, m->files, id, name, m->row->mime_type);
    int64_t size = json_int(m->message, "fileSize", 0);
    if (file && size > 0)
        file->size = size;
    payload_text(media, "id", id);
    payload_text(media, "name", name);
    payload_copy(media, "size", json_at(m->message, "fileSize"));
    payload_copy(media, "duration_ms", json_at(m->message, "duration"));
    payload_text(media, "url", url);
    payload_text(media, "preview_url", json_text(m->arena, m->message, "contentProvider.previewImageUrl"));
    payload_copy(media, "set", json_at(m->message, "imageSet"));
    payload_add(m->payload, "media", media);
}

static const char *say_line_media(struct line_ctx *m)
{
    const char *name = json_text(m->arena, m->message, "fileName");
    keep_line_media(m);
    return payload_say(m->arena, m->payload,
                       m->row->saying == SAID_sent_file && name ? said(m->arena, sent_file_named, name)
                                                                : said_again(m->arena, m->row->saying, "{}"));
}

static const struct message_row MESSAGES[] = {
    {"text", say_line_text, .saying = 0},
    {"sticker", say_sticker, .saying = 0},
    {"location", say_line_location, .saying = 0},
    {"image", say_line_media, SAID_sent_image, "image/jpeg"},
    {"video", say_line_media, SAID_sent_video, "video/mp4"},
    {"audio", say_line_media, SAID_sent_voice, "audio/mp4"},
    {"file", say_line_media, SAID_sent_file, NULL},
};

void line_words(struct arena *a, struct json_object *message, struct json_object *payload, struct inbound *ret)
{
    const char *type = json_text(a, message, "type");
    struct line_ctx m = {.arena = a, .message = message, .payload = payload, .files = &ret->attachments};
    for (size_t i = 0; i < COUNT_OF(MESSAGES) && !m.row; i++)
        m.row = strcmp(MESSAGES[i].type, type) == 0 ? &MESSAGES[i] : NULL;
    if (!m.row)
        payload_copy(payload, "message", message);
    ret->text =
        m.row ? m.row->say(&m) : payload_say(a, payload, said(a, sent_kind, line_cut(a, type, FALLBACK_TEXT_MAX)));
}
