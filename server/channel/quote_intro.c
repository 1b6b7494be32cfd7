#include "channel/quote_intro.h"

#include "base/mem.h"
#include "channel/quote_words.h"

#include <ctype.h>
#include <glib.h>
#include <stddef.h>
#include <string.h>

#define INTRODUCTION_LINES_MAX 5
#define SHORT_WORDS_MAX 4
#define SHORT_CHARACTERS_MAX 24
#define CLAUSE_CHARACTERS_MAX 80
#define CLAUSE_WORDS_MAX 13
#define END_MAX 40 /* bytes of a line with the end of one whose address is wrapped */
#define RULE_MIN 2
#define RULES "-_*=~"

/* The longest of the verbs with which it ends; NULL: none. */
static const char *verb_at_end(const char *text)
{
    const char *longest = NULL;
    for (size_t i = 0; i < COUNT_OF(QUOTE_VERBS); i++)
        if (g_str_has_suffix(text, QUOTE_VERBS[i])) {
            const char *verb = text + strlen(text) - strlen(QUOTE_VERBS[i]);
            longest = longest && longest < verb ? longest : verb;
        }
    return longest;
}

static bool has_digits(const char *text)
{
    return strpbrk(text, "0123456789") || strstr(text, "٢٠");
}

/* A rule or a dash, a space, a quotation mark may stand before it. */
static const char *opening_of(const char *text)
{
    return text + strspn(text, "-_*=~ \"(");
}

/* With a day: where a program writes no verb, it is what the line begins with. */
static bool begins_with_day(const char *text)
{
    const char *p = opening_of(text);
    return isdigit((unsigned char)*p) || mail_text_has(p, QUOTE_DAYS, COUNT_OF(QUOTE_DAYS), true);
}

static bool begins_openly(const char *text)
{
    return begins_with_day(text) || mail_text_has(opening_of(text), QUOTE_OPENINGS, COUNT_OF(QUOTE_OPENINGS), true);
}

static size_t words_before(const char *text, const char *end)
{
    size_t words = 0;
    for (const char *p = text; p < end; p++)
        words += *p == ' ';
    return words;
}

/* "Ann wrote": not "see what you wrote about the shoes to my colleague". */
static bool is_short(const char *text)
{
    return words_before(text, text + strlen(text)) < SHORT_WORDS_MAX && g_utf8_strlen(text, -1) <= SHORT_CHARACTERS_MAX;
}

