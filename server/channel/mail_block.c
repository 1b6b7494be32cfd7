#include "channel/mail_block.h"

#include "base/mem.h"
#include "channel/block_words.h"

#include <ctype.h>
#include <glib.h>
#include <string.h>

#define BLOCK_LINES_MAX 16
#define GAP_LINES_MAX 3
#define INLINE_MAX 2000
#define NAME_MAX_BYTES 40
#define RULES "-_*#=~"

/* ---- lines ---- */

static bool is_space(char c)
{
    return isspace((unsigned char)c);
}

/* White space at the front, with what Outlook and browsers put there: marks of byte order, spaces that do not break. */
static size_t blank_bytes(const char *p, size_t n)
{
    static const char *const BLANKS[] = {"\xef\xbb\xbf", "\xc2\xa0",     "\xe2\x80\x8e", "\xe2\x80\x8f",
                                         "\xe2\x80\xab", "\xe2\x80\xaa", "\xe2\x80\x8b"};
    for (size_t i = 0; i < COUNT_OF(BLANKS); i++)
        if (n >= strlen(BLANKS[i]) && memcmp(p, BLANKS[i], strlen(BLANKS[i])) == 0)
            return strlen(BLANKS[i]);
    return n > 0 && is_space(*p);
}

struct mail_line mail_line_at(const char *p)
{
    const char *end = p;
    while (*end && *end != '\n') /* not by the library: the sanitizer reads all that follows for each call */
        end++;
    struct mail_line line = {p, (size_t)(end - p), *end ? end + 1 : NULL};
    for (size_t blank; (blank = blank_bytes(line.at, line.n)) > 0; line.n -= blank)
        line.at += blank;
    while (line.n && is_space(line.at[line.n - 1]))
        line.n--;
    return line;
}

static bool begins_mail_line(const struct mail_line *line, const char *word)
{
    size_t n = strlen(word);
    return line->n >= n && memcmp(line->at, word, n) == 0;
}

static size_t quote_mark(const struct mail_line *line)
{
    return begins_mail_line(line, ">") ? 1 : begins_mail_line(line, "＞") ? strlen("＞") : 0;
}

bool mail_line_is_quoted(const struct mail_line *line)
{
    return quote_mark(line) > 0;
}

struct mail_line mail_line_bare(struct mail_line line)
{
    for (size_t n = quote_mark(&line); n > 0 || (line.n && is_space(*line.at)); n = quote_mark(&line)) {
        n = n > 0 ? n : 1;
        line.at += n;
        line.n -= n;
    }
    return line;
}

/* The Turkish İ is an i with a dot above of its own then, which the tables do not have. */
static char *lower_text(const char *at, size_t n)
{
    char *text = g_utf8_strdown(at, (gssize)n);
    for (char *dot; (dot = strstr(text, "i\xcc\x87"));)
        memmove(dot + 1, dot + 3, strlen(dot + 3) + 1);
    return text;
}

/* Marks of direction (UAX 9) stand anywhere in lines of Hebrew and Arabic: U+200E, 200F, 202A to 202E. */
static void drop_directions(char *text)
{
    for (char *p = text; (p = strstr(p, "\xe2\x80")) != NULL;) {
        unsigned char last = (unsigned char)p[2];
        if (last == 0x8e || last == 0x8f || (last >= 0xaa && last <= 0xae))
            memmove(p, p + 3, strlen(p + 3) + 1);
        else
            p += 2;
    }
}

char *mail_line_lower(const struct mail_line *line)
{
    if (line->n > MAIL_LINE_LOOK_MAX)
        return g_strdup("");
    char *text = lower_text(line->at, line->n);
    drop_directions(text);
    return text;
}

bool mail_text_has(const char *text, const char *const *words, size_t n, bool at_front)
{
    for (size_t i = 0; i < n; i++)
        if (at_front ? g_str_has_prefix(text, words[i]) : strstr(text, words[i]) != NULL)
            return true;
    return false;
}

bool mail_line_is_drawn(const struct mail_line *line, size_t min)
{
    if (line->n < min || !strchr("_-=*", line->at[0]))
        return false;
    for (size_t i = 1; i < line->n; i++)
        if (line->at[i] != line->at[0])
            return false;
    return true;
}

bool mail_line_ends_in_colon(const struct mail_line *line)
{
    return line->n && (line->at[line->n - 1] == ':' || (line->n > 3 && memcmp(line->at + line->n - 3, "：", 3) == 0));
}

/* ---- rules with words ---- */

