#include "channel/quote.h"

#include "base/mem.h"
#include "channel/quote_words.h"

#include <ctype.h>
#include <glib.h>
#include <stddef.h>
#include <string.h>

#define INTRODUCTION_LINES_MAX 4
#define HEADER_LINES_MAX 7
#define LINE_LOOK_MAX 500
#define RULE_MIN 20

struct line {
    const char *at;
    size_t n;         /* without the line break and white space around */
    const char *next; /* NULL after the last one */
};

static struct line line_at(const char *p)
{
    size_t whole = 0;
    while (p[whole] && p[whole] != '\n')
        whole++;
    struct line line = {p, whole, p[whole] ? p + whole + 1 : NULL};
    while (line.n && isspace((unsigned char)line.at[0])) {
        line.at++;
        line.n--;
    }
    while (line.n && isspace((unsigned char)line.at[line.n - 1]))
        line.n--;
    return line;
}

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static bool is_quoted(const struct line *line)
{
    return line->n && (line->at[0] == '>' || (line->n >= 3 && begins(line->at, "＞")));
}

/* Looked at first, as it costs least: most lines are none of ours. */
static bool has_colon(const struct line *line)
{
    return memchr(line->at, ':', line->n) || memmem(line->at, line->n, "：", strlen("："));
}

static bool ends_in_colon(const struct line *line)
{
    return line->n && (line->at[line->n - 1] == ':' || (line->n > 3 && begins(line->at + line->n - 3, "：")));
}

static bool is_ruled(const struct line *line)
{
    return line->n > 2 && strchr("-_*#=~", line->at[0]) && strchr("-_*#=~ ", line->at[1]);
}

/* The line in lower case, for comparing; "" of a very long one, which is none of ours. Freed by whoever asks. */
static char *lower_line(const struct line *line)
{
    return line->n <= LINE_LOOK_MAX ? g_utf8_strdown(line->at, (gssize)line->n) : g_strdup("");
}

/* Without a colon at its end, and white space and marks of direction before and behind that; false: it has none. */
static bool cut_colon(char *text)
{
    static const char *const COLONS[] = {":", "：", " :"};
    g_strchomp(text);
    for (size_t i = 0; i < COUNT_OF(COLONS); i++)
        if (g_str_has_suffix(text, COLONS[i])) {
            text[strlen(text) - strlen(COLONS[i])] = '\0';
            g_strchomp(text);
            while (g_str_has_suffix(text, "\xc2\xa0"))
                text[strlen(text) - 2] = '\0';
            return true;
        }
    return false;
}

/* ---- rules with words ---- */

/* "-----Original Message-----" and its kin, also with stars, and "Begin forwarded message:" without any. */
static bool is_separator(const struct line *line)
{
    bool ruled = is_ruled(line);
    if (!ruled && !ends_in_colon(line))
        return false;
    g_autofree char *text = lower_line(line);
    const char *p = text + strspn(text, "-_*#=~ >");
    for (size_t i = 0; i < COUNT_OF(QUOTE_SEPARATORS); i++) {
        size_t n = strlen(QUOTE_SEPARATORS[i]);
        const char *rest = p + n;
        if (begins(p, QUOTE_SEPARATORS[i]) && rest[strspn(rest, "-_*#=~: .")] == '\0' && (ruled || *rest == ':'))
            return true;
    }
    return false;
}

/* A line of a block of headers: its name is one of these. */
static bool is_header(const char *text, const char *const *names, size_t n)
{
    text += strspn(text, "*");
    for (size_t i = 0; i < n; i++) {
        if (!begins(text, names[i]))
            continue;
        const char *rest = text + strlen(names[i]);
        rest += strspn(rest, "* ");
        if (*rest == ':' || begins(rest, "：") || begins(rest, "\xc2\xa0:"))
            return true;
    }
    return false;
}

/* Outlook's block of header lines: who, when and about what, in whatever order the language has. */
static bool is_header_block(struct line line)
{
    bool from = false, sent = false, subject = false;
    if (!has_colon(&line))
        return false;
    for (int seen = 0; seen < HEADER_LINES_MAX && line.n; seen++) {
        g_autofree char *text = lower_line(&line);
        from = from || is_header(text, QUOTE_FROM, COUNT_OF(QUOTE_FROM));
        sent = sent || is_header(text, QUOTE_SENT, COUNT_OF(QUOTE_SENT));
        subject = subject || is_header(text, QUOTE_SUBJECT, COUNT_OF(QUOTE_SUBJECT));
        if ((seen == 0 && !from && !sent) || !line.next)
            break;
        line = line_at(line.next);
    }
    return from && sent && subject;
}

/* ---- introductions ---- */

struct introduction {
    const char *after; /* the line below it */
    bool sure;         /* it names an address and a day: so no person writes */
};

static bool begins_openly(const char *text)
{
    for (size_t i = 0; i < COUNT_OF(QUOTE_OPENINGS); i++)
        if (begins(text, QUOTE_OPENINGS[i]))
            return true;
    return isdigit((unsigned char)*text) || strchr(text, '@') != NULL;
}

