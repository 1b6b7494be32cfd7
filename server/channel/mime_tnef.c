#include "channel/mime_tnef.h"

#include "base/text.h"
#include "channel/attach.h"
#include "channel/charset.h"
#include "channel/rtf.h"

#include <strings.h>

#define SIGNATURE 0x223e9f78
#define ATTRIBUTES_MAX 10000
#define PROPERTIES_MAX 2000 /* of one set */
#define NAME_MAX_BYTES 1000
#define OBJECT_HEAD 16 /* the interface of an object, before the object */

/* MS-OXTNEF §2.1.3.3: the attributes that matter here. */
enum attribute {
    ATT_BODY = 0x0002800c,
    ATT_FILE_DATA = 0x0006800f,
    ATT_FILE_TITLE = 0x00018010,
    ATT_FILE_BEGINS = 0x00069002,
    ATT_MESSAGE_PROPERTIES = 0x00069003,
    ATT_FILE_PROPERTIES = 0x00069005,
    ATT_CODEPAGE = 0x00069007,
};

/* MS-OXPROPS. */
enum property {
    PROP_BODY = 0x1000,
    PROP_RTF = 0x1009,
    PROP_HTML = 0x1013,
    PROP_FILE_OBJECT = 0x3701,
    PROP_FILE_NAME = 0x3704,
    PROP_FILE_LONG_NAME = 0x3707,
    PROP_FILE_TYPE = 0x370e,
    PROP_FILE_CID = 0x3712,
};

/* Types of values, MS-OXCDATA §2.11.1. */
enum {
    TYPE_OBJECT = 0x000d,
    TYPE_TEXT = 0x001e,
    TYPE_UNICODE = 0x001f,
    TYPE_BINARY = 0x0102,
    TYPE_MANY = 0x1000,
};

struct packed_file {
    const char *title, *name, *type, *cid;
    struct mime_bytes data;
};

struct unpacking {
    struct arena *a;
    struct tnef *ret;
    const char *charset;
    struct packed_file file;
    bool in_file;
    struct mime_bytes rtf;
};

/* ---- bytes ---------------------------------------------------------------------------------------------------------- */

/* Takes so many bytes from the front. False: there are fewer. */
static bool cut_bytes(struct mime_bytes *from, size_t n, struct mime_bytes *ret)
{
    if (n > from->n)
        return false;
    *ret = (struct mime_bytes){from->at, n};
    from->at += n;
    from->n -= n;
    return true;
}

static bool cut_number(struct mime_bytes *from, size_t size, uint32_t *ret)
{
    struct mime_bytes b;
    *ret = 0;
    if (!cut_bytes(from, size, &b))
        return false;
    for (size_t i = 0; i < size; i++)
        *ret |= (uint32_t)(unsigned char)b.at[i] << (8 * i);
    return true;
}

/* Without the zeros at the end that Outlook counts. */
static const char *text_of(struct unpacking *u, struct mime_bytes b, bool unicode, size_t max)
{
    size_t unit = unicode ? 2 : 1;
    while (b.n >= unit && b.at[b.n - 1] == '\0' && b.at[b.n - unit] == '\0')
        b.n -= unit;
    if (!b.n)
        return NULL;
    return unicode ? charset_utf16(u->a, b.at, b.n, max) : charset_text(u->a, b.at, b.n, u->charset, max);
}

/* ---- properties ----------------------------------------------------------------------------------------------------- */

static void take_text(struct unpacking *u, const char **to, uint32_t type, struct mime_bytes value, size_t max)
{
    const char *text = text_of(u, value, type == TYPE_UNICODE, max);
    if (text)
        *to = text;
}

static void take_property(struct unpacking *u, uint32_t id, uint32_t type, struct mime_bytes value)
{
    struct packed_file *f = &u->file;
    switch (id) {
    case PROP_BODY:
        take_text(u, &u->ret->text, type, value, MIME_TEXT_MAX);
        break;
    case PROP_HTML:
        take_text(u, &u->ret->html, type, value, MIME_HTML_MAX);
        break;
    case PROP_RTF:
        u->rtf = value;
        break;
    case PROP_FILE_NAME:
    case PROP_FILE_LONG_NAME:
        take_text(u, &f->name, type, value, NAME_MAX_BYTES);
        break;
    case PROP_FILE_TYPE:
        take_text(u, &f->type, type, value, NAME_MAX_BYTES);
        break;
    case PROP_FILE_CID:
        take_text(u, &f->cid, type, value, NAME_MAX_BYTES);
        break;
    case PROP_FILE_OBJECT: /* a mail in the mail stays packed, and is kept as it is */
        if (value.n > OBJECT_HEAD)
            f->data = (struct mime_bytes){value.at + OBJECT_HEAD, value.n - OBJECT_HEAD};
        if (!f->type)
            f->type = "application/ms-tnef";
        break;
    default:
        break;
    }
}

/* How large a value of that type is, padded; 0: it says so itself. */
static size_t fixed_size(uint32_t type)
{
    switch (type) {
    case 0x0002: /* numbers of two and four bytes, errors, yes and no */
    case 0x0003:
    case 0x0004:
    case 0x000a:
    case 0x000b:
        return 4;
    case 0x0005: /* of eight: numbers, money, times */
    case 0x0006:
    case 0x0007:
    case 0x0014:
    case 0x0040:
        return 8;
    case 0x0048:
        return 16;
    default:
        return 0;
    }
}

