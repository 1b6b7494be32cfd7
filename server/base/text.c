#include "base/text.h"

#include <ctype.h>
#include <strings.h>

/* The length of the well-formed sequence at s (Unicode 15, table 3-7), or 0. */
size_t utf8_sequence(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    unsigned char c = s[0];
    if (c < 0x80)
        return 1;
    if (c < 0xc2 || c > 0xf4)
        return 0;
    size_t len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (n < len)
        return 0;
    unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

bool utf8_valid(const char *s, size_t n)
{
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_sequence(s + i, n - i);
        if (len == 0)
            return false;
    }
    return true;
}

char *utf8_clean(struct arena *a, const char *s, size_t n, size_t max)
{
    if (!s)
        return NULL;
    size_t most = utf8_valid(s, n) && !memchr(s, '\0', n) ? n : n * 3; /* each bad byte becomes three */
    size_t limit = max ? max : most;
    char *out = arena_alloc(a, (most < limit ? most : limit) + 1), *o = out;
    for (size_t i = 0; i < n;) {
        size_t len = utf8_sequence(s + i, n - i);
        const char *from = s + i;
        size_t add = len;
        i += len ? len : 1;
        if (len == 0 || *from == '\0') {
            from = "\xef\xbf\xbd";
            add = 3;
        } else if (*from == '\r') {
            if (i < n && s[i] == '\n')
                continue;
            from = "\n";
        } else if (((unsigned char)*from < 0x20 && *from != '\n' && *from != '\t') || *from == 0x7f) {
            continue;
        }
        if ((size_t)(o - out) + add > limit)
            break;
        memcpy(o, from, add);
        o += add;
    }
    *o = '\0';
    return out;
}

void utf8_mend(char *s)
{
    for (size_t n = strlen(s), len; n; s += len, n -= len) {
        len = utf8_sequence(s, n);
        if (len)
            continue;
        *s = '?';
        len = 1;
    }
}

