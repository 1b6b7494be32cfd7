#include "channel/forward.h"

#include "base/text.h"
#include "channel/mail_block.h"
#include "channel/mail_subject.h"
#include "channel/quote.h"

#include <string.h>

#define COMMENT_LINES_MAX 20
#define COMMENT_BYTES_MAX 2000
#define GAP_LINES_MAX 3
#define VALUE_MAX 500

/* ---- who -------------------------------------------------------------------------------------------------------------- */

#define BRACKETS "<>[]()\"'“”„«»,;:"

static bool in_address(char c)
{
    return (unsigned char)c > ' ' && !strchr(BRACKETS, c);
}

/* The first address, wherever it stands: "Ann <ann@example.com>", "Ann [mailto:ann@example.com]", "ann@example.com". */
static const char *address_in(struct arena *a, const char *value, const char **ret_begin)
{
    const char *at = strchr(value, '@'), *begin = at, *end = at;
    if (!at)
        return NULL;
    while (begin > value && in_address(begin[-1]))
        begin--;
    while (in_address(*end))
        end++;
    *ret_begin = begin;
    return begin < at && end > at + 1 ? arena_strndup(a, begin, (size_t)(end - begin)) : NULL;
}

static const char *const AROUND_NAME[] = {" ", "\"", "'", "*", "<", "[", "(", "“", "”", "„", "«", "»"};

static size_t mark_around(const char *name, bool at_end)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < COUNT_OF(AROUND_NAME); i++) {
        size_t n = strlen(AROUND_NAME[i]);
        if (len >= n && memcmp(at_end ? name + len - n : name, AROUND_NAME[i], n) == 0)
            return n;
    }
    return 0;
}

/* What is left without quotation marks and brackets around; NULL: nothing, or an address again. */
static const char *author_name_in(struct arena *a, const char *begin, const char *end)
{
    char *name = arena_strndup(a, begin, (size_t)(end - begin));
    size_t n;
    while ((n = mark_around(name, true)) > 0)
        name[strlen(name) - n] = '\0';
    while ((n = mark_around(name, false)) > 0)
        name += n;
    return *name && !strchr(name, '@') ? name : NULL;
}

/* Without what nobody sees, on one line; NULL: nothing. */
static const char *value_in(struct arena *a, struct mail_span span)
{
    if (!span.at || span.n == 0)
        return NULL;
    const char *value = text_preview(a, text_plain(a, arena_strndup(a, span.at, span.n)), VALUE_MAX);
    return text_is_blank(value) ? NULL : value;
}

static void read_author(struct forward *f, struct arena *a, const char *value)
{
    const char *begin = value + strlen(value), *bracket = strpbrk(value, "<[(");
    f->address = address_in(a, value, &begin);
    f->name = author_name_in(a, value, bracket && bracket < begin ? bracket : begin);
}

/* ---- what is above it ------------------------------------------------------------------------------------------------- */

static const char *skip_blank(const char *p)
{
    for (int i = 0; p && i < GAP_LINES_MAX; i++) {
        struct mail_line line = mail_line_bare(mail_line_at(p));
        if (line.n)
            break;
        p = line.next;
    }
    return p;
}

/* Zoho draws its rule once more below the headers. */
static const char *below_block(const char *p)
{
    const char *next = skip_blank(p);
    struct mail_line line = next ? mail_line_at(next) : (struct mail_line){0};
    return line.n && mail_marker_of(line, NULL) == MAIL_MARKER_FORWARDED ? line.next : p;
}

static bool from_block(const struct mail_block *block, const char *text, struct arena *a, struct forward *ret)
{
    const char *from = value_in(a, block->from), *below = below_block(block->below);
    if (!from)
        return false;
    *ret = (struct forward){.subject = value_in(a, block->subject), .date = value_in(a, block->sent)};
    read_author(ret, a, from);
    ret->inner_at = below ? below - text : (long)strlen(text);
    return ret->name || ret->address;
}

/* "On 28/10/2026 12:46, "Ann" <ann@example.com> wrote:"; only a name in quotation marks is certainly one. */
static bool from_introduction(const char *p, const char *below, const char *text, struct arena *a, struct forward *ret)
{
    const char *line = value_in(a, (struct mail_span){p, (size_t)(below - p)}), *begin = line;
    *ret = (struct forward){.address = address_in(a, line, &begin), .inner_at = below - text};
    static const char *const OPEN[] = {"\"", "“", "„", "«"};
    for (size_t i = 0; i < COUNT_OF(OPEN) && !ret->name; i++) {
        const char *open = strstr(line, OPEN[i]);
        ret->name = open && open < begin ? author_name_in(a, open, begin) : NULL;
    }
    return ret->address != NULL;
}

/* What the line that may be the first of another mail says of it. */
struct found {
    bool is_one;    /* it begins another mail, of whatever kind: what is below it is none of the writer's */
    bool forwarded; /* and says itself that it was passed on */
    bool known;     /* and whose it is: `forward` */
    struct forward forward;
};

static struct found found_at(const char *p, const char *text, struct arena *a)
{
    struct found found = {0};
    struct mail_line line = mail_line_at(p);
    struct mail_block block = {0};
    struct mail_span rest;
    enum mail_marker marker = mail_marker_of(mail_line_bare(line), &rest);
    const char *below = NULL;
    found.forwarded = marker == MAIL_MARKER_FORWARDED;
    if (marker == MAIL_MARKER_NONE) {
        if (mail_block_at(line, true, &block) && block.from.at && block.sent.at) {
            found.is_one = true;
            found.known = from_block(&block, text, a, &found.forward);
        } else if (quote_is_introduced(p, &below)) {
            found.is_one = true;
            found.known = from_introduction(p, below, text, a, &found.forward);
        }
        return found;
    }
    found.is_one = true;
    below = skip_blank(line.next);
    block.below = line.next;
    if (mail_block_in(rest, &block) || (below && mail_block_at(mail_line_at(below), true, &block)))
        found.known = from_block(&block, text, a, &found.forward);
    return found;
}

bool forward_find(const char *text, const char *subject, struct arena *a, struct forward *ret)
{
    bool says = mail_subject_forwards(subject), answers = !says && mail_subject_answers(subject);
    const char *p = text;
    for (int lines = 0; p && lines <= COMMENT_LINES_MAX && p - text <= COMMENT_BYTES_MAX;) {
        struct mail_line line = mail_line_at(p);
        struct found found = line.n ? found_at(p, text, a) : (struct found){0};
        if (found.is_one) {
            if (!found.known || (found.forwarded ? answers : !says))
                return false;
            *ret = found.forward;
            return true;
        }
        if (mail_line_is_quoted(&line))
            return false;
        lines += line.n > 0;
        p = line.next;
    }
    return false;
}
