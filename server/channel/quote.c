#include "channel/quote.h"

#include "channel/mail_block.h"
#include "channel/quote_foot.h"
#include "channel/quote_intro.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define RULE_MIN 4

bool quote_is_introduced(const char *p, const char **ret_below)
{
    struct quote_intro intro;
    if (!quote_intro_at(mail_line_at(p), &intro) || !intro.sure || !intro.after)
        return false;
    *ret_below = intro.after;
    return true;
}

/* Who and when are in it. "From: 5 May, date: …" is what people ask for. */
static bool is_whole(const struct mail_block *block)
{
    if (!block->from.at || !block->sent.at || (block->from.n && isdigit((unsigned char)*block->from.at)))
        return false;
    return block->subject.at || memchr(block->from.at, '@', block->from.n);
}

/* The last quoted line, or NULL. */
static const char *last_quoted(const char *text)
{
    const char *last = NULL, *above = NULL; /* the line above, where it is a quoted one */
    for (const char *p = text; p;) {
        struct mail_line line = mail_line_at(p);
        bool quoted = mail_line_is_quoted(&line);
        last = quoted && (above || !quote_intro_ends_at(&line)) ? p : last;
        above = quoted && last == p ? p : NULL;
        p = line.next;
    }
    return last;
}

/* The line ends in a link, without its bracket: "(https://shoes.example/boots". */
static bool leaves_link_open(const struct mail_line *line)
{
    const char *colon = line->n ? memmem(line->at, line->n, "://", 3) : NULL, *scheme = colon;
    if (!colon)
        return false;
    while (scheme > line->at && isalpha((unsigned char)scheme[-1]))
        scheme--;
    if (scheme == line->at || !strchr("(<[", scheme[-1]))
        return false;
    for (const char *p = colon; p < line->at + line->n; p++)
        if (strchr(" )>]", *p))
            return false;
    return true;
}

/* The end of a link that was too long for the quoted line above. */
static bool ends_link(const struct mail_line *above, const struct mail_line *line)
{
    if (!line->n || line->n > MAIL_LINE_LOOK_MAX || !strchr(")>]", line->at[line->n - 1]) ||
        memchr(line->at, ' ', line->n) || !leaves_link_open(above))
        return false;
    for (size_t i = 0; i < line->n; i++)
        if (strchr("/=&?%_", line->at[i]) || isdigit((unsigned char)line->at[i]))
            return true;
    return false;
}

/* The start of the trailing run of quoted and empty lines, before a footer if there is one; or NULL. `last`: the last quoted one. */
static const char *trailing_quotes(const char *text, const char *last)
{
    const char *start = NULL;
    struct mail_line above = {0};
    for (const char *p = text; p;) {
        struct mail_line line = mail_line_at(p);
        bool quoted = mail_line_is_quoted(&line), rest = start && ends_link(&above, &line);
        if (start && p > last && line.n && !rest)
            return quote_foot_at(line) ? start : NULL;
        if (quoted && !start)
            start = p;
        else if (line.n && !quoted && !rest)
            start = NULL;
        above = quoted ? line : (struct mail_line){0};
        p = line.next;
    }
    return start;
}

static bool something_between(const char *p, const char *end)
{
    while (p < end && isspace((unsigned char)*p))
        p++;
    return p < end;
}

/* What is known while the lines go by. */
struct search {
    bool answers;
    const char *last;        /* the last line that is marked as quoted, or NULL */
    const char *quotes;      /* where the run of those begins that ends the text, or NULL */
    const char *rule;        /* the line above, where it is a drawn one; or NULL */
    const char *looked;      /* so far no block of headers begins */
    const char *intro;       /* an introduction, while nothing but empty lines stands below it; or NULL */
    const char *intro_after; /* the line below that one */
    const char *run; /* where the marked and empty lines begin among which it is, or their introduction; or NULL */
};

/* Right above the quotation; or a sure one, below which all is history where the program marks no line of it. */
static bool ends_own_text(const struct search *s, const struct quote_intro *intro)
{
    if (s->quotes)
        return intro->after && !something_between(intro->after, s->quotes);
    return intro->sure && s->answers && intro->after && (!s->last || s->last < intro->after);
}

/* A whole block of headers begins here; one that is none has none in its middle either. */
static bool is_block(struct search *s, const char *p, struct mail_line line)
{
    struct mail_block block;
    if (s->looked && p < s->looked)
        return false;
    if (!mail_block_at(line, false, &block))
        return false;
    s->looked = block.below;
    return is_whole(&block);
}

/* Another mail begins on this line, or above it with what belongs to that; NULL: none. */
static const char *begins_at(struct search *s, const char *p, struct mail_line line)
{
    struct quote_intro intro;
    const char *within, *first = s->rule ? s->rule : p;
    if (s->answers && (mail_marker_of(line, NULL) || is_block(s, p, line)))
        return s->run ? s->run : first;
    if (quote_intro_at(line, &intro)) {
        if (ends_own_text(s, &intro))
            return first;
        s->intro = p;
        s->intro_after = intro.after;
    }
    return s->quotes && quote_intro_within(line, &within, &intro) && ends_own_text(s, &intro) ? within : NULL;
}

/* A run of quoted lines begins with its introduction. */
static void follow_run(struct search *s, const char *p, const struct mail_line *line)
{
    bool quoted = mail_line_is_quoted(line);
    if (quoted && !s->run)
        s->run = s->intro ? s->intro : p;
    if (line->n && !quoted)
        s->run = NULL;
    if (line->n && s->intro && p >= s->intro_after)
        s->intro = NULL;
}

static const char *find_quote(const char *text, bool answers)
{
    struct search s = {.answers = answers, .last = last_quoted(text)};
    s.quotes = s.last ? trailing_quotes(text, s.last) : NULL;
    for (const char *p = text; p && (!s.quotes || p < s.quotes);) {
        struct mail_line line = mail_line_at(p);
        follow_run(&s, p, &line);
        const char *begin = begins_at(&s, p, line);
        if (begin)
            return begin;
        if (line.n) /* Outlook draws a line above its block */
            s.rule = mail_line_is_drawn(&line, RULE_MIN) ? p : NULL;
        p = line.next;
    }
    return s.quotes;
}

long quote_find(const char *text, bool answers)
{
    const char *end = text + strlen(text), *quote = find_quote(text, answers), *at = quote ? quote : end;
    const char *foot = answers ? quote_foot_above(text, at) : at;
    at = something_between(text, foot) ? foot : at;
    return at < end && something_between(text, at) ? at - text : -1;
}