static const struct {
    enum mail_marker marker;
    const char *const *words;
    size_t n;
    bool open; /* something follows the words, up to the rule */
} MARKERS[] = {
    {MAIL_MARKER_FORWARDED, BLOCK_FORWARDED, COUNT_OF(BLOCK_FORWARDED), false},
    {MAIL_MARKER_FORWARDED, BLOCK_FORWARDED_BY, COUNT_OF(BLOCK_FORWARDED_BY), true},
    {MAIL_MARKER_ORIGINAL, BLOCK_ORIGINAL, COUNT_OF(BLOCK_ORIGINAL), false},
    {MAIL_MARKER_ABOVE, BLOCK_ABOVE, COUNT_OF(BLOCK_ABOVE), false},
};

static size_t colon_at(const char *p)
{
    return *p == ':' ? 1 : strncmp(p, "：", strlen("：")) == 0 ? strlen("：") : 0;
}

/* Behind the words comes the other end of the rule, or a colon, and nothing else. */
static bool ends_marker(const char *rest, bool ruled, bool open)
{
    rest += open ? strcspn(rest, RULES) : strspn(rest, " ");
    size_t colon = colon_at(rest);
    rest += colon;
    return (ruled || colon) && rest[strspn(rest, RULES " .")] == '\0';
}

static enum mail_marker marker_in(const char *text, bool ruled)
{
    for (size_t i = 0; i < COUNT_OF(MARKERS); i++)
        for (size_t k = 0; k < MARKERS[i].n; k++) {
            size_t n = strlen(MARKERS[i].words[k]);
            if (strncmp(text, MARKERS[i].words[k], n) == 0 && ends_marker(text + n, ruled, MARKERS[i].open))
                return MARKERS[i].marker;
        }
    return MAIL_MARKER_NONE;
}

static bool in_rule(char c)
{
    return c && strchr(RULES, c);
}

static bool is_ruled(const struct mail_line *line)
{
    return line->n > 2 && in_rule(line->at[0]) && (in_rule(line->at[1]) || line->at[1] == ' ');
}

/* "--- words --- more" is cut behind its second rule. */
static struct mail_span cut_behind_rule(struct mail_line *line)
{
    size_t i = 0;
    while (i < line->n && (in_rule(line->at[i]) || line->at[i] == ' '))
        i++;
    const char *rule = memmem(line->at + i, line->n - i, "---", 3);
    if (!rule)
        return (struct mail_span){line->at + line->n, 0};
    size_t n = (size_t)(rule - line->at), whole = line->n;
    while (n < whole && (in_rule(line->at[n]) || line->at[n] == ' '))
        n++;
    line->n = n;
    return (struct mail_span){line->at + n, whole - n};
}

/* ---- blocks of headers ---- */

enum { HEADER_FROM, HEADER_SENT, HEADER_SUBJECT, HEADERS_N };

static const struct {
    const char *const *names;
    size_t n;
} HEADERS[HEADERS_N] = {
    [HEADER_FROM] = {BLOCK_FROM, COUNT_OF(BLOCK_FROM)},
    [HEADER_SENT] = {BLOCK_SENT, COUNT_OF(BLOCK_SENT)},
    [HEADER_SUBJECT] = {BLOCK_SUBJECT, COUNT_OF(BLOCK_SUBJECT)},
};

/* The line's name is this one: "From:", "*De :*", "件名：". */
static bool is_header_named(const char *text, const char *name)
{
    size_t n = strlen(name);
    if (*text != *name || strncmp(text, name, n) != 0)
        return false;
    const char *rest = text + n;
    rest += strspn(rest, "* ");
    return colon_at(rest) || strncmp(rest, "\xc2\xa0:", 3) == 0;
}

static int header_of(const struct mail_line *line)
{
    if (!memchr(line->at, ':', line->n) && !memmem(line->at, line->n, "：", strlen("：")))
        return HEADERS_N; /* asked first, as it costs least */
    struct mail_line head = *line;
    if (head.n > MAIL_LINE_LOOK_MAX) /* a long subject */
        head.n = (size_t)(g_utf8_find_prev_char(head.at, head.at + MAIL_LINE_LOOK_MAX) - head.at);
    g_autofree char *text = mail_line_lower(&head);
    const char *p = text + strspn(text, "*");
    for (int i = 0; i < HEADERS_N; i++)
        for (size_t k = 0; k < HEADERS[i].n; k++)
            if (is_header_named(p, HEADERS[i].names[k]))
                return i;
    return HEADERS_N;
}

/* People write such words with a colon as well: then a header or a quotation is below. */
static bool stands_above(const struct mail_line *line)
{
    struct mail_line below = {0};
    const char *p = line->next;
    for (int i = 0; p && i < GAP_LINES_MAX && below.n == 0; i++) {
        below = mail_line_bare(mail_line_at(p));
        if (mail_line_is_quoted(&(struct mail_line){p, 1, NULL}))
            return true;
        p = below.next;
    }
    return below.n && header_of(&below) < HEADERS_N;
}

