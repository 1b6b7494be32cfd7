#include "channel/charset_convert.h"

#include "base/mem.h"

#include <errno.h>
#include <iconv.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define EUC_JP_MS "EUC-JP-MS" /* has JIS X 0212, which CP932 has not */
#define CLOSED ((iconv_t)-1)

/* What the converter still holds: a letter that might have combined with the next one (windows-1255, windows-1258). */
static void flush_converter(iconv_t cd, struct buf *out)
{
    buf_reserve(out, 64);
    char *to = out->data + out->len;
    size_t room = out->cap - out->len - 1, before = room;
    iconv(cd, NULL, NULL, &to, &room);
    out->len += before - room;
    out->data[out->len] = '\0';
}

/* Adds the text as UTF-8. What is ill-formed is U+FFFD; or, when `strict`, the end with false. */
static bool convert_by(iconv_t cd, const char *data, size_t n, bool strict, struct buf *out)
{
    char *from = (char *)(uintptr_t)data; /* iconv does not write to it */
    size_t left = n;
    while (left) {
        buf_reserve(out, left + 64);
        char *to = out->data + out->len;
        size_t room = out->cap - out->len - 1, before = room;
        size_t r = iconv(cd, &from, &left, &to, &room);
        int e = errno;
        out->len += before - room;
        out->data[out->len] = '\0';
        if (r != (size_t)-1)
            break;
        if (e == E2BIG)
            continue;
        if (strict)
            return false;
        flush_converter(cd, out);
        buf_puts(out, REPLACEMENT);
        from++;
        left--;
    }
    flush_converter(cd, out);
    return true;
}

static bool convert(const char *charset, const char *data, size_t n, bool strict, struct buf *out)
{
    iconv_t cd = iconv_open(UTF_8, charset);
    if (cd == CLOSED)
        return false;
    bool good = convert_by(cd, data, n, strict, out);
    iconv_close(cd);
    return good;
}

/* ---- sets of 94 by 94 characters ------------------------------------------------------------------------------------ */

/* A set of characters, and the charset that iconv is given them in. */
enum set { SET_ASCII, SET_KANJI, SET_HALF_KANA, SET_MORE_KANJI, SET_CHINESE, SET_KOREAN, SETS };

static const char *const CHARSET_OF_SET[SETS] = {SHIFT_JIS, SHIFT_JIS, SHIFT_JIS, EUC_JP_MS, GB, KOREAN};

/* Text is gathered for as long as one converter reads it. */
struct mixed {
    iconv_t converters[SETS];
    enum set set; /* of the text that is gathered */
    struct buf gathered, *out;
    bool strict, good;
};

static void convert_gathered(struct mixed *m)
{
    iconv_t *cd = &m->converters[m->set];
    if (!m->gathered.len || !m->good)
        return;
    if (*cd == CLOSED)
        *cd = iconv_open(UTF_8, CHARSET_OF_SET[m->set]);
    m->good = *cd != CLOSED && convert_by(*cd, m->gathered.data, m->gathered.len, m->strict, m->out);
    buf_clear(&m->gathered);
}

static void put_in(struct mixed *m, enum set set, const char *bytes, size_t n)
{
    if (strcmp(CHARSET_OF_SET[set], CHARSET_OF_SET[m->set]) != 0)
        convert_gathered(m);
    m->set = set;
    buf_add(&m->gathered, bytes, n);
}

static void put_byte(struct mixed *m, unsigned char c)
{
    put_in(m, SET_ASCII, (const char *)&c, 1);
}

static bool is_double(unsigned char row, unsigned char cell)
{
    return row >= 0x21 && row <= 0x7e && cell >= 0x21 && cell <= 0x7e;
}

/* A character by its two 7-bit bytes. JIS X 0208 goes by way of CP932: the tables are the same but for their arrangement, and
 * CP932's has NEC's and IBM's additions, which real mail uses whatever charset it declares. */
static void put_double(struct mixed *m, enum set set, unsigned char row, unsigned char cell)
{
    int r = row - 0x21, c = cell - 0x21;
    char kanji[] = {(char)(r / 2 + (r < 62 ? 0x81 : 0xc1)), (char)(r % 2 ? c + 0x9f : c + (c < 63 ? 0x40 : 0x41))};
    char high[] = {'\x8f', (char)(row | 0x80), (char)(cell | 0x80)};
    if (set == SET_KANJI)
        put_in(m, set, kanji, sizeof(kanji));
    else if (set == SET_MORE_KANJI)
        put_in(m, set, high, 3);
    else
        put_in(m, set, high + 1, 2);
}

static void begin_mixed(struct mixed *m, bool strict, struct buf *out)
{
    *m = (struct mixed){.out = out, .strict = strict, .good = true};
    for (size_t i = 0; i < SETS; i++)
        m->converters[i] = CLOSED;
}

static bool end_mixed(struct mixed *m)
{
    convert_gathered(m);
    for (size_t i = 0; i < SETS; i++)
        if (m->converters[i] != CLOSED)
            iconv_close(m->converters[i]);
    buf_free(&m->gathered);
    return m->good;
}

/* ---- ISO-2022-JP, EUC-JP, HZ ---------------------------------------------------------------------------------------- */

