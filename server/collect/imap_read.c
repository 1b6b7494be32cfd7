#include "collect/imap_read.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/mime.h"

#include <ctype.h>
#include <glib.h>
#include <string.h>
#include <strings.h>

#define NUMBER_DIGITS_MAX 18
#define WORDS_MAX 400 /* of what a server says, that is shown */
#define DATE_MAX 40
#define GMAIL_DIGITS_MAX 20 /* a number of 64 bits without a sign */
#define NAME_MAX_BYTES 1000

/* Digits only, and not so many that they would not fit. -1: none. */
static int64_t digits(const char *p, size_t n)
{
    int64_t number = 0;
    if (n == 0 || n > NUMBER_DIGITS_MAX)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (!isdigit((unsigned char)p[i]))
            return -1;
        number = number * 10 + (p[i] - '0');
    }
    return number;
}

/* ---- where it ends ---- */

/* The bytes of the literal that a line announces at its end: "{12}", "{12+}", without the line end. -1: none. */
static int64_t literal_at_end(const char *line, size_t n)
{
    if (n < 3 || line[n - 1] != '}')
        return -1;
    size_t end = n - 1, begin;
    if (line[end - 1] == '+')
        end--;
    for (begin = end; begin > 0 && isdigit((unsigned char)line[begin - 1]); begin--)
        ;
    return begin > 0 && line[begin - 1] == '{' ? digits(line + begin, end - begin) : -1;
}

/* What a person reads ends with its line, whatever is in it: of a tagged response, a status, a continuation. */
static bool is_of_words(const char *data, size_t n)
{
    static const char *const WORDS[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
    if (n < 2 || data[0] != '*' || data[1] != ' ')
        return true;
    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        size_t len = strlen(WORDS[i]);
        if (n >= 2 + len && strncasecmp(data + 2, WORDS[i], len) == 0 && (n == 2 + len || data[2 + len] == ' '))
            return true;
    }
    return false;
}

enum imap_frame_state imap_frame(struct imap_frame *f, const char *data, size_t n, size_t max, size_t *ret_n)
{
    for (;;) {
        size_t from = f->seen > f->at ? f->seen : f->at;
        const char *lf = from < n ? memchr(data + from, '\n', n - from) : NULL;
        size_t line = lf ? (size_t)(lf - data) - f->at : n > f->at ? n - f->at : 0;
        if (f->lines + line > IMAP_LINES_MAX || f->at + line > max)
            return IMAP_FRAME_TOO_LARGE;
        if (!lf) {
            f->seen = n;
            return IMAP_FRAME_MORE;
        }
        size_t text = line && data[f->at + line - 1] == '\r' ? line - 1 : line;
        bool first = f->at == 0;
        int64_t literal = first && is_of_words(data, text) ? -1 : literal_at_end(data + f->at, text);
        f->lines += line + 1;
        f->at += line + 1;
        if (literal < 0) {
            *ret_n = f->at;
            return IMAP_FRAME_WHOLE;
        }
        if ((uint64_t)literal > max - f->at)
            return IMAP_FRAME_TOO_LARGE;
        f->at += (size_t)literal;
    }
}

/* ---- tokens ---- */

static struct imap_value quoted_value(struct imap_scan *s)
{
    struct imap_value v = {.token = IMAP_TEXT, .data = s->at + 1, .quoted = true};
    for (s->at++; s->at < s->end && *s->at != '"'; s->at++)
        if (*s->at == '\\' && s->at + 1 < s->end)
            s->at++;
    v.n = (size_t)(s->at - v.data);
    if (s->at < s->end)
        s->at++;
    return v;
}

#define LITERAL_LINE_MAX (NUMBER_DIGITS_MAX + 6) /* "~{…+}" and the line end */

/* False: what begins here is no literal. */
static bool literal_value(struct imap_scan *s, struct imap_value *ret)
{
    size_t left = (size_t)(s->end - s->at);
    const char *lf = memchr(s->at, '\n', left < LITERAL_LINE_MAX ? left : LITERAL_LINE_MAX);
    size_t line = lf ? (size_t)(lf - s->at) : 0;
    int64_t n = lf ? literal_at_end(s->at, line && s->at[line - 1] == '\r' ? line - 1 : line) : -1;
    if (n < 0 || n > s->end - (lf + 1))
        return false;
    *ret = (struct imap_value){.token = IMAP_TEXT, .data = lf + 1, .n = (size_t)n};
    s->at = lf + 1 + n;
    return true;
}

/* A section in brackets is part of it, with blanks and lists: "BODY[HEADER.FIELDS (SUBJECT)]<0>". */
static struct imap_value atom_value(struct imap_scan *s)
{
    struct imap_value v = {.token = IMAP_ATOM, .data = s->at};
    bool section = false;
    for (; s->at < s->end && (section || !strchr(" ()\"\r\n", *s->at)); s->at++) {
        section = (section || *s->at == '[') && *s->at != ']';
        if (*s->at == '\n')
            break;
    }
    v.n = (size_t)(s->at - v.data);
    return v;
}