enum mail_marker mail_marker_of(struct mail_line line, struct mail_span *ret_rest)
{
    bool ruled = is_ruled(&line);
    struct mail_span rest = {line.at + line.n, 0};
    if (!ruled && !mail_line_ends_in_colon(&line))
        return MAIL_MARKER_NONE;
    if (ruled && ret_rest)
        rest = cut_behind_rule(&line);
    g_autofree char *text = mail_line_lower(&line);
    enum mail_marker marker = marker_in(text + strspn(text, RULES " >"), ruled);
    if (!ruled && marker != MAIL_MARKER_ABOVE && marker != MAIL_MARKER_NONE && !stands_above(&line))
        return MAIL_MARKER_NONE;
    if (marker != MAIL_MARKER_NONE && ret_rest)
        *ret_rest = rest;
    return marker;
}

static struct mail_span trimmed(const char *at, const char *end)
{
    while (at < end && (is_space(*at) || *at == '*'))
        at++;
    while (at < end && (is_space(end[-1]) || end[-1] == '*'))
        end--;
    return (struct mail_span){at, (size_t)(end - at)};
}

/* What follows the colon, of whichever width. */
static struct mail_span value_behind_colon(const struct mail_line *line)
{
    const char *end = line->at + line->n, *colon = memchr(line->at, ':', line->n);
    const char *wide = memmem(line->at, line->n, "：", strlen("："));
    if (wide && (!colon || wide < colon))
        return trimmed(wide + strlen("："), end);
    return colon ? trimmed(colon + 1, end) : (struct mail_span){end, 0};
}

static struct mail_span *block_member(struct mail_block *block, int header)
{
    return header == HEADER_FROM ? &block->from : header == HEADER_SENT ? &block->sent : &block->subject;
}

static bool block_is_complete(const struct mail_block *block)
{
    return block->from.at && block->sent.at && block->subject.at;
}

/* Some name, whose ever, and a colon. */
static bool has_name(const struct mail_line *line)
{
    size_t n = line->n < NAME_MAX_BYTES ? line->n : NAME_MAX_BYTES;
    return memchr(line->at, ':', n) || memmem(line->at, n, "：", strlen("："));
}

bool mail_block_at(struct mail_line line, bool quoted, struct mail_block *ret)
{
    *ret = (struct mail_block){0};
    line = quoted ? mail_line_bare(line) : line;
    if (header_of(&line) == HEADERS_N)
        return false;
    for (int seen = 0; seen < BLOCK_LINES_MAX && line.n; seen++) {
        int header = header_of(&line);
        if (header == HEADERS_N && block_is_complete(ret) && !has_name(&line)) /* Outlook leaves no empty line below */
            break;
        struct mail_span *member = header < HEADERS_N ? block_member(ret, header) : NULL;
        if (member && !member->at)
            *member = value_behind_colon(&line);
        ret->below = line.next;
        if (!line.next)
            break;
        line = quoted ? mail_line_bare(mail_line_at(line.next)) : mail_line_at(line.next);
    }
    return true;
}

/* Where one of the names of a header stands with its colon, wherever on the line; the nearest. `text` is in lower case. */
static const char *header_in_line(const char *text, int header, const char **ret_value)
{
    const char *first = NULL;
    for (size_t k = 0; k < HEADERS[header].n; k++) {
        const char *name = HEADERS[header].names[k], *found = strstr(text, name);
        const char *colon = found ? found + strlen(name) : NULL;
        if (found && colon_at(colon) && (!first || found < first)) {
            first = found;
            *ret_value = colon + colon_at(colon);
        }
    }
    return first;
}

bool mail_block_in(struct mail_span whole, struct mail_block *ret)
{
    struct mail_line line = {whole.at, whole.n, NULL};
    if (whole.n > INLINE_MAX || header_of(&line) != HEADER_FROM)
        return false;
    struct mail_span from = value_behind_colon(&line);
    const char *close = memchr(from.at, '>', from.n);
    ret->from = close ? (struct mail_span){from.at, (size_t)(close + 1 - from.at)} : from;
    g_autofree char *text = lower_text(whole.at, whole.n);
    if (strlen(text) != whole.n) /* so places in it are none of the line */
        return true;
    const char *sent, *subject, *sent_name = header_in_line(text, HEADER_SENT, &sent);
    const char *subject_name = header_in_line(text, HEADER_SUBJECT, &subject);
    if (subject_name)
        ret->subject = trimmed(whole.at + (subject - text), whole.at + whole.n);
    if (sent_name && subject_name && sent < subject_name)
        ret->sent = trimmed(whole.at + (sent - text), whole.at + (subject_name - text));
    return true;
}
