#include "channel/attach.h"

#include "base/text.h"
#include "channel/kit.h"

#include <ctype.h>
#include <stdlib.h>

#define REMOTE_ID_MAX 200

#define ENDING_MAX 16 /* bytes, with its dot */

/* A long name is cut before its ending, by which programs know what the file is. */
static const char *with_its_ending(struct arena *a, const char *name)
{
    const char *line = line_cut(a, name, SIZE_MAX), *dot = line ? strrchr(line, '.') : NULL;
    if (!line || strlen(line) <= FILE_NAME_MAX)
        return line;
    if (!dot || strlen(dot) > ENDING_MAX || strchr(dot, ' '))
        return line_cut(a, line, FILE_NAME_MAX);
    return arena_printf(a, "%s%s", line_cut(a, line, FILE_NAME_MAX - strlen(dot)), dot);
}

/* A name that is safe to show and to save: no path, no tricks with the direction of writing. */
static const char *safe_name(struct arena *a, const char *name)
{
    const char *base = name;
    for (const char *p = name; *p; p++)
        if ((*p == '/' || *p == '\\') && p[1])
            base = p + 1;
    char *safe = text_undisturbed(a, utf8_clean(a, base, strlen(base), 0));
    for (char *p = safe; *p; p++)
        if (*p == '/' || *p == '\\' || *p == '\n' || *p == '\t')
            *p = '_';
    return with_its_ending(a, safe);
}

const char *ending_of_type(const char *type)
{
    static const char *const ENDINGS[][2] = {
        {"message/rfc822", "eml"},
        {"text/plain", "txt"},
        {"text/html", "html"},
        {"text/calendar", "ics"},
        {"image/jpeg", "jpg"},
        {"image/svg+xml", "svg"},
        {"application/pdf", "pdf"},
        {"image/png", "png"},
        {"image/gif", "gif"},
        {"application/zip", "zip"},
        {"application/json", "json"},
        {"text/csv", "csv"},
        {"application/ms-tnef", "dat"},
        {"message/delivery-status", "txt"},
        {"image/webp", "webp"},
        {"video/mp4", "mp4"},
        {"audio/mp4", "m4a"},
        {"audio/mpeg", "mp3"},
        {"audio/ogg", "ogg"},
        {"audio/amr", "amr"},
        {"application/ics", "ics"},
        {"application/pgp-signature", "asc"},
        {"application/pkcs7-mime", "p7m"},
        {"application/x-pkcs7-mime", "p7m"},
        {"application/pkcs7-signature", "p7s"},
        {"application/x-pkcs7-signature", "p7s"},
        {"application/pgp-encrypted", "asc"},
        {"application/pgp-keys", "asc"},
        {"image/heic", "heic"},
        {"video/quicktime", "mov"},
        {"application/msword", "doc"},
        {"application/vnd.ms-excel", "xls"},
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
        {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
    };
    for (size_t i = 0; i < COUNT_OF(ENDINGS); i++)
        if (type && strcmp(ENDINGS[i][0], type) == 0)
            return ENDINGS[i][1];
    return "bin";
}

bool is_mime_type(const char *type)
{
    const char *slash = type ? strchr(type, '/') : NULL;
    if (!slash || slash == type || !slash[1] || strlen(type) > 127)
        return false;
    for (const char *p = type; *p; p++)
        if (p != slash && !isalnum((unsigned char)*p) && !strchr("!#$&-^_.+", *p))
            return false;
    return true;
}

static bool is_plain_id(const char *id)
{
    for (const char *p = id; p && *p; p++)
        if ((unsigned char)*p <= ' ' || *p == '<' || *p == '>')
            return false;
    return id && id[0];
}

struct attachment attach(struct arena *a, const char *name, const char *type, const char *cid, bool is_inline,
                         const void *data, size_t n)
{
    struct attachment at = {.is_inline = is_inline, .size = (int64_t)n, .data = data};
    at.type = is_mime_type(type) ? text_lower_ascii(a, type) : "application/octet-stream";
    at.name = name ? safe_name(a, name) : NULL;
    if (!at.name)
        at.name = arena_printf(a, "attachment.%s", ending_of_type(at.type));
    cid = cid ? text_trim(a, utf8_clean(a, cid, strlen(cid), FILE_NAME_MAX)) : NULL;
    if (cid && cid[0] == '<' && cid[strlen(cid) - 1] == '>')
        cid = arena_strndup(a, cid + 1, strlen(cid) - 2);
    at.cid = is_plain_id(cid) ? cid : NULL;
    return at;
}

const char *id_in_url(const char *id)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t n = id ? strlen(id) : 0;
    return n && n <= REMOTE_ID_MAX && strspn(id, PLAIN) == n ? id : NULL;
}

struct attachment *attach_remote(struct arena *a, struct list *files, const char *id, const char *name,
                                 const char *type)
{
    if (!id_in_url(id))
        return NULL;
    struct attachment *file = list_grow(a, files, sizeof(*file));
    *file = attach(a, name, type ? type : "", NULL, false, NULL, 0);
    file->remote = id;
    return file;
}