struct imap_value imap_next(struct imap_scan *s)
{
    struct imap_value v = {.token = IMAP_END};
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\r' || *s->at == '\n' || *s->at == '\0'))
        s->at++;
    if (s->at == s->end)
        return v;
    switch (*s->at) {
    case '(':
    case ')':
        v.token = *s->at++ == '(' ? IMAP_OPEN : IMAP_CLOSE;
        return v;
    case '"':
        return quoted_value(s);
    case '{':
    case '~': /* of binary content, RFC 3516 */
        if (literal_value(s, &v))
            return v;
        break;
    default:
        break;
    }
    return atom_value(s);
}

bool imap_is(const struct imap_value *v, const char *atom)
{
    return v->token == IMAP_ATOM && strlen(atom) == v->n && strncasecmp(v->data, atom, v->n) == 0;
}

char *imap_text(struct arena *a, const struct imap_value *v)
{
    if ((v->token != IMAP_ATOM && v->token != IMAP_TEXT) || imap_is(v, "NIL"))
        return NULL;
    char *text = arena_strndup(a, v->data, v->n), *to = text;
    for (const char *p = text, *end = text + v->n; p < end; p++) {
        if (v->quoted && *p == '\\' && p + 1 < end)
            p++;
        *to++ = *p;
    }
    *to = '\0';
    return text;
}

void imap_skip(struct imap_scan *s)
{
    size_t depth = 0;
    do {
        enum imap_token t = imap_next(s).token;
        if (t == IMAP_END)
            return;
        depth += t == IMAP_OPEN;
        depth -= t == IMAP_CLOSE && depth > 0;
    } while (depth > 0);
}

/* ---- responses ---- */

