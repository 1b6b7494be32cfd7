#include "channel/mime_body.h"

#include "base/text.h"

#include <ctype.h>

/* Bytes on their way out; they are never more than came in. */
struct decoded {
    char *data;
    size_t n;
};

bool mime_is_blank(struct mime_bytes bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        if (!isspace((unsigned char)bytes.at[i]))
            return false;
    return true;
}

static struct mime_bytes body_line_at(const char *p, const char *end, const char **ret_next)
{
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    *ret_next = stop ? stop + 1 : end;
    stop = stop ? stop : end;
    while (stop > p && isspace((unsigned char)stop[-1]))
        stop--;
    while (p < stop && isspace((unsigned char)*p))
        p++;
    return (struct mime_bytes){p, (size_t)(stop - p)};
}

/* ---- base64 --------------------------------------------------------------------------------------------------------- */

#define NO_DIGIT (-1)
#define NOISE_RATIO 8 /* one in so many characters, at most */

/* Also those for URLs, RFC 4648 §5. */
static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : NO_DIGIT;
}

/* A line of data: digits alone, or in groups of four with blanks between. What begins with two strokes is drawn. In a file a few other
 * characters are noise (RFC 2045 §6.8); in text such a line may be words. */
static bool is_base64_line(struct mime_bytes line, bool is_text)
{
    bool blanks = false, all_fours = true;
    size_t group = 0, noise = 0;
    for (size_t i = 0; i < line.n; i++) {
        bool blank = line.at[i] == ' ' || line.at[i] == '\t';
        noise += !blank && line.at[i] != '=' && digit_of(line.at[i]) == NO_DIGIT;
        if (noise * NOISE_RATIO > (is_text ? 0 : line.n))
            return false;
        all_fours = all_fours && (!blank || group % 4 == 0);
        blanks = blanks || blank;
        group = blank ? 0 : group + 1;
    }
    bool drawn = line.n >= 2 && line.at[0] == line.at[1] && (line.at[0] == '-' || line.at[0] == '_');
    return line.n && !drawn && !(noise && blanks) && (!blanks || (all_fours && group % 4 == 0));
}

/* Digits that make no whole byte yet. */
struct rest {
    unsigned value;
    int bits;
};

static void put_base64(struct decoded *out, struct rest *rest, struct mime_bytes line)
{
    for (size_t i = 0; i < line.n; i++) {
        int digit = digit_of(line.at[i]);
        if (line.at[i] == '=') /* the next group begins anew, wherever it stands */
            rest->bits = 0;
        if (digit == NO_DIGIT)
            continue;
        rest->value = (rest->value << 6 | (unsigned)digit) & 0xffff;
        rest->bits += 6;
        if (rest->bits >= 8) {
            rest->bits -= 8;
            out->data[out->n++] = (char)(rest->value >> rest->bits);
        }
    }
}

/* The words of a mailing list behind the data are text. */
static void put_tail(struct decoded *out, const char *tail, const char *end)
{
    if (!tail)
        return;
    if (out->n && out->data[out->n - 1] != '\n')
        out->data[out->n++] = '\n';
    memcpy(out->data + out->n, tail, (size_t)(end - tail));
    out->n += (size_t)(end - tail);
}

static bool decode_base64(struct mime_bytes in, bool is_text, struct decoded *out)
{
    const char *end = in.at + in.n, *tail = NULL, *next;
    struct rest rest = {0};
    bool any = false;
    for (const char *p = in.at; p < end; p = next) {
        struct mime_bytes line = body_line_at(p, end, &next);
        bool data = is_base64_line(line, is_text);
        if (!any && line.n && !data && is_text) /* somebody has called it base64, and it is none */
            return false;
        any = any || data;
        if (data)
            put_base64(out, &rest, line);
        tail = data ? NULL : tail ? tail : line.n ? p : NULL;
    }
    if (is_text && any)
        put_tail(out, tail, end);
    return any;
}

/* ---- quoted-printable ------------------------------------------------------------------------------------------------ */

/* The bytes of a soft line break at `p`, RFC 2045 §6.7 (5), or 0. The end of the text is one, too. */
static size_t soft_break(const char *p, const char *end)
{
    const char *q = p + 1;
    while (q < end && (*q == ' ' || *q == '\t' || *q == '\r'))
        q++;
    return q == end || *q == '\n' ? (size_t)(q - p) + (q < end) : 0;
}

