#include "channel/charset.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/charset_convert.h"

#include <strings.h>

#define SURE 6         /* bytes */
#define HTML_HEAD 4096 /* bytes */

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

/* Kanji come in runs: two characters of the common ones (JIS X 0208's first level) at once, and few others. A lead byte by itself is a
 * quotation mark, a dash or an accent of a Western charset, and the same pair again and again is a line of dashes. `common`: lead bytes of
 * those. */
static bool has_runs_of_kanji(const unsigned char *s, size_t n, unsigned char first, unsigned char last)
{
    size_t pairs = 0, common = 0, in_runs = 0;
    bool after_pair = false;
    for (size_t i = 0; i < n; i++) {
        bool pair = s[i] >= 0x81 && !(first == 0x88 && s[i] >= 0xa0 && s[i] <= 0xdf) && i + 1 < n && s[i + 1] >= 0x40;
        if (pair && after_pair && s[i] == s[i - 2] && s[i + 1] == s[i - 1]) {
            i++;
            continue;
        }
        pairs += pair;
        common += pair && s[i] >= first && s[i] <= last;
        in_runs += pair && after_pair;
        after_pair = pair;
        i += pair;
    }
    return in_runs && common * 4 >= pairs * 3 && in_runs * 2 >= pairs - (pairs > 1);
}

/* How much of the text is characters of UTF-8 of more than one byte, by their length, and how many bytes are of none. */
static bool is_mostly_utf8(const char *data, size_t n, bool declared)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < n;) {
        size_t len = (unsigned char)data[i] < 0x80 ? 1 : utf8_sequence(data + i, n - i);
        bool cut = !len && (unsigned char)data[i] >= 0xe0 && i + 1 < n && (data[i + 1] & 0xc0) == 0x80;
        bad += !len;
        good += len > 1 ? len - 1 : cut;
        i += len ? len : 1 + (size_t)cut;
    }
    return declared ? good && good >= bad : good > bad;
}

/* What no other charset would hold by chance. */
static bool is_surely_utf8(const char *data, size_t n)
{
    size_t good = 0;
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_sequence(data + i, n - i);
        if (!len)
            return false;
        good += len - 1;
    }
    return good >= SURE;
}

static bool is_named_utf8(const char *charset)
{
    return charset && strcmp(charset, UTF_8) == 0;
}

static bool is_strictly(const char *charset, const char *data, size_t n)
{
    AUTO_BUF struct buf scratch = {0};
    return charset_convert(charset, data, n, true, &scratch);
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
    bool kanji = !label || is_named_utf8(label) || strcmp(label, LATIN) == 0;
    if ((looks_like_euc_jp(s, n) || (kanji && has_runs_of_kanji(s, n, 0xb0, 0xcf))) && is_strictly(EUC_JP, data, n))
        return EUC_JP;
    if (is_mostly_utf8(data, n, is_named_utf8(label)))
        return UTF_8;
    if ((looks_like_shift_jis(s, n) || (kanji && has_runs_of_kanji(s, n, 0x88, 0x9f))) &&
        is_strictly(SHIFT_JIS, data, n))
        return SHIFT_JIS;
    return label && strcmp(label, UTF_8) != 0 && strcmp(label, JIS) != 0 && strcmp(label, HZ) != 0 ? label : LATIN;
}

/* Labels that programs write without looking. Text under them that holds to stricter rules is what it looks like. */
static bool is_careless(const char *charset)
{
    return !charset || strcmp(charset, LATIN) == 0 || strcmp(charset, UTF_8) == 0;
}

/* Text that is called UTF-16 or UTF-32 but has neither a zero nor a high byte is plain. */
static bool is_not_wide(const char *charset, const char *data, size_t n)
{
    return charset && (strncmp(charset, "UTF-16", 6) == 0 || strncmp(charset, "UTF-32", 6) == 0) &&
           !memchr(data, '\0', n) && !has_high_byte(data, n);
}

char *charset_text(struct arena *a, const char *data, size_t n, const char *label, size_t max)
{
    if (n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 && is_mostly_utf8(data, n, true))
        return utf8_clean(a, data + 3, n - 3, max);
    const char *charset = charset_of_label(label);
    if (is_not_wide(charset, data, n) || (!is_careless(charset) && is_surely_utf8(data, n)))
        charset = NULL;
    if (is_careless(charset) || (looks_like_jis(data, n) && !has_high_byte(data, n)))
        charset = guess(data, n, charset);
    if (strcmp(charset, UTF_8) == 0)
        return utf8_clean(a, data, n, max);
    AUTO_BUF struct buf out = {0};
    if (!charset_convert(charset, data, n, true, &out)) {
        const char *second = guess(data, n, charset);
        if (strcmp(second, UTF_8) == 0)
            return utf8_clean(a, data, n, max);
        if (!charset_convert(second, data, n, false, &out))
            charset_convert(LATIN, data, n, false, &out);
    }
    return utf8_clean(a, out.data ? out.data : "", out.len, max);
}

char *charset_utf16(struct arena *a, const char *data, size_t n, size_t max)
{
    AUTO_BUF struct buf out = {0};
    charset_convert("UTF-16LE", data, n, false, &out);
    return utf8_clean(a, out.data ? out.data : "", out.len, max);
}

const char *charset_guess(const char *data, size_t n)
{
    return guess(data, n, NULL);
}

/* As browsers look for it, roughly (HTML, 13.2.3.2): the first "charset=" in a meta tag within the first bytes. A page that is read as
 * bytes cannot be UTF-16, whatever it says. */
const char *charset_in_html(struct arena *a, const char *data, size_t n)
{
    const char *head = arena_strndup(a, data, strnlen(data, n < HTML_HEAD ? n : HTML_HEAD));
    for (const char *meta = head; (meta = strcasestr(meta, "<meta")) != NULL; meta++) {
        const char *tag = arena_strndup(a, meta, strcspn(meta, ">")), *p = strcasestr(tag, "charset");
        p = p ? p + 7 + strspn(p + 7, " \t\n\r") : NULL;
        if (!p || *p != '=')
            continue;
        p += 1 + strspn(p + 1, " \t\n\r\"'");
        const char *label = arena_strndup(a, p, strcspn(p, " \t\n\r\"';/>")), *charset = charset_of_label(label);
        if (charset && strncmp(charset, "UTF-16", 6) != 0)
            return label;
    }
    return NULL;
}

bool charset_is_not(const char *label, const char *data, size_t n)
{
    const char *charset = charset_of_label(label);
    return charset && strcmp(charset, UTF_8) == 0 && has_high_byte(data, n) && !is_mostly_utf8(data, n, true);
}

void charset_preload(void)
{
    charset_convert_preload();
}
