#include "channel/telegram_words.h"

#include "base/text.h"
#include "channel/attach.h"

#include <inttypes.h>
#include <string.h>

#define OPTIONS_MAX 20
#define TEXT_UNITS_MAX (1 << 20)

struct telegram_ctx;

/* What a message holds, by the member in which it is; the first row whose member is there says what kind it is. Of a file also what that is,
 * where Telegram does not say. */
struct content_row {
    const char *member;
    const char *(*say)(struct telegram_ctx *m);
    enum saying saying;
    const char *mime_type;
};

struct telegram_ctx {
    struct arena *arena;
    const struct content_row *row;
    struct json_object *message;
    struct json_object *part; /* the member */
    struct json_object *payload;
    struct list *files; /* struct attachment */
};

const char *telegram_name(struct arena *a, struct json_object *who)
{
    const char *first = json_text(a, who, "first_name"), *last = json_text(a, who, "last_name");
    const char *name = text_is_blank(first)  ? last
                       : text_is_blank(last) ? first
                                             : arena_printf(a, "%s %s", first, last);
    return line_cut(a, text_is_blank(name) ? json_text(a, who, "title") : name, PERSON_NAME_MAX);
}

/* ---- text ---- */

/* Walks on by so many units of UTF-16: a character beyond the first plane is two of them, and four bytes of UTF-8. */
static const char *skip_units(const char *text, int64_t units)
{
    for (size_t n; units > 0 && *text; text += n) {
        n = utf8_sequence(text, strnlen(text, 4));
        units -= n == 4 ? 2 : 1;
    }
    return text;
}

/* A word may lead somewhere without saying where: the address stands behind it. Entities are in the order of the text; one that is not is
 * left out, so that all of them are one walk. */
static const char *with_links(struct arena *a, const char *text, struct json_object *entities)
{
    AUTO_BUF struct buf out = {0};
    int64_t unit = 0; /* of `done` */
    const char *done = text;
    for (size_t i = 0; i < json_length(entities); i++) {
        struct json_object *one = json_item(entities, i);
        const char *url = json_text(a, one, "url");
        int64_t offset = json_int(one, "offset", 0), length = json_int(one, "length", 0);
        if (!text_is_web_url(url ? url : "") || offset < unit || length <= 0 || length > TEXT_UNITS_MAX ||
            offset > TEXT_UNITS_MAX)
            continue;
        const char *begin = skip_units(done, offset - unit), *end = skip_units(begin, length);
        buf_add(&out, done, (size_t)(end - done));
        if (strlen(url) != (size_t)(end - begin) || strncmp(begin, url, strlen(url)) != 0)
            buf_printf(&out, " (%s)", url);
        unit = offset + length;
        done = end;
    }
    buf_puts(&out, done);
    return arena_strndup(a, out.data, out.len);
}

static const char *words_with_links(struct telegram_ctx *m, const char *text_member, const char *entities_member)
{
    const char *text = json_text(m->arena, m->message, text_member);
    struct json_object *entities = json_at(m->message, entities_member);
    payload_copy(m->payload, "entities", entities);
    return text_is_blank(text) ? NULL : with_links(m->arena, text, entities);
}

static const char *say_telegram_text(struct telegram_ctx *m)
{
    return words_with_links(m, "text", "entities");
}

/* ---- files ---- */

/* Of a photo the largest size, which stands last; else the file itself. */
static struct json_object *file_of(struct telegram_ctx *m)
{
    size_t n = json_length(m->part);
    return n ? json_item(m->part, n - 1) : m->part;
}

/* `guess`: what it will be, where Telegram does not say. */
static void keep_telegram_media(struct telegram_ctx *m, struct json_object *from, const char *guess)
{
    struct json_object *media = json_object_new_object();
    const char *id = json_text(m->arena, from, "file_id"), *name = json_text(m->arena, from, "file_name");
    const char *type = json_text(m->arena, from, "mime_type");
    struct attachment *file = attach_remote(m->arena, m->files, id, name, type ? type : guess);
    int64_t size = json_int(from, "file_size", 0);
    if (file && size > 0)
        file->size = size;
    payload_text(media, "id", id);
    payload_text(media, "name", name);
    payload_text(media, "title", json_text(m->arena, from, "title"));
    payload_text(media, "type", type);
    payload_copy(media, "size", json_at(from, "file_size"));
    payload_copy(media, "duration", json_at(from, "duration"));
    payload_text(media, "set", json_text(m->arena, m->message, "media_group_id"));
    payload_add(m->payload, "media", media);
}

static const char *say_telegram_media(struct telegram_ctx *m)
{
    struct json_object *file = file_of(m);
    const char *caption = words_with_links(m, "caption", "caption_entities"),
               *name = json_text(m->arena, file, "file_name");
    keep_telegram_media(m, file, m->row->mime_type);
    if (caption)
        return caption;
    return payload_say(m->arena, m->payload,
                       m->row->saying == SAID_sent_file && name ? said(m->arena, sent_file_named, name)
                                                                : said_again(m->arena, m->row->saying, "{}"));
}

static const char *say_telegram_sticker(struct telegram_ctx *m)
{
    const char *emoji = json_text(m->arena, m->part, "emoji");
    bool drawn = json_true(m->part, "is_animated"), film = json_true(m->part, "is_video");
    keep_telegram_media(m, m->part, drawn ? "application/gzip" : film ? "video/webm" : "image/webp");
    return payload_say(m->arena, m->payload,
                       text_is_blank(emoji) ? said(m->arena, sent_sticker) : said(m->arena, sent_sticker_words, emoji));
}

