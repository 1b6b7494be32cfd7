#include "channel/charset.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdio.h>
#include <strings.h>

#define LABEL_MAX 40
#define REPLACEMENT "\xef\xbf\xbd"

#define UTF_8 "UTF-8"
#define JIS "ISO-2022-JP" /* this and the next by way of CP932 */
#define EUC_JP "EUC-JP"
#define EUC_JP_MS "EUC-JP-MS"
#define SHIFT_JIS "CP932"
#define LATIN "WINDOWS-1252"

/* What people write, and the charset that they mean: mostly Microsoft's superset. Only these are given to iconv. */
static const char *const LABELS[][2] = {
    {"utf-8", UTF_8},
    {"utf8", UTF_8},
    {"unicode-1-1-utf-8", UTF_8},
    {"us-ascii", LATIN},
    {"ascii", LATIN},
    {"ansi_x3.4-1968", LATIN},
    {"iso-8859-1", LATIN},
    {"iso8859-1", LATIN},
    {"iso_8859-1", LATIN},
    {"latin1", LATIN},
    {"latin-1", LATIN},
    {"windows-1252", LATIN},
    {"cp1252", LATIN},
    {"iso-2022-jp", JIS},
    {"iso-2022-jp-1", JIS},
    {"iso-2022-jp-2", JIS},
    {"iso-2022-jp-ms", JIS},
    {"csiso2022jp", JIS},
    {"cp50220", JIS},
    {"cp50221", JIS},
    {"cp50222", JIS},
    {"jis", JIS},
    {"shift_jis", SHIFT_JIS},
    {"shift-jis", SHIFT_JIS},
    {"shiftjis", SHIFT_JIS},
    {"sjis", SHIFT_JIS},
    {"x-sjis", SHIFT_JIS},
    {"ms_kanji", SHIFT_JIS},
    {"windows-31j", SHIFT_JIS},
    {"cswindows31j", SHIFT_JIS},
    {"cp932", SHIFT_JIS},
    {"ms932", SHIFT_JIS},
    {"windows-932", SHIFT_JIS},
    {"euc-jp", EUC_JP},
    {"eucjp", EUC_JP},
    {"x-euc-jp", EUC_JP},
    {"cp51932", EUC_JP},
    {"eucjp-ms", EUC_JP},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb18030", "GB18030"},
    {"cp936", "GB18030"},
    {"x-gbk", "GB18030"},
    {"hz-gb-2312", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"cp950", "BIG5-HKSCS"},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1987", "CP949"},
    {"ks_c_5601", "CP949"},
    {"cp949", "CP949"},
    {"iso-2022-kr", "ISO-2022-KR"},
    {"tis-620", "WINDOWS-874"},
    {"iso-8859-11", "WINDOWS-874"},
    {"windows-874", "WINDOWS-874"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"macintosh", "MACINTOSH"},
    {"x-mac-roman", "MACINTOSH"},
    {"utf-7", "UTF-7"},
    {"unicode-1-1-utf-7", "UTF-7"},
    {"utf-16", "UTF-16"},
    {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
};

/* Families that are numbered: "iso-8859-15", "windows-1251", "cp1250", "ibm850". */
static const char *const FAMILIES[][2] = {
    {"iso-8859-", "ISO-8859-"}, {"iso8859-", "ISO-8859-"}, {"windows-125", "WINDOWS-125"},
    {"cp125", "WINDOWS-125"},   {"ibm8", "IBM8"},          {"cp8", "IBM8"},
};

static const char *known_charset(struct arena *a, const char *label)
{
    if (!label || !label[0] || strlen(label) > LABEL_MAX)
        return NULL;
    char *name = text_trim(a, label);
    for (size_t i = 0; i < COUNT_OF(LABELS); i++)
        if (strcasecmp(LABELS[i][0], name) == 0)
            return LABELS[i][1];
    for (size_t i = 0; i < COUNT_OF(FAMILIES); i++) {
        size_t n = strlen(FAMILIES[i][0]);
        const char *number = name + n;
        if (strncasecmp(FAMILIES[i][0], name, n) == 0 && number[0] && strspn(number, "0123456789") == strlen(number))
            return arena_printf(a, "%s%s", FAMILIES[i][1], number);
    }
    return NULL;
}

/* Adds the text as UTF-8, by iconv. What is ill-formed is U+FFFD; or, when `strict`, the end with false. */
static bool convert(const char *charset, const char *data, size_t n, bool strict, struct buf *out)
{
    iconv_t cd = iconv_open(UTF_8, charset);
    if (cd == (iconv_t)-1)
        return false;
    char *from = (char *)(uintptr_t)data; /* iconv does not write to it */
    size_t left = n;
    bool good = true;
    while (left && good) {
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
        good = !strict;
        buf_puts(out, REPLACEMENT);
        from++;
        left--;
    }
    iconv_close(cd);
    return good;
}

/* A character of JIS X 0208 by its two 7-bit bytes, in CP932. The tables are the same but for their arrangement, and
 * CP932's has NEC's and IBM's additions, which real mail uses whatever charset it declares. */
static void put_double(struct buf *out, unsigned char row, unsigned char cell)
{
    int r = row - 0x21, c = cell - 0x21;
    int lead = r / 2 + (r < 62 ? 0x81 : 0xc1);
    int trail = r % 2 ? c + 0x9f : c + (c < 63 ? 0x40 : 0x41);
    buf_putc(out, (char)lead);
    buf_putc(out, (char)trail);
}

#define GETA 0x22, 0x2e /* printers' mark for a missing type: JIS X 0212 is not in CP932 */

static bool is_double(unsigned char row, unsigned char cell)
{
    return row >= 0x21 && row <= 0x7e && cell >= 0x21 && cell <= 0x7e;
}

/* ISO-2022-JP as it is sent (RFC 1468, and half-width kana besides), in CP932. False: there are bytes that it cannot have. */
static bool jis_to_sjis(const char *data, size_t n, struct buf *out)
{
    static const struct {
        const char *escape;
        char set;
    } ESCAPES[] = {
        {"\x1b(B", 'A'}, {"\x1b(J", 'A'}, {"\x1b(H", 'A'},  {"\x1b$@", 'K'},
        {"\x1b$B", 'K'}, {"\x1b(I", 'H'}, {"\x1b$(D", 'S'},
    };
    char set = 'A';
    for (size_t i = 0; i < n;) {
        size_t skip = 0;
        for (size_t e = 0; e < COUNT_OF(ESCAPES) && !skip; e++) {
            size_t len = strlen(ESCAPES[e].escape);
            if (n - i >= len && memcmp(data + i, ESCAPES[e].escape, len) == 0) {
                set = ESCAPES[e].set;
                skip = len;
            }
        }
        i += skip;
        if (skip)
            continue;
        unsigned char c = (unsigned char)data[i++];
        if (c & 0x80)
            return false;
        if (c == '\n')
            set = 'A'; /* lines begin in ASCII, though the writer forgot to say so */
        if (set == 'A' || c <= ' ' || c == 0x7f) {
            buf_putc(out, (char)c);
        } else if (set == 'H') {
            buf_putc(out, (char)(c | 0x80));
        } else if (i < n && is_double(c, (unsigned char)data[i])) {
            if (set == 'S')
                put_double(out, GETA);
            else
                put_double(out, c, (unsigned char)data[i]);
            i++;
        } else {
            buf_putc(out, (char)0xff); /* half a character was cut off */
        }
    }
    return true;
}

/* EUC-JP in CP932. False: it is none. */
static bool euc_to_sjis(const char *data, size_t n, struct buf *out)
{
    const unsigned char *s = (const unsigned char *)data;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < 0x80) {
            buf_putc(out, (char)s[i]);
        } else if (s[i] == 0x8e && i + 1 < n && s[i + 1] >= 0xa1 && s[i + 1] <= 0xdf) {
            buf_putc(out, (char)s[++i]);
        } else if (s[i] == 0x8f && i + 2 < n && is_double(s[i + 1] & 0x7f, s[i + 2] & 0x7f)) {
            put_double(out, GETA);
            i += 2;
        } else if (i + 1 < n && s[i + 1] & 0x80 && is_double(s[i] & 0x7f, s[i + 1] & 0x7f)) {
            put_double(out, s[i] & 0x7f, s[i + 1] & 0x7f);
            i++;
        } else {
            return false;
        }
    }
    return true;
}