static bool ends_in_verb(const char *text)
{
    for (size_t i = 0; i < COUNT_OF(QUOTE_VERBS); i++)
        if (g_str_has_suffix(text, QUOTE_VERBS[i]))
            return true;
    return false;
}

static bool has_digits(const char *text)
{
    return strpbrk(text, "0123456789") || strstr(text, "٢٠");
}

/* "On Monday Ann wrote:", "Am 5. Mai um 10:00 schrieb Ann:", "2026/11/16 10:00 Ann <ann@example.com>:" … `all` is all of it, and
 * ends in a colon, which is cut. */
static bool introduces(const char *all)
{
    bool address = strchr(all, '@') != NULL, german_or_dutch = begins(all, "am ") || begins(all, "op ");
    if (ends_in_verb(all))
        return true;
    return has_digits(all) &&
           (german_or_dutch || (address && (g_str_has_suffix(all, ">") || g_str_has_suffix(all, ")"))) ||
            strstr(all, " schrieb am "));
}

/* Some line from here on ends in a colon. */
static bool may_introduce(struct line line)
{
    for (int i = 0; i < INTRODUCTION_LINES_MAX && line.n && line.n <= LINE_LOOK_MAX; i++) {
        if (ends_in_colon(&line))
            return true;
        if (!line.next)
            return false;
        line = line_at(line.next);
    }
    return false;
}

/* May be wrapped over some lines, so its end is looked for below. */
static bool is_introduction(struct line line, struct introduction *ret)
{
    if (!may_introduce(line))
        return false;
    g_autofree char *all = g_strdup("");
    for (int i = 0; i < INTRODUCTION_LINES_MAX && line.n && line.n <= LINE_LOOK_MAX && !is_quoted(&line); i++) {
        g_autofree char *text = lower_line(&line), *before = g_steal_pointer(&all);
        all = g_strconcat(before, i ? " " : "", text, NULL);
        g_autofree char *cut = g_strdup(all);
        if (cut_colon(cut) && introduces(cut)) {
            *ret = (struct introduction){line.next, strchr(cut, '@') && has_digits(cut)};
            return true;
        }
        if (!line.next || (i == 0 && !begins_openly(text)))
            return false;
        line = line_at(line.next);
    }
    return false;
}

/* ---- where it begins ---- */

static bool is_signature_rule(const struct line *line)
{
    return line->n == 2 && line->at[0] == '-' && line->at[1] == '-';
}

/* From here on there is quoted text, and nothing but that, empty lines and a signature. */
static bool only_quotes_follow(const char *p)
{
    bool any = false;
    while (p) {
        struct line line = line_at(p);
        if (any && is_signature_rule(&line))
            return true;
        if (line.n && !is_quoted(&line))
            return false;
        any = any || line.n;
        p = line.next;
    }
    return any;
}

/* The last quoted line, or NULL. */
static const char *last_quoted(const char *text)
{
    const char *last = NULL;
    for (const char *p = text; p;) {
        struct line line = line_at(p);
        last = is_quoted(&line) ? p : last;
        p = line.next;
    }
    return last;
}

/* The start of the trailing run of quoted and empty lines, before a signature if there is one; or NULL. `last`: the last quoted one. */
static const char *trailing_quotes(const char *text, const char *last)
{
    const char *start = NULL;
    for (const char *p = text; p;) {
        struct line line = line_at(p);
        if (start && p > last && is_signature_rule(&line))
            return start;
        if (line.n && !is_quoted(&line))
            start = NULL;
        else if (is_quoted(&line) && !start)
            start = p;
        p = line.next;
    }
    return start;
}

static bool something_before(const char *text, const char *at)
{
    for (const char *p = text; p < at; p++)
        if (!isspace((unsigned char)*p))
            return true;
    return false;
}

/* Below a sure introduction all is history where the program marks no line of it. */
static bool ends_own_text(const struct introduction *intro, const char *quotes, bool answers, bool marked)
{
    return quotes ? only_quotes_follow(intro->after) : intro->sure && answers && !marked && intro->after;
}

static const char *find_quote(const char *text, bool answers)
{
    const char *last = last_quoted(text), *quotes = last ? trailing_quotes(text, last) : NULL, *rule = NULL;
    for (const char *p = text; p && (!quotes || p < quotes);) {
        struct line line = line_at(p);
        struct introduction intro;
        if (answers && (is_separator(&line) || is_header_block(line)))
            return rule ? rule : p;
        if (is_introduction(line, &intro) && ends_own_text(&intro, quotes, answers, last != NULL))
            return p;
        if (line.n) /* Outlook draws a line above its block */
            rule = line.n >= RULE_MIN && strspn(line.at, "_") >= line.n ? p : NULL;
        p = line.next;
    }
    return quotes;
}

long quote_find(const char *text, bool answers)
{
    const char *at = find_quote(text, answers);
    return at && something_before(text, at) ? at - text : -1;
}