/* ---- what is neither ---- */

static const char *say_telegram_place(struct telegram_ctx *m)
{
    return payload_place(m->arena, m->payload, m->part, "title");
}

/* A venue has its coordinates in a member, its name and address beside that. */
static const char *say_venue(struct telegram_ctx *m)
{
    static const char *const WORDS[] = {"title", "address"};
    struct json_object *place = payload_new(m->arena);
    payload_copy(place, "latitude", json_at(m->part, "location.latitude"));
    payload_copy(place, "longitude", json_at(m->part, "location.longitude"));
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        payload_text(place, WORDS[i], json_text(m->arena, m->part, WORDS[i]));
    return payload_place(m->arena, m->payload, place, "title");
}

static const char *say_telegram_contact(struct telegram_ctx *m)
{
    const char *name = telegram_name(m->arena, m->part), *phone = json_text(m->arena, m->part, "phone_number");
    payload_copy(m->payload, "contact", m->part);
    if (!name && !phone)
        return payload_say(m->arena, m->payload, said(m->arena, sent_contact));
    return payload_say(m->arena, m->payload,
                       said(m->arena, sent_contact_of,
                            name && phone ? arena_printf(m->arena, "%s, %s", name, phone)
                            : name        ? name
                                          : phone));
}

static const char *say_poll(struct telegram_ctx *m)
{
    AUTO_BUF struct buf lines = {0};
    struct json_object *options = json_at(m->part, "options");
    const char *question = json_text(m->arena, m->part, "question");
    buf_puts(&lines, question ? question : "…");
    for (size_t i = 0; i < json_length(options) && i < OPTIONS_MAX; i++) {
        const char *option = json_text(m->arena, json_item(options, i), "text");
        buf_printf(&lines, "\n• %s", option ? option : "…");
    }
    payload_copy(m->payload, "poll", m->part);
    return payload_say(m->arena, m->payload, said(m->arena, sent_poll, lines.data));
}

static const char *say_dice(struct telegram_ctx *m)
{
    const char *emoji = json_text(m->arena, m->part, "emoji");
    return arena_printf(m->arena, "%s %" PRId64, emoji ? emoji : "🎲", json_int(m->part, "value", 0));
}

/* The data that a mini app of the business sends back. */
static const char *say_web_app(struct telegram_ctx *m)
{
    const char *data = json_text(m->arena, m->part, "data");
    payload_copy(m->payload, "web_app_data", m->part);
    return payload_say(m->arena, m->payload,
                       text_is_blank(data) ? said(m->arena, answered_form) : said(m->arena, chose, data));
}

/* An animation comes as a document besides, and a venue as a location. */
static const struct content_row CONTENTS[] = {
    {"text", say_telegram_text, .saying = 0},
    {"photo", say_telegram_media, SAID_sent_image, "image/jpeg"},
    {"animation", say_telegram_media, SAID_sent_video, "video/mp4"},
    {"video", say_telegram_media, SAID_sent_video, "video/mp4"},
    {"video_note", say_telegram_media, SAID_sent_video, "video/mp4"},
    {"voice", say_telegram_media, SAID_sent_voice, "audio/ogg"},
    {"audio", say_telegram_media, SAID_sent_file, "audio/mpeg"},
    {"document", say_telegram_media, SAID_sent_file, NULL},
    {"sticker", say_telegram_sticker, .saying = 0},
    {"venue", say_venue, .saying = 0},
    {"location", say_telegram_place, .saying = 0},
    {"contact", say_telegram_contact, .saying = 0},
    {"poll", say_poll, .saying = 0},
    {"dice", say_dice, .saying = 0},
    {"web_app_data", say_web_app, .saying = 0},
};

/* What is named by its member alone. All else is about a message or a group, and nothing that somebody says. */
static const char *const NAMED[] = {"story",      "game",      "invoice",  "successful_payment", "refunded_payment",
                                    "paid_media", "checklist", "giveaway", "passport_data",      "gift"};

static bool has_member(struct json_object *message, const char *member, struct json_object **ret)
{
    return json_object_object_get_ex(message, member, ret) && *ret;
}

static const char *name_kind(struct telegram_ctx *m)
{
    for (size_t i = 0; i < COUNT_OF(NAMED); i++)
        if (has_member(m->message, NAMED[i], &m->part)) {
            payload_text(m->payload, "type", NAMED[i]);
            payload_copy(m->payload, "message", m->part);
            const char *caption = words_with_links(m, "caption", "caption_entities");
            return caption ? caption : payload_say(m->arena, m->payload, said(m->arena, sent_kind, NAMED[i]));
        }
    return NULL;
}

static const char *say_content(struct telegram_ctx *m)
{
    for (size_t i = 0; i < COUNT_OF(CONTENTS); i++)
        if (has_member(m->message, CONTENTS[i].member, &m->part)) {
            m->row = &CONTENTS[i];
            payload_text(m->payload, "type", CONTENTS[i].member);
            return CONTENTS[i].say(m);
        }
    return name_kind(m);
}

bool telegram_words(struct arena *a, struct json_object *message, struct json_object *payload, struct inbound *ret)
{
    struct telegram_ctx m = {.arena = a, .message = message, .payload = payload, .files = &ret->attachments};
    ret->kind = ENTRY_MESSAGE;
    ret->text = say_content(&m);
    if (json_at(message, "forward_origin"))
        payload_true(payload, "forwarded");
    return ret->text != NULL;
}
