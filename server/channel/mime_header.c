/* Headers as text: encoded words (RFC 2047), which are decoded here because real Japanese mail needs charset.h, and ids. */
#include "channel/mime_words.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/charset.h"
#include "channel/kit.h"

#include <ctype.h>
#include <gmime/gmime.h>
#include <pthread.h>
#include <strings.h>

#define CHARSET_MAX 64
#define MESSAGE_ID_MAX 998

void mime_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, g_mime_init);
}

/* ---- encoded words ------------------------------------------------------------------------------------------------- */

struct word {
    char charset[CHARSET_MAX + 1];
    char encoding; /* 'B' or 'Q' */
    const char *data;
    size_t n;
    const char *end;
};

static bool read_word(const char *s, struct word *ret)
{
    if (s[0] != '=' || s[1] != '?')
        return false;
    const char *charset = s + 2;
    size_t whole = 0, n = 0;
    while (whole < CHARSET_MAX && charset[whole] && !strchr("? \t", charset[whole]))
        whole++;
    while (n < whole && charset[n] != '*') /* a language follows, RFC 2231 §5 */
        n++;
    if (n == 0 || charset[whole] != '?')
        return false;
    const char *p = charset + whole + 1;
    char encoding = (char)toupper((unsigned char)*p);
    if ((encoding != 'B' && encoding != 'Q') || p[1] != '?')
        return false;
    const char *end = memmem(p + 2, strnlen(p + 2, MIME_WORD_MAX), "?=", 2);
    if (!end)
        return false;
    memcpy(ret->charset, charset, n);
    ret->charset[n] = '\0';
    ret->encoding = encoding;
    ret->data = p + 2;
    ret->n = (size_t)(end - ret->data);
    ret->end = end + 2;
    return true;
}

static void decode_q(const struct word *word, struct buf *out)
{
    for (size_t i = 0; i < word->n; i++) {
        char c = word->data[i];
        if (c == '=' && i + 2 < word->n && hex_digit(word->data[i + 1]) >= 0 && hex_digit(word->data[i + 2]) >= 0) {
            buf_putc(out, (char)(hex_digit(word->data[i + 1]) * 16 + hex_digit(word->data[i + 2])));
            i += 2;
        } else {
            buf_putc(out, (char)(c == '_' ? ' ' : c));
        }
    }
}

/* Bits of characters that are not whole yet: some writers cut base64 anywhere. */
struct bits {
    unsigned value;
    int n;
};

static int base64_digit(char c)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(DIGITS, c) : NULL;
    return at ? (int)(at - DIGITS) : -1;
}

static void decode_b(const struct word *word, struct bits *bits, struct buf *out)
{
    for (size_t i = 0; i < word->n; i++) {
        int digit = base64_digit(word->data[i]);
        if (word->data[i] == '=')
            bits->n = 0;
        if (digit < 0)
            continue;
        bits->value = (bits->value << 6 | (unsigned)digit) & 0xffff;
        bits->n += 6;
        if (bits->n >= 8) {
            bits->n -= 8;
            buf_putc(out, (char)(bits->value >> bits->n));
        }
    }
}

/* The text of the encoded words at *p that belong together: with white space alone between and one charset, since a
 * character may be split over two. Moves *p behind them. NULL: there is none. */
static const char *read_words(struct arena *a, const char **p)
{
    struct word first, word;
    if (!read_word(*p, &first))
        return NULL;
    AUTO_BUF struct buf bytes = {0};
    struct bits bits = {0};
    const char *next = *p;
    while (read_word(next, &word) && strcasecmp(word.charset, first.charset) == 0) {
        if (word.encoding == 'B')
            decode_b(&word, &bits, &bytes);
        else
            decode_q(&word, &bytes);
        *p = word.end;
        next = word.end + strspn(word.end, " \t");
    }
    if (next[0] == '=' && read_word(next, &word))
        *p = next; /* white space before a word in another charset does not count either */
    return charset_text(a, bytes.data ? bytes.data : "", bytes.len, first.charset, 0);
}

/* One line of clean UTF-8, still with its encoded words. */
const char *mime_unfold(struct arena *a, const char *value)
{
    size_t n = strnlen(value, MIME_HEADER_MAX);
    char *line = charset_text(a, value, n, NULL, 0);
    char *to = line;
    for (const char *p = line; *p; p++)
        if (*p != '\n')
            *to++ = (char)(*p == '\t' ? ' ' : *p);
    *to = '\0';
    return line;
}

const char *mime_header_text(struct arena *a, const char *value)
{
    if (!value)
        return NULL;
    AUTO_BUF struct buf out = {0};
    for (const char *p = mime_unfold(a, value); *p;) {
        const char *text = read_words(a, &p);
        if (text)
            buf_puts(&out, text);
        else
            buf_putc(&out, *p++);
    }
    return out.len ? line_cut(a, out.data, MIME_HEADER_MAX) : NULL;
}

