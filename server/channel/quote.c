#include "channel/quote.h"

#include "channel/mail_block.h"
#include "channel/quote_foot.h"
#include "channel/quote_intro.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define RULE_MIN 20

bool quote_is_introduced(const char *p, const char **ret_below)
{
    struct quote_intro intro;
    if (!quote_intro_at(mail_line_at(p), &intro) || !intro.sure || !intro.after)
        return false;
    *ret_below = intro.after;
    return true;
}

static bool is_whole(const struct mail_block *block)
{
    return block->from.at && block->sent.at && (block->subject.at || memchr(block->from.at, '@', block->from.n));
}

/* The last quoted line, or NULL. */
static const char *last_quoted(const char *text)
{
    const char *last = NULL;
    for (const char *p = text; p;) {
        struct mail_line line = mail_line_at(p);
        last = mail_line_is_quoted(&line) ? p : last;
        p = line.next;
    }
    return last;
}

/* The start of the trailing run of quoted and empty lines, before a footer if there is one; or NULL. `last`: the last quoted one. */
static const char *trailing_quotes(const char *text, const char *last)
{
    const char *start = NULL;
    for (const char *p = text; p;) {
        struct mail_line line = mail_line_at(p);
        if (start && p > last && line.n)
            return quote_foot_at(line) ? start : NULL;
        if (line.n && !mail_line_is_quoted(&line))
            start = NULL;
        else if (line.n && !start)
            start = p;
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

/* Right above the quotation; or a sure one, below which all is history where the program marks no line of it. */
static bool ends_own_text(const struct quote_intro *intro, const char *quotes, bool answers, bool marked)
{
    if (quotes)
        return intro->after && !something_between(intro->after, quotes);
    return intro->sure && answers && !marked && intro->after;
}

/* A whole block of headers begins here. `looked`: so far its lines have been looked at, which have none in the middle either. */
static bool is_block(const char *p, struct mail_line line, const char **looked)
{
    struct mail_block block;
    if (*looked && p < *looked)
        return false;
    if (!mail_block_at(line, false, &block))
        return false;
    *looked = block.below;
    return is_whole(&block);
}

static const char *find_quote(const char *text, bool answers)
{
    const char *last = last_quoted(text), *quotes = last ? trailing_quotes(text, last) : NULL;
    const char *rule = NULL, *looked = NULL;
    for (const char *p = text; p && (!quotes || p < quotes);) {
        struct mail_line line = mail_line_at(p);
        struct quote_intro intro;
        bool begins = answers && (mail_marker_of(line, NULL) || is_block(p, line, &looked));
        if (begins || (quote_intro_at(line, &intro) && ends_own_text(&intro, quotes, answers, last != NULL)))
            return rule ? rule : p;
        if (line.n) /* Outlook draws a line above its block */
            rule = mail_line_is_drawn(&line, RULE_MIN) ? p : NULL;
        p = line.next;
    }
    return quotes;
}

long quote_find(const char *text, bool answers)
{
    const char *at = find_quote(text, answers);
    return at && something_between(text, at) ? at - text : -1;
}