static bool decode_quoted(struct mime_bytes in, bool is_text, struct decoded *out)
{
    const char *end = in.at + in.n;
    (void)is_text;
    for (const char *p = in.at; p < end;) {
        size_t soft = *p == '=' ? soft_break(p, end) : 0;
        if (soft) {
            p += soft;
        } else if (*p == '=' && end - p > 2 && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0) {
            out->data[out->n++] = (char)(hex_digit(p[1]) * 16 + hex_digit(p[2]));
            p += 3;
        } else {
            out->data[out->n++] = *p++;
        }
    }
    return true;
}

/* ---- uuencode ------------------------------------------------------------------------------------------------------- */

static unsigned uu_value(struct mime_bytes line, size_t i)
{
    return i < line.n ? ((unsigned char)line.at[i] - 32U) & 63 : 0; /* blanks at the end of a line get lost */
}

/* How many digits the line should have behind its count of bytes, or 0: it is no line of data. */
static size_t uu_digits(struct mime_bytes line)
{
    if (!line.n || line.at[0] <= ' ' || line.at[0] > '`')
        return 0;
    size_t digits = (uu_value(line, 0) + 2) / 3 * 4;
    for (size_t i = 1; i < line.n; i++)
        if (line.at[i] < ' ' || line.at[i] > '`')
            return 0;
    return line.n <= digits + 2 && line.n + 4 > digits && line.n >= uu_value(line, 0) ? digits : 0;
}

static void put_uu(struct decoded *out, struct mime_bytes line)
{
    size_t n = uu_value(line, 0);
    for (size_t i = 0; i < n; i++) {
        size_t at = 1 + i / 3 * 4 + i % 3;
        unsigned pair = uu_value(line, at) << 6 | uu_value(line, at + 1);
        out->data[out->n++] = (char)(pair >> (4 - 2 * (i % 3)));
    }
}

/* The line without its break alone: blanks are digits. */
static struct mime_bytes uu_line_at(const char *p, const char *end, const char **ret_next)
{
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    *ret_next = stop ? stop + 1 : end;
    stop = stop ? stop : end;
    stop -= stop > p && stop[-1] == '\r';
    return (struct mime_bytes){p, (size_t)(stop - p)};
}

static bool is_uu_begin(struct mime_bytes line)
{
    return line.n > 8 && memcmp(line.at, "begin ", 6) == 0 && isdigit((unsigned char)line.at[6]);
}

/* Between "begin" and "end"; where "begin" was lost, from the first line that is data. */
static bool decode_uu(struct mime_bytes in, bool is_text, struct decoded *out)
{
    const char *end = in.at + in.n, *next;
    bool begun = false, any = false;
    (void)is_text;
    for (const char *p = in.at; p < end; p = next) {
        struct mime_bytes line = uu_line_at(p, end, &next);
        size_t digits = uu_digits(line);
        if (is_uu_begin(line)) {
            begun = true;
            out->n = 0;
        } else if (any && line.n == 3 && memcmp(line.at, "end", 3) == 0) {
            break;
        } else if (digits && (begun || any || line.n >= digits)) {
            put_uu(out, line);
            any = true;
        }
    }
    return any;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name; /* letters and digits alone, in lower case */
    bool (*decode)(struct mime_bytes in, bool is_text, struct decoded *out);
} ENCODINGS[] = {
    {"base64", decode_base64}, {"xbase64", decode_base64}, {"quotedprintable", decode_quoted},
    {"uuencode", decode_uu},   {"xuuencode", decode_uu},   {"uue", decode_uu},
    {"xuue", decode_uu},
};

#define ENCODING_MAX 32

struct mime_bytes mime_body(struct arena *a, const char *encoding, struct mime_bytes in, bool is_text)
{
    char name[ENCODING_MAX];
    size_t n = 0;
    for (const char *p = encoding ? encoding : ""; *p && *p != '(' && *p != ';' && n < ENCODING_MAX - 1; p++)
        if (isalnum((unsigned char)*p))
            name[n++] = (char)tolower((unsigned char)*p);
    name[n] = '\0';
    for (size_t i = 0; i < COUNT_OF(ENCODINGS); i++) {
        if (strcmp(ENCODINGS[i].name, name) != 0)
            continue;
        struct decoded out = {arena_alloc(a, in.n + 2), 0};
        return ENCODINGS[i].decode(in, is_text, &out) && out.n ? (struct mime_bytes){out.data, out.n} : in;
    }
    return in;
}