/* ---- encoded words out of the way ------------------------------------------------------------------------------------ */

/* Clean text has no control characters. */
#define MARK_BEGIN '\x01'
#define MARK "\x01%zu\x02"

const char *mime_hide_words(struct arena *a, const char *value, struct mime_words *ret)
{
    AUTO_BUF struct buf out = {0};
    for (const char *p = mime_unfold(a, value); *p;) {
        const char *text = ret->n < MIME_WORDS_MAX ? read_words(a, &p) : NULL;
        if (text) {
            buf_printf(&out, MARK, ret->n);
            ret->texts[ret->n++] = text;
        } else {
            buf_putc(&out, *p++);
        }
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

const char *mime_show_words(struct arena *a, const char *text, const struct mime_words *words)
{
    AUTO_BUF struct buf out = {0};
    while (*text) {
        char *end = NULL;
        size_t i = *text == MARK_BEGIN ? strtoul(text + 1, &end, 10) : words->n;
        if (i < words->n)
            buf_puts(&out, words->texts[i]);
        else
            buf_putc(&out, *text);
        text = i < words->n ? end + 1 : text + 1;
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

/* ---- comments ------------------------------------------------------------------------------------------------------- */

const char *mime_without_comments(struct arena *a, const char *value)
{
    char *copy = arena_strdup(a, value);
    size_t depth = 0, begin = 0;
    bool quoted = false;
    for (size_t i = 0; copy[i]; i++) {
        if (copy[i] == '\\' && copy[i + 1]) {
            i++;
        } else if (copy[i] == '"' && !depth) {
            quoted = !quoted;
        } else if (copy[i] == '(' && !quoted) {
            begin = depth++ ? begin : i;
        } else if (copy[i] == ')' && depth && --depth == 0) {
            memset(copy + begin, ' ', i + 1 - begin);
        }
    }
    return copy;
}

/* ---- ids of messages ------------------------------------------------------------------------------------------------ */

static void add_message_id(struct arena *a, struct list *list, const char *s, size_t n)
{
    const char **ids = list->items;
    char *id = arena_alloc(a, n + 3), *to = id;
    *to++ = '<';
    for (size_t i = 0; i < n; i++)
        if (s[i] != ' ')
            *to++ = s[i];
    *to++ = '>';
    if (to - id <= 2 || to - id > MESSAGE_ID_MAX)
        return;
    if (list->n == MIME_REFERENCES_MAX) { /* the last ones are the nearest */
        memmove(ids, ids + 1, (MIME_REFERENCES_MAX - 1) * sizeof(*ids));
        list->n--;
    }
    ids[list->n++] = id;
}

/* Nothing but ids that nobody put into brackets; of a single word it does not matter what it looks like. */
static void add_bare_ids(struct arena *a, struct list *list, const char *line)
{
    static const char BETWEEN[] = " ,;\"";
    for (const char *p = line + strspn(line, BETWEEN), *first = p; *p; p += strspn(p, BETWEEN)) {
        size_t n = strcspn(p, BETWEEN);
        bool alone = p == first && !p[n + strspn(p + n, BETWEEN)];
        if ((!memchr(p, '@', n) && !alone) || memchr(p, '>', n)) {
            list->n = 0;
            return;
        }
        add_message_id(a, list, p, n);
        p += n;
    }
}

/* Comments outside brackets are blanks; an id may hold parentheses. */
static const char *ids_without_comments(struct arena *a, const char *line)
{
    char *copy = arena_strdup(a, line);
    size_t depth = 0, begin = 0;
    bool within = false;
    for (size_t i = 0; copy[i]; i++) {
        within = !depth && (copy[i] == '<' || (within && copy[i] != '>'));
        if (within)
            continue;
        if (copy[i] == '(')
            begin = depth++ ? begin : i;
        else if (copy[i] == ')' && depth && --depth == 0)
            memset(copy + begin, ' ', i + 1 - begin);
    }
    return copy;
}

struct list mime_ids(struct arena *a, const char *value)
{
    struct list list = {arena_alloc(a, MIME_REFERENCES_MAX * sizeof(char *)), 0};
    if (!value)
        return list;
    const char *line = mime_unfold(a, value);
    if (!strchr(line, '<'))
        add_bare_ids(a, &list, mime_without_comments(a, line));
    else if (strchr(line, '('))
        line = ids_without_comments(a, line);
    for (const char *p = line; (p = strchr(p, '<')) != NULL;) {
        size_t n = strcspn(++p, "<>");
        if (p[n] == '>' || (!p[n] && memchr(p, '@', n) && !memchr(p, ' ', n))) /* else another "<", or the end */
            add_message_id(a, &list, p, n);
        p += n;
    }
    return list;
}