/* The length of the escape sequence at the beginning, or 0. */
static size_t escape_at(const char *data, size_t n, enum set *set)
{
    static const struct {
        const char *escape;
        enum set set;
    } ESCAPES[] = {
        {"\x1b(B", SET_ASCII},       {"\x1b(J", SET_ASCII},   {"\x1b(H", SET_ASCII},   {"\x1b$@", SET_KANJI},
        {"\x1b$B", SET_KANJI},       {"\x1b$(@", SET_KANJI},  {"\x1b$(B", SET_KANJI},  {"\x1b(I", SET_HALF_KANA},
        {"\x1b$(D", SET_MORE_KANJI}, {"\x1b$(C", SET_KOREAN}, {"\x1b$A", SET_CHINESE}, {"\x1b$(A", SET_CHINESE},
        {"\x0e", SET_HALF_KANA},     {"\x0f", SET_ASCII},
    };
    for (size_t i = 0; i < COUNT_OF(ESCAPES); i++) {
        size_t len = strlen(ESCAPES[i].escape);
        if (n >= len && memcmp(data, ESCAPES[i].escape, len) == 0) {
            *set = ESCAPES[i].set;
            return len;
        }
    }
    return 0;
}

/* As it is sent (RFC 1468, 1554, 2237, and half-width kana besides). False: there are bytes that it cannot have. */
static bool read_jis(struct mixed *m, const char *data, size_t n)
{
    enum set set = SET_ASCII;
    for (size_t i = 0; i < n;) {
        size_t skip = escape_at(data + i, n - i, &set);
        i += skip;
        if (skip)
            continue;
        unsigned char c = (unsigned char)data[i++];
        if (c & 0x80)
            return false;
        if (c == '\n')
            set = SET_ASCII; /* lines begin in ASCII, though the writer forgot to say so */
        if (set == SET_ASCII || c <= ' ' || c == 0x7f) {
            put_byte(m, c);
        } else if (set == SET_HALF_KANA) {
            put_byte(m, c | 0x80);
        } else if (i < n && is_double(c, (unsigned char)data[i])) {
            put_double(m, set, c, (unsigned char)data[i++]);
        } else {
            put_byte(m, 0xff); /* half a character was cut off */
        }
    }
    return true;
}

/* False: it is none. What is ill-formed in it is U+FFFD, but for `strict`. */
static bool read_euc_jp(struct mixed *m, const char *data, size_t n)
{
    const unsigned char *s = (const unsigned char *)data;
    for (size_t i = 0; i < n; i++) {
        size_t left = n - i;
        if (s[i] < 0x80) {
            put_byte(m, s[i]);
        } else if (s[i] == 0x8e && left > 1 && s[i + 1] >= 0xa1 && s[i + 1] <= 0xdf) {
            put_byte(m, s[++i]);
        } else if (s[i] == 0x8f && left > 2 && s[i + 1] & s[i + 2] & 0x80 &&
                   is_double(s[i + 1] & 0x7f, s[i + 2] & 0x7f)) {
            put_double(m, SET_MORE_KANJI, s[i + 1] & 0x7f, s[i + 2] & 0x7f);
            i += 2;
        } else if (left > 1 && s[i + 1] & 0x80 && is_double(s[i] & 0x7f, s[i + 1] & 0x7f)) {
            put_double(m, SET_KANJI, s[i] & 0x7f, s[i + 1] & 0x7f);
            i++;
        } else if (m->strict) {
            return false;
        } else {
            put_byte(m, 0xff);
        }
    }
    return true;
}

/* RFC 1843: "~{" and "~}" around Chinese, "~~" a tilde, "~" before a line break nothing. */
static bool read_hz(struct mixed *m, const char *data, size_t n)
{
    bool chinese = false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)data[i], next = i + 1 < n ? (unsigned char)data[i + 1] : 0;
        if (c & 0x80)
            return false;
        if (c == '\n')
            chinese = false;
        if (c == '~' && next && strchr(chinese ? "}" : "{~\n", next)) {
            if (next == '~')
                put_byte(m, next);
            chinese = next == '{';
            i++;
        } else if (chinese && is_double(c, next)) {
            put_double(m, SET_CHINESE, c, next);
            i++;
        } else {
            put_byte(m, c);
        }
    }
    return true;
}

static const struct {
    const char *charset;
    bool (*read)(struct mixed *m, const char *data, size_t n);
} BY_HAND[] = {{JIS, read_jis}, {EUC_JP, read_euc_jp}, {HZ, read_hz}};

bool charset_convert(const char *charset, const char *data, size_t n, bool strict, struct buf *out)
{
    buf_clear(out);
    for (size_t i = 0; i < COUNT_OF(BY_HAND); i++) {
        struct mixed m;
        if (strcmp(BY_HAND[i].charset, charset) != 0)
            continue;
        begin_mixed(&m, strict, out);
        bool read = BY_HAND[i].read(&m, data, n);
        return end_mixed(&m) && read;
    }
    return convert(charset, data, n, strict, out);
}

void charset_convert_preload(void)
{
    for (size_t i = 0; charset_at(i); i++) /* a converter that is never closed keeps its module in memory */
        (void)iconv_open(UTF_8, charset_at(i));
    (void)iconv_open(UTF_8, EUC_JP_MS);
}