/* The character of two or three bytes that begins here, well-formed; 0: one of another length. */
static unsigned utf8_short(const char *s, size_t *ret_n)
{
    const unsigned char *u = (const unsigned char *)s;
    *ret_n = u[0] >> 4 == 0xe ? 3 : 2;
    if (*ret_n == 3)
        return (u[0] & 0x0fu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
    return u[0] >> 5 == 6 ? (u[0] & 0x1fu) << 6 | (u[1] & 0x3fu) : 0;
}

static bool in_ranges(unsigned c, const unsigned ranges[][2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

unsigned utf8_disturbing(const char *s, size_t *ret_n)
{
    static const unsigned RANGES[][2] = {
        {0x80, 0x9f}, {0x61c, 0x61c}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}};
    unsigned c = utf8_short(s, ret_n);
    return in_ranges(c, RANGES, COUNT_OF(RANGES)) ? c : 0;
}

char *text_plain(struct arena *a, const char *s)
{
    static const unsigned UNSEEN[][2] = {{0xad, 0xad},     {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200f},
                                         {0x202a, 0x202e}, {0x2060, 0x206f}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}};
    static const unsigned SPACES[][2] = {{0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029},
                                         {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};
    char *copy = arena_strdup(a, s), *to = copy;
    for (size_t n; *s;) {
        unsigned c = utf8_short(s, &n);
        bool unseen = in_ranges(c, UNSEEN, COUNT_OF(UNSEEN)), space = in_ranges(c, SPACES, COUNT_OF(SPACES));
        if (!unseen)
            *to++ = space ? ' ' : *s;
        s += unseen || space ? n : 1;
    }
    *to = '\0';
    return copy;
}

char *text_undisturbed(struct arena *a, const char *s)
{
    char *copy = arena_strdup(a, s), *to = copy;
    for (size_t n; s && *s;) {
        bool disturbing = utf8_disturbing(s, &n);
        *to++ = disturbing ? '_' : *s;
        s += disturbing ? n : 1;
    }
    if (to)
        *to = '\0';
    return copy;
}

size_t utf8_count(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

size_t utf8_utf16_units(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += (((unsigned char)*s & 0xc0) != 0x80) + ((unsigned char)*s >= 0xf0);
    return n;
}

char *text_trim(struct arena *a, const char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    size_t n = strlen(s);
    while (n && isspace((unsigned char)s[n - 1]))
        n--;
    return arena_strndup(a, s, n);
}

char *text_lower_ascii(struct arena *a, const char *s)
{
    char *copy = arena_strdup(a, s);
    for (char *p = copy; p && *p; p++)
        *p = (char)((unsigned char)*p < 0x80 ? tolower((unsigned char)*p) : *p);
    return copy;
}

bool text_is_web_url(const char *s)
{
    static const char *const SCHEMES[] = {"https://", "http://"};
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(SCHEMES) && !n; i++)
        n = strncasecmp(s, SCHEMES[i], strlen(SCHEMES[i])) == 0 ? strlen(SCHEMES[i]) : 0;
    for (const char *c = s; n && *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return false;
    return n && s[n];
}

bool text_names_url(const char *name)
{
    size_t n = strlen(name);
    return strcmp(name, "url") == 0 || (n > 4 && strcmp(name + n - 4, "_url") == 0);
}

bool text_is_blank(const char *s)
{
    for (; s && *s; s++)
        if (!isspace((unsigned char)*s))
            return false;
    return true;
}

char *text_preview(struct arena *a, const char *s, size_t max)
{
    if (!s)
        return arena_strdup(a, "");
    char *out = arena_alloc(a, max * 4 + 4), *o = out;
    size_t count = 0;
    bool space = false;
    while (*s) {
        if (isspace((unsigned char)*s)) {
            space = o > out;
            s++;
            continue;
        }
        if (count + space >= max) {
            memcpy(o, "\xe2\x80\xa6", 3);
            o += 3;
            break;
        }
        if (space) {
            *o++ = ' ';
            count++;
            space = false;
        }
        size_t len = utf8_sequence(s, 4);
        len = len ? len : 1;
        memcpy(o, s, len);
        o += len;
        s += len;
        count++;
    }
    *o = '\0';
    return out;
}

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void url_put(struct buf *out, const char *text, const char *also)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (isalnum(*c) || strchr("-._~", *c) || strchr(also, *c))
            buf_putc(out, (char)*c);
        else
            buf_printf(out, "%%%02X", *c);
}

const char *url_encoded(struct arena *a, const char *text, const char *also)
{
    AUTO_BUF struct buf out = {0};
    url_put(&out, text, also);
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

char *form_bytes(struct arena *a, const char *s, size_t n, size_t *ret_n)
{
    char *out = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        int high, low;
        if (s[i] == '%' && i + 2 < n && (high = hex_digit(s[i + 1])) >= 0 && (low = hex_digit(s[i + 2])) >= 0) {
            out[len++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[len++] = s[i] == '+' ? ' ' : s[i];
        }
    }
    *ret_n = len;
    return out;
}

static const char *form_decode(struct arena *a, const char *s, size_t n)
{
    size_t len;
    const char *bytes = form_bytes(a, s, n, &len);
    return utf8_clean(a, bytes, len, 0);
}

bool form_parse(struct arena *a, const char *s, size_t n, struct form *ret)
{
    struct form f = {.pairs = arena_alloc(a, FORM_PAIRS_MAX * sizeof(struct form_pair))};
    const char *end = s + n;
    while (s < end) {
        const char *amp = memchr(s, '&', (size_t)(end - s));
        const char *stop = amp ? amp : end;
        if (stop > s) {
            if (f.n == FORM_PAIRS_MAX)
                return false;
            const char *eq = memchr(s, '=', (size_t)(stop - s));
            f.pairs[f.n].name = form_decode(a, s, (size_t)((eq ? eq : stop) - s));
            f.pairs[f.n].value = eq ? form_decode(a, eq + 1, (size_t)(stop - eq - 1)) : "";
            f.n++;
        }
        s = stop + 1;
    }
    *ret = f;
    return true;
}

const char *form_get(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->pairs[i].name, name) == 0)
            return f->pairs[i].value;
    return NULL;
}

const char *cookie_get(struct arena *a, const char *header, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = header; (p = strstr(p, name)); p++)
        if (p[n] == '=' && (p == header || p[-1] == ' ' || p[-1] == ';'))
            return arena_strndup(a, p + n + 1, strcspn(p + n + 1, "; "));
    return NULL;
}