/* The text as UTF-8 alone in *out. What is ill-formed is U+FFFD; or, when `strict`, the answer is false. */
static bool convert_as(const char *charset, const char *data, size_t n, bool strict, struct buf *out)
{
    AUTO_BUF struct buf sjis = {0};
    bool jis = strcmp(charset, JIS) == 0;
    buf_clear(out);
    if (!jis && strcmp(charset, EUC_JP) != 0)
        return convert(charset, data, n, strict, out);
    if (!(jis ? jis_to_sjis(data, n, &sjis) : euc_to_sjis(data, n, &sjis)))
        return !jis && !strict && convert(EUC_JP_MS, data, n, false, out);
    return convert(SHIFT_JIS, sjis.data ? sjis.data : "", sjis.len, strict, out);
}

static bool has_high_byte(const char *data, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (data[i] & 0x80)
            return true;
    return false;
}

static bool looks_like_jis(const char *data, size_t n)
{
    return memmem(data, n, "\x1b$B", 3) || memmem(data, n, "\x1b$@", 3) || memmem(data, n, "\x1b(I", 3);
}

/* Bytes that write kana and Japanese punctuation, which no real text lacks, less those that would be odd. */
static bool looks_like_shift_jis(const unsigned char *s, size_t n)
{
    size_t kana = 0, half = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] >= 0xa1 && s[i] <= 0xdf) {
            half++;
        } else if (s[i] & 0x80 && i + 1 < n) {
            unsigned char lead = s[i], trail = s[++i];
            kana += (lead == 0x81 && trail >= 0x40 && trail <= 0x9a) ||
                    (lead == 0x82 && trail >= 0x9f && trail <= 0xf1) ||
                    (lead == 0x83 && trail >= 0x40 && trail <= 0x96);
        }
    }
    return kana > half / 2;
}