/* Id and type, and past the name where it has one. */
static bool take_tag(struct mime_bytes *from, uint32_t *id, uint32_t *type)
{
    uint32_t kind, n;
    struct mime_bytes skipped;
    if (!cut_number(from, 2, type) || !cut_number(from, 2, id))
        return false;
    if (*id < 0x8000)
        return true;
    *id = 0; /* a name that we do not know */
    return cut_bytes(from, 16, &skipped) && cut_number(from, 4, &kind) && cut_number(from, 4, &n) &&
           (kind == 0 || (n <= from->n && cut_bytes(from, (n + 3u) & ~3u, &skipped)));
}

static bool take_values(struct unpacking *u, struct mime_bytes *from, uint32_t id, uint32_t type)
{
    uint32_t n = 1, size;
    uint32_t plain = type & ~(uint32_t)TYPE_MANY;
    size_t fixed = fixed_size(plain);
    bool counted = !fixed || type & TYPE_MANY;
    struct mime_bytes value, padding;
    if (counted && !cut_number(from, 4, &n))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        if (fixed) {
            if (!cut_bytes(from, fixed, &value))
                return false;
            continue;
        }
        if (!cut_number(from, 4, &size) || !cut_bytes(from, size, &value))
            return false;
        size_t rest = -size & 3u;
        cut_bytes(from, rest < from->n ? rest : from->n, &padding);
        if (i == 0)
            take_property(u, id, plain, value);
    }
    return true;
}

static void take_properties(struct unpacking *u, struct mime_bytes from)
{
    uint32_t n, id, type;
    if (!cut_number(&from, 4, &n))
        return;
    for (uint32_t i = 0; i < n && i < PROPERTIES_MAX; i++) {
        if (!take_tag(&from, &id, &type) || !take_values(u, &from, id, type))
            return;
    }
}

/* ---- the stream ----------------------------------------------------------------------------------------------------- */

static void end_file(struct unpacking *u)
{
    struct packed_file *f = &u->file;
    const char *name = f->name ? f->name : f->title;
    if (u->in_file && f->data.at && u->ret->files.n < MIME_PARTS_MAX)
        *(struct attachment *)list_grow(u->a, &u->ret->files, sizeof(struct attachment)) =
            attach(u->a, name, f->type, f->cid, f->cid != NULL, f->data.at, f->data.n);
    *f = (struct packed_file){0};
    u->in_file = false;
}

static void take_attribute(struct unpacking *u, uint32_t id, struct mime_bytes data)
{
    uint32_t number;
    switch (id) {
    case ATT_CODEPAGE:
        if (cut_number(&data, 4, &number))
            u->charset = arena_printf(u->a, "%u", (unsigned)number);
        break;
    case ATT_BODY:
        u->ret->text = text_of(u, data, false, MIME_TEXT_MAX);
        break;
    case ATT_MESSAGE_PROPERTIES:
        take_properties(u, data);
        break;
    case ATT_FILE_BEGINS:
        end_file(u);
        u->in_file = true;
        break;
    case ATT_FILE_TITLE:
        u->file.title = text_of(u, data, false, NAME_MAX_BYTES);
        break;
    case ATT_FILE_DATA:
        u->file.data = data;
        break;
    case ATT_FILE_PROPERTIES:
        take_properties(u, data);
        break;
    default:
        break;
    }
}

static void take_rtf(struct unpacking *u)
{
    size_t n = 0;
    bool is_html = false;
    const char *rtf = rtf_unpack(u->a, u->rtf.at, u->rtf.n, MIME_HTML_MAX, &n);
    const char *words = rtf ? rtf_words(u->a, rtf, n, MIME_HTML_MAX, &is_html) : NULL;
    if (!words || text_is_blank(words))
        return;
    if (is_html)
        u->ret->html = words;
    else if (!u->ret->text)
        u->ret->text = utf8_clean(u->a, words, strlen(words), MIME_TEXT_MAX);
}

bool mime_tnef_read(struct arena *a, struct mime_bytes bytes, struct tnef *ret)
{
    struct unpacking u = {.a = a, .ret = ret, .charset = "windows-1252"};
    uint32_t signature, number, id, size;
    struct mime_bytes data;
    *ret = (struct tnef){.files = {0}};
    if (!cut_number(&bytes, 4, &signature) || signature != SIGNATURE || !cut_number(&bytes, 2, &number))
        return false;
    for (int i = 0; i < ATTRIBUTES_MAX; i++) {
        if (!cut_number(&bytes, 1, &number) || !cut_number(&bytes, 4, &id) || !cut_number(&bytes, 4, &size) ||
            !cut_bytes(&bytes, size, &data))
            break;
        take_attribute(&u, id, data);
        if (!cut_number(&bytes, 2, &number)) /* a sum of the bytes; a file that was cut is read as far as it goes */
            break;
    }
    end_file(&u);
    if (u.rtf.at && !ret->html)
        take_rtf(&u);
    return ret->files.n || !text_is_blank(ret->text) || !text_is_blank(ret->html);
}