/* With an address it is as long as the address; else a day, a time and a name are no more words than this. */
static bool is_clause(const char *all)
{
    return strchr(all, '@') || words_before(all, all + strlen(all)) < CLAUSE_WORDS_MAX;
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

static size_t rule_at_end(const char *text)
{
    size_t n = strlen(text), rule = 0;
    while (rule < n && strchr(RULES, text[n - 1 - rule]))
        rule++;
    return rule;
}

/* Without the rule at its end, where it began with one: "---- On Monday Ann wrote ----". */
static bool cut_rule(char *text)
{
    size_t end = rule_at_end(text);
    if (end < RULE_MIN || strspn(text, RULES) < RULE_MIN)
        return false;
    text[strlen(text) - end] = '\0';
    g_strchomp(text);
    return true;
}

/* A year, or a time of day: programs write one, people seldom. */
static bool is_dated(const char *text)
{
    size_t digits = 0;
    for (const char *p = text; *p; p++) {
        digits = isdigit((unsigned char)*p) ? digits + 1 : 0;
        if (digits == 4 ||
            (digits && p[1] && strchr(":.h", p[1]) && isdigit((unsigned char)p[2]) && isdigit((unsigned char)p[3])))
            return true;
    }
    return strstr(text, "٢٠") != NULL;
}

/* "Ann <ann@example.com> …", or the address alone: before it is a name, not half a sentence. */
static bool begins_with_sender(const char *all)
{
    const char *at = strchr(all, '@'), *open = strpbrk(all, "<(["), *space = strchr(all, ' ');
    return at && (open ? open < at && words_before(all, open) <= SHORT_WORDS_MAX : !space || at < space);
}

/* "… 10:00", "… um 10:00 Uhr", "… (2026年11月17日 9:15)" */
static bool ends_in_time(const char *all)
{
    size_t n = strlen(all);
    return n > 0 && (isdigit((unsigned char)all[n - 1]) || all[n - 1] == ')' || g_str_has_suffix(all, " uhr"));
}

/* "On Monday Ann wrote", "Am 5. Mai um 10:00 schrieb Ann", "2026/11/16 10:00 Ann <ann@example.com>" … `all` is all of it, without its
 * colon. */
static bool introduces(const char *all)
{
    bool verb = verb_at_end(all) != NULL;
    if (verb && is_short(opening_of(all)))
        return true;
    if (!is_dated(all))
        return verb && (begins_with_sender(all) || (begins_openly(all) && has_digits(all) && strchr(all, '@')));
    bool address_last = strchr(all, '@') && (g_str_has_suffix(all, ">") || g_str_has_suffix(all, ")"));
    if (mail_text_has(all, QUOTE_WRITERS, COUNT_OF(QUOTE_WRITERS), false) && (verb || ends_in_time(all)))
        return begins_with_sender(all) || g_utf8_strlen(all, -1) <= CLAUSE_CHARACTERS_MAX;
    if (verb || mail_text_has(all, QUOTE_VERBS_WITHIN, COUNT_OF(QUOTE_VERBS_WITHIN), false))
        return begins_openly(all) ? is_clause(all) : begins_with_sender(all);
    return address_last && begins_with_day(all);
}

static bool is_sure(const char *all)
{
    return strchr(all, '@') && is_dated(all) && (begins_openly(all) || begins_with_sender(all));
}

/* Zoho writes no colon, and old Gmail neither that nor a verb: only what nobody writes in a line of their own. */
static bool introduces_bare(const char *all)
{
    if (!begins_openly(all) || !is_sure(all))
        return false;
    return verb_at_end(all) || (isdigit((unsigned char)*all) && g_str_has_suffix(all, ">") && strchr(all, '<'));
}

static size_t marks_of(const char *text, char c)
{
    size_t n = 0;
    for (const char *p = text; *p; p++)
        n += *p == c;
    return n;
}

/* The address goes on in the next line, which may begin with its ">". */
static bool is_unclosed(const char *text)
{
    const char *round = strrchr(text, '(');
    return marks_of(text, '<') > marks_of(text, '>') || (round && !strchr(round, ')'));
}

/* "On 16 Nov 2026," with the time in the next line, and nothing else yet. */
static bool awaits_time(const char *before, const char *text)
{
    return g_str_has_suffix(before, ",") && g_str_has_prefix(text, "at ") && is_dated(before) &&
           begins_openly(before) && words_before(before, before + strlen(before)) < SHORT_WORDS_MAX;
}

/* A line that is an introduction by itself, or begins as one, below what only seemed to be its first line. */
static bool begins_anew(const char *before, const char *text)
{
    if (is_unclosed(before) || awaits_time(before, text))
        return false;
    if (is_dated(text) && mail_text_has(opening_of(text), QUOTE_OPENINGS, COUNT_OF(QUOTE_OPENINGS), true))
        return true;
    g_autofree char *cut = g_strdup(text);
    return !strpbrk(text, ">)") && cut_colon(cut) && introduces(cut) && verb_at_end(cut) > cut;
}

static bool may_wrap(const char *all)
{
    return begins_openly(all) ? has_digits(all)
                              : is_unclosed(all) || g_str_has_suffix(all, ">") ||
                                    mail_text_has(all, QUOTE_WRITERS, COUNT_OF(QUOTE_WRITERS), false);
}

/* The line below; some programs leave one empty before the address, which then begins with its bracket. */
static struct mail_line line_below(const struct mail_line *line, bool addressed)
{
    struct mail_line below = mail_line_at(line->next);
    if (addressed || below.n || !below.next)
        return below;
    struct mail_line further = mail_line_at(below.next);
    return further.n && *further.at == '<' ? further : below;
}

/* Some line from here on has an address, or ends in a colon or a rule: asked first, as most lines are none of these. */
static bool may_introduce(struct mail_line line)
{
    for (int i = 0; i < INTRODUCTION_LINES_MAX && line.n && line.n <= MAIL_LINE_LOOK_MAX; i++) {
        if (memchr(line.at, '@', line.n) || mail_line_ends_in_colon(&line) || strchr(RULES, line.at[line.n - 1]))
            return true;
        if (!line.next)
            return false;
        line = line_below(&line, false);
    }
    return false;
}

/* `all`, whose end is cut, is a whole one. */
static bool is_intro(char *all, struct quote_intro *ret)
{
    bool ruled = cut_rule(all), colon = !ruled && cut_colon(all);
    ret->sure = is_sure(all) || (ruled && is_dated(all));
    if (ruled)
        return introduces(all) && verb_at_end(all);
    return colon ? introduces(all) : introduces_bare(all);
}

bool quote_intro_at(struct mail_line line, struct quote_intro *ret)
{
    if (!may_introduce(line))
        return false;
    g_autofree char *all = g_strdup("");
    for (int i = 0; i < INTRODUCTION_LINES_MAX && line.n && line.n <= MAIL_LINE_LOOK_MAX; i++) {
        g_autofree char *text = mail_line_lower(&line), *before = g_steal_pointer(&all);
        if ((mail_line_is_quoted(&line) && !is_unclosed(before)) || (i > 0 && begins_anew(before, text)))
            return false;
        all = g_strconcat(before, i ? " " : "", text, NULL);
        g_autofree char *cut = g_strdup(all);
        struct quote_intro found = {.after = line.next};
        if (is_intro(cut, &found)) {
            *ret = found;
            return true;
        }
        if (!line.next || !may_wrap(all))
            return false;
        line = line_below(&line, strchr(all, '@'));
    }
    return false;
}

bool quote_intro_ends_at(const struct mail_line *line)
{
    if (line->n > END_MAX || !mail_line_ends_in_colon(line))
        return false;
    struct mail_line bare = mail_line_bare(*line);
    g_autofree char *text = mail_line_lower(&bare);
    return cut_colon(text) && (!*text || verb_at_end(text) == text);
}

/* The last of the openings that stands behind a space or a rule; NULL: none. */
static const char *opening_within(const struct mail_line *line)
{
    for (const char *p = line->at + line->n - 1; p > line->at; p--)
        if (strchr(" " RULES, p[-1]) && mail_text_has(p, QUOTE_OPENINGS_WITHIN, COUNT_OF(QUOTE_OPENINGS_WITHIN), true))
            return p;
    return NULL;
}

bool quote_intro_within(struct mail_line line, const char **ret_at, struct quote_intro *ret)
{
    if (line.n < 2 || line.n > MAIL_LINE_LOOK_MAX || !memchr(line.at, '@', line.n) || !mail_line_ends_in_colon(&line))
        return false;
    const char *at = opening_within(&line);
    if (!at)
        return false;
    struct mail_line end = {at, (size_t)(line.at + line.n - at), line.next};
    g_autofree char *all = mail_line_lower(&end);
    *ret = (struct quote_intro){.after = line.next};
    if (!is_intro(all, ret) || !ret->sure || !verb_at_end(all))
        return false;
    while (at > line.at && strchr(" " RULES, at[-1]))
        at--;
    *ret_at = at;
    return true;
}