static bool looks_like_euc_jp(const unsigned char *s, size_t n)
{
    size_t kana = 0, other = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (!(s[i] & 0x80))
            continue;
        if (s[i] == 0xa1 || s[i] == 0xa4 || s[i] == 0xa5)
            kana++;
        else
            other++;
        i++;
    }
    return kana > 0 && kana * 4 >= other;
}

/* What the bytes look like; never NULL. `label` is the declared charset as iconv knows it, or NULL. */
static const char *guess(const char *data, size_t n, const char *label)
{
    const unsigned char *s = (const unsigned char *)data;
    if (n >= 2 && ((s[0] == 0xff && s[1] == 0xfe) || (s[0] == 0xfe && s[1] == 0xff)))
        return "UTF-16";
    if (!has_high_byte(data, n))
        return looks_like_jis(data, n) ? JIS : label ? label : UTF_8;
    if (utf8_valid(data, n))
        return UTF_8;
    AUTO_BUF struct buf scratch = {0};
    if (looks_like_euc_jp(s, n) && convert_as(EUC_JP, data, n, true, &scratch))
        return EUC_JP;
    if (looks_like_shift_jis(s, n) && convert_as(SHIFT_JIS, data, n, true, &scratch))
        return SHIFT_JIS;
    return label && strcmp(label, UTF_8) != 0 && strcmp(label, JIS) != 0 ? label : LATIN;
}

/* Labels that programs write without looking. Text under them that holds to stricter rules is what it looks like. */
static bool is_careless(const char *charset)
{
    return !charset || strcmp(charset, LATIN) == 0 || strcmp(charset, UTF_8) == 0;
}

/* Text that is called UTF-16 but has neither a zero nor a high byte is plain. */
static bool is_not_wide(const char *charset, const char *data, size_t n)
{
    return charset && strncmp(charset, "UTF-16", 6) == 0 && !memchr(data, '\0', n) && !has_high_byte(data, n);
}

char *charset_text(struct arena *a, const char *data, size_t n, const char *label, size_t max)
{
    if (n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 && utf8_valid(data, n))
        return utf8_clean(a, data + 3, n - 3, max);
    const char *charset = known_charset(a, label);
    if (is_not_wide(charset, data, n))
        charset = NULL;
    if (is_careless(charset) || (looks_like_jis(data, n) && !has_high_byte(data, n)))
        charset = guess(data, n, charset);
    if (strcmp(charset, UTF_8) == 0)
        return utf8_clean(a, data, n, max);
    AUTO_BUF struct buf out = {0};
    if (!convert_as(charset, data, n, true, &out)) {
        const char *second = guess(data, n, charset);
        if (strcmp(second, UTF_8) == 0)
            return utf8_clean(a, data, n, max);
        if (!convert_as(second, data, n, false, &out))
            convert_as(LATIN, data, n, false, &out);
    }
    return utf8_clean(a, out.data ? out.data : "", out.len, max);
}

const char *charset_guess(const char *data, size_t n)
{
    return guess(data, n, NULL);
}

/* A converter that is never closed keeps its module in memory. */
static void preload(const char *charset)
{
    iconv_t cd = iconv_open(UTF_8, charset);
    (void)cd;
}

void charset_preload(void)
{
    static const int IBM[] = {50, 52, 55, 57, 58, 60, 61, 62, 63, 64, 65, 66, 69, 74};
    char name[LABEL_MAX];
    preload(EUC_JP_MS);
    for (size_t i = 0; i < COUNT_OF(LABELS); i++)
        if (strcmp(LABELS[i][1], JIS) != 0 && strcmp(LABELS[i][1], EUC_JP) != 0 &&
            (i == 0 || strcmp(LABELS[i][1], LABELS[i - 1][1]) != 0))
            preload(LABELS[i][1]);
    for (int i = 1; i <= 16; i++) {
        snprintf(name, sizeof(name), "ISO-8859-%d", i);
        preload(name);
    }
    for (int i = 0; i <= 8; i++) {
        snprintf(name, sizeof(name), "WINDOWS-125%d", i);
        preload(name);
    }
    for (size_t i = 0; i < COUNT_OF(IBM); i++) {
        snprintf(name, sizeof(name), "IBM8%d", IBM[i]);
        preload(name);
    }
}
