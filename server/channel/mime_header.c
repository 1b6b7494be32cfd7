/* Mail headers. GMime knows the grammar; encoded words (RFC 2047) are decoded here, because real Japanese mail needs
 * charset.h. So that addresses and parameters can be taken apart by GMime all the same, each run of encoded words in
 * them is replaced by a token before and by its text after. */
#include "channel/mime.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/charset.h"
#include "channel/kit.h"

#include <ctype.h>
#include <gmime/gmime.h>
#include <pthread.h>
#include <strings.h>

#define CHARSET_MAX 64
#define TOKENS_MAX 200
#define MESSAGE_ID_MAX 998
#define GROUP_DEPTH_MAX 2
#define ADDRESSES_LOOK_MAX (10 * MIME_ADDRESSES_MAX) /* commas stand in names, too */

void mime_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, g_mime_init);
}

/* ---- encoded words ------------------------------------------------------------------------------------------------- */

struct word {
    char charset[CHARSET_MAX];
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

/* ---- tokens: encoded words out of GMime's way --------------------------------------------------------------------- */

struct tokens {
    const char *texts[TOKENS_MAX];
    size_t n;
};

#define TOKEN_BEGIN "x2047w"
#define TOKEN TOKEN_BEGIN "%zux"

/* The length of the token at `s`, or 0. */
static size_t read_token(const char *s, size_t *ret_i)
{
    size_t n = sizeof(TOKEN_BEGIN) - 1, i = 0;
    if (s[0] != 'x' || strncmp(s, TOKEN_BEGIN, n) != 0 || !isdigit((unsigned char)s[n]))
        return 0;
    for (; isdigit((unsigned char)s[n]) && i < TOKENS_MAX; n++)
        i = i * 10 + (size_t)(s[n] - '0');
    *ret_i = i;
    return s[n] == 'x' ? n + 1 : 0;
}

/* The length of a local part at *p that the grammar forbids and Japanese carriers gave out ("a..b.@docomo.ne.jp"), or 0. */
static size_t odd_local_part(const char *s)
{
    static const char ATEXT[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.";
    size_t n = strspn(s, ATEXT);
    if (n == 0 || s[n] != '@')
        return 0;
    return s[0] == '.' || s[n - 1] == '.' || memmem(s, n, "..", 2) ? n : 0;
}

static const char *hide_words(struct arena *a, const char *value, struct tokens *ret)
{
    AUTO_BUF struct buf out = {0};
    bool inside = false; /* an atom */
    for (const char *p = mime_unfold(a, value); *p;) {
        const char *text = ret->n < TOKENS_MAX ? read_words(a, &p) : NULL;
        size_t odd = !text && !inside && ret->n < TOKENS_MAX ? odd_local_part(p) : 0;
        if (odd) {
            text = arena_strndup(a, p, odd);
            p += odd;
        }
        inside = !text && !strchr(" <>,;:\"()", *p);
        if (text) {
            buf_printf(&out, TOKEN, ret->n);
            ret->texts[ret->n++] = text;
        } else {
            buf_putc(&out, *p++);
        }
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

static const char *show_words(struct arena *a, const char *text, const struct tokens *tokens)
{
    AUTO_BUF struct buf out = {0};
    while (*text) {
        size_t i, n = read_token(text, &i);
        if (n && i < tokens->n) {
            buf_puts(&out, tokens->texts[i]);
            text += n;
        } else {
            buf_putc(&out, *text++);
        }
    }
    return out.len ? charset_text(a, out.data, out.len, NULL, 0) : NULL;
}

/* ---- addresses ------------------------------------------------------------------------------------------------------ */

struct address_list {
    struct arena *arena;
    const struct tokens *tokens;
    struct mime_address *items;
    size_t n;
};

static void add_address(struct address_list *list, const char *name, const char *address)
{
    if (list->n == MIME_ADDRESSES_MAX)
        return;
    address = address ? show_words(list->arena, address, list->tokens) : NULL;
    name = name ? line_cut(list->arena, show_words(list->arena, name, list->tokens), PERSON_NAME_MAX) : NULL;
    if (address && !strchr(address, '@')) {
        name = name ? name : line_cut(list->arena, address, PERSON_NAME_MAX);
        address = NULL;
    }
    address = address ? line_cut(list->arena, address, IDENTITY_VALUE_MAX * 2) : NULL;
    if (name || address)
        list->items[list->n++] = (struct mime_address){name, address};
}

static void add_addresses(struct address_list *list, InternetAddressList *parsed,
                          int depth) // NOLINT(misc-no-recursion)
{
    for (int i = 0; i < internet_address_list_length(parsed); i++) {
        InternetAddress *address = internet_address_list_get_address(parsed, i);
        if (INTERNET_ADDRESS_IS_MAILBOX(address))
            add_address(list, internet_address_get_name(address),
                        internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)));
        else if (INTERNET_ADDRESS_IS_GROUP(address) && depth < GROUP_DEPTH_MAX)
            add_addresses(list, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)), depth + 1);
    }
}

