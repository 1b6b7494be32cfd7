#include "channel/rtf.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/charset.h"

#include <ctype.h>
#include <stdlib.h>

/* ---- unpacking ------------------------------------------------------------------------------------------------------ */

#define WINDOW 4096
#define PACKED_HEADER 16
#define MAGIC_PACKED 0x75465a4c /* "LZFu" */
#define MAGIC_PLAIN 0x414c454d  /* "MELA" */

/* MS-OXRTFCP §2.1.2.1: what both sides know before the first byte. */
static const char KNOWN[] = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
                            "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
                            "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

static uint32_t u32_at(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

struct window {
    char bytes[WINDOW];
    size_t at;
};

static void unpack_byte(struct window *w, struct buf *out, char c)
{
    buf_putc(out, c);
    w->bytes[w->at++ % WINDOW] = c;
}

/* A run of flags: a byte itself, or a place in the window and how much of it. False: the end. */
static bool unpack_run(struct window *w, struct buf *out, const unsigned char **p, const unsigned char *end, size_t max)
{
    unsigned flags = *(*p)++;
    for (int bit = 0; bit < 8 && *p < end && out->len < max; bit++, flags >>= 1) {
        if (!(flags & 1)) {
            unpack_byte(w, out, (char)*(*p)++);
            continue;
        }
        if (end - *p < 2)
            return false;
        size_t from = (size_t)((*p)[0] << 4 | (*p)[1] >> 4), n = ((*p)[1] & 15u) + 2;
        *p += 2;
        if (from == w->at % WINDOW)
            return false;
        for (size_t i = 0; i < n && out->len < max; i++)
            unpack_byte(w, out, w->bytes[(from + i) % WINDOW]);
    }
    return *p < end && out->len < max;
}

const char *rtf_unpack(struct arena *a, const char *data, size_t n, size_t max, size_t *ret_n)
{
    AUTO_BUF struct buf out = {0};
    if (n < PACKED_HEADER)
        return NULL;
    uint32_t size = u32_at(data + 4), magic = u32_at(data + 8);
    max = size < max ? size : max;
    if (magic == MAGIC_PLAIN) {
        *ret_n = n - PACKED_HEADER < max ? n - PACKED_HEADER : max;
        return data + PACKED_HEADER;
    }
    if (magic != MAGIC_PACKED)
        return NULL;
    struct window w = {.at = sizeof(KNOWN) - 1};
    memcpy(w.bytes, KNOWN, w.at);
    const unsigned char *p = (const unsigned char *)data + PACKED_HEADER, *end = (const unsigned char *)data + n;
    while (p < end && unpack_run(&w, &out, &p, end, max))
        ;
    *ret_n = out.len;
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

#define DEPTH_MAX 100 /* groups within one another whose settings are kept; deeper ones have those of the last */

struct group {
    bool hidden; /* fonts, pictures, and what else is no words */
    bool tag;    /* HTML as it was: {\*\htmltag …} */
    int skip;    /* characters that stand in for one that \u has given */
};

struct reader {
    struct arena *a;
    const char *p, *end;
    struct group stack[DEPTH_MAX];
    size_t depth;
    bool html, suppressed; /* \htmlrtf: it stands in the HTML besides */
    bool star;             /* \*: what the next word begins is hidden where it is not known */
    int left;              /* of the stand-ins */
    const char *charset;
    struct buf bytes, units; /* letters that are not in UTF-8 yet: of the charset, of UTF-16; one of them is empty */
    struct buf out;
};

static struct group *group_now(struct reader *r)
{
    return &r->stack[r->depth < DEPTH_MAX ? r->depth : DEPTH_MAX - 1];
}

static bool is_silent(struct reader *r)
{
    return group_now(r)->hidden || (r->html && r->suppressed && !group_now(r)->tag);
}

static void flush_letters(struct reader *r)
{
    if (r->bytes.len)
        buf_puts(&r->out, charset_text(r->a, r->bytes.data, r->bytes.len, r->charset, 0));
    if (r->units.len)
        buf_puts(&r->out, charset_utf16(r->a, r->units.data, r->units.len, 0));
    buf_clear(&r->bytes);
    buf_clear(&r->units);
}

static void put_letter(struct reader *r, char c)
{
    if (r->left > 0) {
        r->left--;
    } else if (!is_silent(r)) {
        if (r->units.len)
            flush_letters(r);
        buf_putc(&r->bytes, c);
    }
}

static void write_words(struct reader *r, const char *utf8)
{
    if (is_silent(r))
        return;
    flush_letters(r);
    buf_puts(&r->out, utf8);
}

/* A unit of UTF-16: of a pair each has a \u of its own. */
static void put_unit(struct reader *r, int number)
{
    unsigned unit = (unsigned)(number < 0 ? number + 65536 : number);
    if (!is_silent(r) && unit && unit <= 0xffff) {
        if (r->bytes.len)
            flush_letters(r);
        buf_add(&r->units, (char[]){(char)(unit & 0xff), (char)(unit >> 8)}, 2);
    }
    r->left = group_now(r)->skip;
}

static const char *const HIDDEN[] = {
    "fonttbl",  "colortbl",  "stylesheet", "info",         "pict",      "header",    "footer",    "headerl",
    "headerr",  "footerl",   "footerr",    "object",       "themedata", "datastore", "listtable", "listoverridetable",
    "rsidtbl",  "generator", "xmlnstbl",   "latentstyles", "revtbl",    "filetbl",   "fldinst",   "colorschememapping",
    "mhtmltag", "pntext",    "ftnsep",     "bkmkstart",    "bkmkend",
};

static const struct {
    const char *word, *text;
} SIGNS[] = {
    {"par", "\n"},      {"line", "\n"},     {"sect", "\n"},   {"page", "\n"},   {"row", "\n"},   {"tab", "\t"},
    {"cell", "\t"},     {"emdash", "—"},    {"endash", "–"},  {"bullet", "•"},  {"lquote", "‘"}, {"rquote", "’"},
    {"ldblquote", "“"}, {"rdblquote", "”"}, {"emspace", " "}, {"enspace", " "},
};

static bool is_hidden_word(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(HIDDEN); i++)
        if (strcmp(HIDDEN[i], word) == 0)
            return true;
    return false;
}

static bool put_sign(struct reader *r, const char *word)
{
    for (size_t i = 0; i < COUNT_OF(SIGNS); i++) {
        if (strcmp(SIGNS[i].word, word) == 0) {
            write_words(r, SIGNS[i].text);
            return true;
        }
    }
    return false;
}

/* `number`: 1 where none is given. */
static void obey(struct reader *r, const char *word, bool has_number, int number)
{
    bool star = r->star;
    r->star = false;
    if (strcmp(word, "htmltag") == 0)
        group_now(r)->tag = true;
    else if (strcmp(word, "fromhtml") == 0)
        r->html = number != 0;
    else if (strcmp(word, "htmlrtf") == 0)
        r->suppressed = !has_number || number != 0;
    else if (star || is_hidden_word(word))
        group_now(r)->hidden = true;
    else if (strcmp(word, "ansicpg") == 0)
        r->charset = arena_printf(r->a, "%d", number);
    else if (strcmp(word, "uc") == 0)
        group_now(r)->skip = number >= 0 && number < 16 ? number : 1;
    else if (strcmp(word, "u") == 0)
        put_unit(r, number);
    else if (strcmp(word, "bin") == 0)
        r->p += number > 0 && number < r->end - r->p ? number : 0;
    else
        put_sign(r, word);
}

static void read_control(struct reader *r)
{
    char word[33];
    size_t n = 0;
    while (r->p < r->end && isalpha((unsigned char)*r->p)) {
        if (n + 1 < sizeof(word))
            word[n++] = *r->p;
        r->p++;
    }
    word[n] = '\0';
    bool minus = r->p + 1 < r->end && *r->p == '-' && isdigit((unsigned char)r->p[1]);
    r->p += minus;
    bool has_number = r->p < r->end && isdigit((unsigned char)*r->p);
    int number = has_number ? 0 : 1;
    for (; r->p < r->end && isdigit((unsigned char)*r->p); r->p++)
        number = number < 100000000 ? number * 10 + (*r->p - '0') : number;
    if (r->p < r->end && *r->p == ' ')
        r->p++;
    obey(r, word, has_number, minus ? -number : number);
}

static void read_escape(struct reader *r)
{
    char c = r->p < r->end ? *r->p : '\0';
    if (isalpha((unsigned char)c)) {
        read_control(r);
        return;
    }
    r->p += r->p < r->end;
    if (c == '\'' && r->end - r->p >= 2 && hex_digit(r->p[0]) >= 0 && hex_digit(r->p[1]) >= 0) {
        put_letter(r, (char)(hex_digit(r->p[0]) << 4 | hex_digit(r->p[1])));
        r->p += 2;
    } else if (c == '*') {
        r->star = true;
    } else if (c == '~') {
        write_words(r, " ");
    } else if (c == '_') {
        write_words(r, "-");
    } else if (c == '\n' || c == '\r') {
        write_words(r, "\n");
    } else if (c == '\\' || c == '{' || c == '}') {
        put_letter(r, c);
    }
}

static void read_token(struct reader *r)
{
    char c = *r->p++;
    if (c == '\\') {
        read_escape(r);
    } else if (c == '{') {
        struct group now = *group_now(r);
        r->depth++;
        *group_now(r) = now;
    } else if (c == '}') {
        r->depth -= r->depth > 0;
        r->left = 0;
    } else if (c != '\n' && c != '\r' && c != '\0') {
        put_letter(r, c);
    }
}

const char *rtf_words(struct arena *a, const char *rtf, size_t n, size_t max, bool *ret_is_html)
{
    struct reader r = {.a = a, .p = rtf, .end = rtf + n, .stack[0] = {.skip = 1}, .charset = "windows-1252"};
    while (r.p < r.end && r.out.len + r.bytes.len + r.units.len < max)
        read_token(&r);
    flush_letters(&r);
    const char *words = utf8_clean(a, r.out.data ? r.out.data : "", r.out.len, max);
    *ret_is_html = r.html;
    buf_free(&r.bytes);
    buf_free(&r.units);
    buf_free(&r.out);
    return words;
}