static enum imap_status status_of(const char *word, size_t n)
{
    static const struct {
        const char *word;
        enum imap_status status;
    } ROWS[] = {{"OK", IMAP_OK}, {"NO", IMAP_NO}, {"BAD", IMAP_BAD}, {"BYE", IMAP_BYE}, {"PREAUTH", IMAP_OK}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        if (strlen(ROWS[i].word) == n && strncasecmp(ROWS[i].word, word, n) == 0)
            return ROWS[i].status;
    return IMAP_DATA;
}

/* "[UIDVALIDITY 3] as ever" */
static void read_status_words(const char *p, const char *end, struct arena *a, struct imap_response *ret)
{
    while (p < end && *p == ' ')
        p++;
    const char *close = p < end && *p == '[' ? memchr(p, ']', (size_t)(end - p)) : NULL;
    if (close) {
        ret->code = utf8_clean(a, p + 1, (size_t)(close - p - 1), WORDS_MAX);
        p = close + 1;
    }
    ret->words = text_preview(a, utf8_clean(a, p, (size_t)(end - p), WORDS_MAX), WORDS_MAX);
}

static const char *word_end(const char *p, const char *end)
{
    while (p < end && *p != ' ')
        p++;
    return p;
}

static bool read_untagged(const char *p, const char *end, struct arena *a, struct imap_response *ret)
{
    const char *to = word_end(p, end);
    ret->status = status_of(p, (size_t)(to - p));
    if (ret->status != IMAP_DATA) {
        read_status_words(to, end, a, ret);
        return true;
    }
    ret->number = digits(p, (size_t)(to - p));
    if (ret->number >= 0) {
        p = to < end ? to + 1 : to;
        to = word_end(p, end);
    }
    char *name = arena_strndup(a, p, (size_t)(to - p));
    for (char *c = name; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    ret->name = name;
    ret->rest = (struct imap_scan){to, end};
    return to > p;
}

static bool read_tagged(const char *p, const char *end, struct arena *a, struct imap_response *ret)
{
    const char *to = word_end(p, end), *word = to < end ? to + 1 : to, *word_to = word_end(word, end);
    int64_t command = digits(p + 1, (size_t)(to - p - 1));
    ret->tag = 't';
    ret->command = (unsigned)command;
    ret->status = status_of(word, (size_t)(word_to - word));
    read_status_words(word_to, end, a, ret);
    return command >= 0 && command <= UINT32_MAX && ret->status != IMAP_DATA;
}

bool imap_response(const char *data, size_t n, struct arena *a, struct imap_response *ret)
{
    const char *end = data + n;
    while (end > data && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    *ret = (struct imap_response){.number = -1, .name = ""};
    if (end == data)
        return false;
    if (*data == 't')
        return read_tagged(data, end, a, ret);
    ret->tag = *data;
    if (*data == '*')
        return end - data > 2 && data[1] == ' ' && read_untagged(data + 2, end, a, ret);
    if (*data == '+')
        read_status_words(data + 1, end, a, ret);
    return *data == '+';
}

int64_t imap_code_number(const struct imap_response *r, const char *word)
{
    size_t n = strlen(word);
    if (!r->code || strncasecmp(r->code, word, n) != 0 || r->code[n] != ' ')
        return -1;
    return digits(r->code + n + 1, strspn(r->code + n + 1, "0123456789"));
}

/* ---- mails ---- */

/* As a header has it, but for the hyphens. */
int64_t imap_date(const char *text, size_t n)
{
    char copy[DATE_MAX + 1];
    int64_t at = 0;
    for (; n && *text == ' '; n--)
        text++;
    if (n > DATE_MAX)
        return 0;
    memcpy(copy, text, n);
    copy[n] = '\0';
    for (char *c = copy; c < copy + n && c < copy + 7; c++)
        if (*c == '-')
            *c = ' ';
    return mime_date(copy, &at) ? at : 0;
}

/* 32 bits (RFC 9051 §9, uniqueid): a larger one would be the last of more windows than anybody lives to see. */
static int64_t uid_of(const struct imap_value *value)
{
    int64_t uid = digits(value->data, value->n);
    return uid <= UINT32_MAX ? uid : -1;
}

static void read_item(const struct imap_value *name, const struct imap_value *value, struct arena *a,
                      struct imap_mail *ret)
{
    bool is_value = value->token == IMAP_ATOM || value->token == IMAP_TEXT;
    if (!is_value)
        return;
    if (imap_is(name, "UID"))
        ret->uid = uid_of(value);
    else if (imap_is(name, "RFC822.SIZE"))
        ret->size = digits(value->data, value->n);
    else if (imap_is(name, "INTERNALDATE"))
        ret->at = imap_date(value->data, value->n);
    else if (imap_is(name, "X-GM-MSGID") && value->n <= GMAIL_DIGITS_MAX)
        ret->gmail = arena_strndup(a, value->data, value->n);
    else if (name->n >= 5 && strncasecmp(name->data, "BODY[", 5) == 0 && !imap_is(value, "NIL")) {
        ret->content = value->data;
        ret->content_n = value->n;
    }
}

void imap_fetched(struct imap_scan s, struct arena *a, struct imap_mail *ret)
{
    *ret = (struct imap_mail){.uid = -1, .size = -1};
    if (imap_next(&s).token != IMAP_OPEN)
        return;
    for (;;) {
        struct imap_value name = imap_next(&s);
        if (name.token != IMAP_ATOM)
            return;
        struct imap_scan before = s;
        struct imap_value value = imap_next(&s);
        read_item(&name, &value, a, ret);
        s = before;
        imap_skip(&s);
    }
}

/* ---- folders ---- */

bool imap_listed(struct imap_scan s, struct arena *a, struct imap_folder *ret)
{
    static const char *const USES[] = {"\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Junk", "\\Sent", "\\Trash"};
    *ret = (struct imap_folder){0};
    if (imap_next(&s).token != IMAP_OPEN)
        return false;
    for (struct imap_value v = imap_next(&s); v.token == IMAP_ATOM; v = imap_next(&s)) {
        ret->closed |= imap_is(&v, "\\Noselect") || imap_is(&v, "\\NonExistent");
        for (size_t i = 0; i < COUNT_OF(USES); i++)
            if (imap_is(&v, USES[i]))
                ret->use = USES[i];
    }
    imap_next(&s); /* the character between the levels */
    struct imap_value name = imap_next(&s);
    const char *text = imap_text(a, &name);
    ret->name = text ? imap_name_in(a, text) : NULL;
    return ret->name && ret->name[0];
}

static char *convert_name(struct arena *a, const char *text, const char *to, const char *from)
{
    gsize n = 0;
    if (strlen(text) > NAME_MAX_BYTES)
        return NULL;
    char *made = g_convert(text, -1, to, from, NULL, &n, NULL);
    char *copy = made ? arena_strndup(a, made, n) : NULL;
    g_free(made);
    return copy;
}

char *imap_name_out(struct arena *a, const char *utf8)
{
    return convert_name(a, utf8, "UTF-7-IMAP", "UTF-8");
}

char *imap_name_in(struct arena *a, const char *name)
{
    char *utf8 = convert_name(a, name, "UTF-8", "UTF-7-IMAP");
    return utf8_clean(a, utf8 ? utf8 : name, strlen(utf8 ? utf8 : name), NAME_MAX_BYTES);
}

char *imap_quoted(struct arena *a, const char *text)
{
    AUTO_BUF struct buf b = {0};
    buf_putc(&b, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '\r' || *c == '\n')
            return NULL;
        if (*c == '"' || *c == '\\')
            buf_putc(&b, '\\');
        buf_putc(&b, *c);
    }
    buf_putc(&b, '"');
    return arena_strndup(a, b.data, b.len);
}