/* When the grammar fails: the first word with an "@" in it. */
static void add_anything(struct address_list *list, const char *value)
{
    static const char ENDS[] = " \t,;<>()\"";
    const char *at = strchr(value, '@'), *start = at;
    if (!at)
        return;
    while (start > value && !strchr(ENDS, start[-1]))
        start--;
    add_address(list, NULL, arena_strndup(list->arena, start, (size_t)(at - start) + strcspn(at, ENDS)));
}

/* GMime goes into itself for each group and comment, and knows no end of a list. Groups in groups do not exist (RFC 5322
 * §3.4): from the limit on their marks are commas. */
static const char *bounded_addresses(struct arena *a, const char *value)
{
    char *copy = arena_strdup(a, value);
    size_t groups = 0, addresses = 0;
    for (char *p = copy; *p; p++) {
        if (*p == ':' && ++groups > MIME_GROUPS_MAX)
            *p = ',';
        if (*p == ';' && groups > MIME_GROUPS_MAX)
            *p = ',';
        if ((*p == ',' || *p == ';') && ++addresses > ADDRESSES_LOOK_MAX)
            *p = '\0';
        if (!*p)
            break;
    }
    return copy;
}

struct list mime_addresses(struct arena *a, const char *value)
{
    struct tokens tokens = {.n = 0};
    struct address_list list = {a, &tokens, arena_alloc(a, MIME_ADDRESSES_MAX * sizeof(*list.items)), 0};
    mime_init();
    const char *plain = bounded_addresses(a, hide_words(a, value ? value : "", &tokens));
    InternetAddressList *parsed = internet_address_list_parse(NULL, plain);
    if (parsed) {
        add_addresses(&list, parsed, 0);
        g_object_unref(parsed);
    }
    bool any = false;
    for (size_t i = 0; i < list.n; i++)
        any = any || list.items[i].address;
    if (!any)
        add_anything(&list, plain);
    return (struct list){list.items, list.n};
}

/* ---- the rest ------------------------------------------------------------------------------------------------------- */

static const char *bounded_params(struct arena *a, const char *params)
{
    char *copy = arena_strndup(a, params, strnlen(params, MIME_PARAMS_BYTES_MAX));
    size_t n = 0;
    for (char *p = copy; *p; p++)
        if (*p == ';' && ++n == MIME_PARAMS_MAX)
            *p = p[1] = '\0';
    return copy;
}

const char *mime_param(struct arena *a, const char *value, const char *name)
{
    struct tokens tokens = {.n = 0};
    if (!value)
        return NULL;
    mime_init();
    const char *plain = strchr(hide_words(a, value, &tokens), ';');
    if (!plain)
        return NULL;
    GMimeParamList *params = g_mime_param_list_parse(NULL, bounded_params(a, plain + 1));
    if (!params)
        return NULL;
    GMimeParam *param = g_mime_param_list_get_parameter(params, name);
    const char *text = param ? g_mime_param_get_value(param) : NULL;
    const char *shown = text ? show_words(a, text, &tokens) : NULL;
    g_object_unref(params);
    return shown;
}

struct list mime_ids(struct arena *a, const char *value)
{
    const char **ids = arena_alloc(a, MIME_REFERENCES_MAX * sizeof(*ids));
    struct list list = {ids, 0};
    if (!value)
        return list;
    const char *line = text_trim(a, mime_unfold(a, value));
    if (!strchr(line, '<') && strchr(line, '@') && !strpbrk(line, " >"))
        line = arena_printf(a, "<%s>", line);
    for (const char *p = line; (p = strchr(p, '<')) != NULL;) {
        size_t n = strcspn(p + 1, "<>") + 1;
        if (p[n] != '>') { /* another "<", or the end */
            p += n;
            continue;
        }
        char *id = arena_strndup(a, p, n + 1), *to = id;
        for (const char *from = id; *from; from++)
            if (*from != ' ')
                *to++ = *from;
        *to = '\0';
        p += n + 1;
        if (to - id <= 2 || to - id > MESSAGE_ID_MAX)
            continue;
        if (list.n == MIME_REFERENCES_MAX) { /* the last ones are the nearest */
            memmove(ids, ids + 1, (MIME_REFERENCES_MAX - 1) * sizeof(*ids));
            list.n--;
        }
        ids[list.n++] = id;
    }
    return list;
}

bool mime_date(const char *text, int64_t *ret)
{
    if (!text || strlen(text) > 200)
        return false;
    mime_init();
    GDateTime *date = g_mime_utils_header_decode_date(text);
    if (!date)
        return false;
    *ret = (int64_t)g_date_time_to_unix(date) * 1000;
    g_date_time_unref(date);
    return true;
}
