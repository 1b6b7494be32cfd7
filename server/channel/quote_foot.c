#include "channel/quote_foot.h"

#include "base/mem.h"
#include "channel/quote_foot_words.h"

#include <glib.h>
#include <string.h>

#define FEET_MAX 3
#define FOOT_LINES_MAX 16
#define FOOT_BYTES_MAX 4000
#define NOTICE_LINES_MAX 8
#define NOTICE_LOOK_MAX 2000
#define NOTICE_MIN 120
#define SENT_FROM_MAX 160
#define SENT_FROM_WORDS_MAX 10
#define NAME_WORDS_MAX 4
#define NAME_CHARACTERS_MAX 40
#define SENTENCE_WORDS_MIN 6
#define SENTENCE_CHARACTERS_MIN 60
#define SMALL_WORDS_MIN 3
#define TALK_WORDS_MIN 5 /* small words, even where a link or an address is among them */
#define HIRAGANA_MIN 3
#define WIDE_PROSE_MIN 10 /* characters, in a script without spaces */
#define RULES "-_*=~ \"("

/* ---- its lines ---- */

/* What stands between spaces and is no dash or the like. */
static size_t words_in(const char *text)
{
    size_t words = 0;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, " ");
        words += n > 1 || (n == 1 && g_ascii_isalnum(*p));
        p += n + strspn(p + n, " ");
    }
    return words;
}

static bool ends_with_any(const char *text, const char *const *ends, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_has_suffix(text, ends[i]))
            return true;
    return false;
}

static bool is_contact(const char *text)
{
    return mail_text_has(text, QUOTE_CONTACTS, COUNT_OF(QUOTE_CONTACTS), false) ||
           mail_text_has(text, QUOTE_TELEPHONES, COUNT_OF(QUOTE_TELEPHONES), true);
}

/* It certainly says or asks something. */
static bool is_sentence(const char *text)
{
    static const char *const ASKS[] = {"?", "？", "。", "！"}, *const ENDS[] = {".", "!"};
    if (ends_with_any(text, ASKS, COUNT_OF(ASKS)) ||
        mail_text_has(text, QUOTE_POSTSCRIPTS, COUNT_OF(QUOTE_POSTSCRIPTS), true))
        return true;
    return words_in(text) >= SENTENCE_WORDS_MIN &&
           (ends_with_any(text, ENDS, COUNT_OF(ENDS)) ||
            (g_utf8_strlen(text, -1) >= SENTENCE_CHARACTERS_MIN && !is_contact(text)));
}

/* Words that do not begin with a large letter, nor with a digit or a mark: names and addresses have few. */
static size_t small_words_in(const char *text)
{
    size_t small = 0;
    for (const char *p = text; *p;) {
        gunichar first = g_utf8_get_char(p);
        small += g_unichar_isalpha(first) && !g_unichar_isupper(first) && !g_unichar_istitle(first);
        p += strcspn(p, " ");
        p += strspn(p, " ");
    }
    return small;
}

/* Hiragana (U+3041 to U+3096) is what Japanese sentences are made of; names, addresses and firms have hardly any. */
static size_t hiragana_in(const char *text)
{
    size_t n = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        n += c >= 0x3041 && c <= 0x3096;
    }
    return n;
}

/* It may be a part of what a person says, rather than a name, an address, a place in a firm. `text` as it is written. */
static bool is_prose(const char *text)
{
    size_t words = words_in(text), small = small_words_in(text), characters = (size_t)g_utf8_strlen(text, -1);
    bool wide = strlen(text) > 2 * characters && words < NAME_WORDS_MAX && characters >= WIDE_PROSE_MIN;
    return hiragana_in(text) >= HIRAGANA_MIN ||
           (small >= (is_contact(text) ? TALK_WORDS_MIN : SMALL_WORDS_MIN) && 2 * small >= words) ||
           (wide && !strpbrk(text, "0123456789@"));
}

/* "Ann Sommer", "山田": few words, none of which begins with a small letter where there are others. */
static bool may_be_name(const char *text)
{
    size_t words = words_in(text);
    if (words == 0 || words > NAME_WORDS_MAX || g_utf8_strlen(text, -1) > NAME_CHARACTERS_MAX ||
        strpbrk(text, "0123456789!?:"))
        return false;
    for (const char *p = text; words > 1 && p; p = strchr(p, ' ')) {
        p += strspn(p, " ");
        if (g_unichar_islower(g_utf8_get_char(p)))
            return false;
    }
    return true;
}

/* A paragraph that firms put below all mails; longer than what people say in such words. */
static bool is_notice(struct mail_line line)
{
    bool secret = false;
    size_t n = 0;
    for (int i = 0; i < NOTICE_LINES_MAX && line.n; i++) {
        struct mail_line head = line;
        head.n = head.n < NOTICE_LOOK_MAX
                     ? head.n
                     : (size_t)(g_utf8_find_prev_char(head.at, head.at + NOTICE_LOOK_MAX) - head.at);
        g_autofree char *text = g_utf8_strdown(head.at, (gssize)head.n);
        if (i == 0 && !mail_text_has(text + strspn(text, RULES), QUOTE_NOTICES, COUNT_OF(QUOTE_NOTICES), true))
            return false;
        secret = secret || mail_text_has(text, QUOTE_SECRETS, COUNT_OF(QUOTE_SECRETS), false);
        n += line.n;
        if (!line.next)
            break;
        line = mail_line_at(line.next);
    }
    return secret && n >= NOTICE_MIN;
}

/* "Sent from my telephone". */
static bool is_sent_from(const struct mail_line *line)
{
    if (line->n > SENT_FROM_MAX)
        return false;
    g_autofree char *text = mail_line_lower(line);
    if (strstr(text, ": ") || g_str_has_suffix(text, "?"))
        return false;
    return mail_text_has(text + strspn(text, "<([*"), QUOTE_SENT_FROM, COUNT_OF(QUOTE_SENT_FROM), true) &&
           mail_text_has(text, QUOTE_DEVICES, COUNT_OF(QUOTE_DEVICES), false) && words_in(text) <= SENT_FROM_WORDS_MAX;
}

/* ---- the lines down to `end` ---- */

static bool nothing_below(const struct mail_line *line)
{
    return !line->next || line->next[strspn(line->next, " \t\r\n")] == '\0';
}

static bool is_signature_rule(const struct mail_line *line)
{
    return line->n == 2 && line->at[0] == '-' && line->at[1] == '-';
}

/* What was seen of the lines below a rule. */
struct foot {
    bool first;         /* the first of them says who somebody is */
    bool names;         /* all of them may be names */
    bool contact;       /* one says where to find somebody */
    bool list;          /* one names a list */
    bool prose;         /* one may be a person's words … */
    bool sentence;      /* … or certainly is … */
    bool rule;          /* … or is a rule again: nobody has two signatures */
    size_t small_words; /* the most of them that one has */
    size_t lines;
};

static void see_line(struct foot *foot, const struct mail_line *line)
{
    g_autofree char *text = mail_line_lower(line), *written = g_strndup(line->at, line->n);
    bool contact = is_contact(text), first = foot->lines == 0;
    size_t words = words_in(text), small = small_words_in(written);
    foot->small_words = foot->small_words > small ? foot->small_words : small;
    foot->names = may_be_name(written) && (foot->names || first);
    foot->first = first ? contact || (words > 1 && words <= NAME_WORDS_MAX) : foot->first;
    foot->contact = foot->contact || contact;
    foot->list = foot->list || mail_text_has(text, QUOTE_LISTS, COUNT_OF(QUOTE_LISTS), false);
    foot->prose = foot->prose || is_prose(written);
    foot->sentence = foot->sentence || is_sentence(text) || line->n > MAIL_LINE_LOOK_MAX || mail_line_is_quoted(line);
    foot->rule = foot->rule || is_signature_rule(line);
    foot->lines++;
}

/* `end` is NULL below a quotation: all of the rest. A notice ends it as well. */
static struct foot foot_below(struct mail_line line, const char *end)
{
    struct foot foot = {0};
    while (line.next && (!end || line.next < end) && foot.lines <= FOOT_LINES_MAX) {
        line = mail_line_at(line.next);
        if (line.n && is_notice(line))
            break;
        if (line.n && !is_sent_from(&line))
            see_line(&foot, &line);
    }
    return foot;
}

/* "-- " with its space (RFC 3676, 4.3) is what programs write, and most of all below a quotation. Without it, it may be the writer's where
 * no quotation stands above: so it must look like one below. */
static bool is_signature(const char *p, const struct mail_line *line, const char *end)
{
    if (!is_signature_rule(line))
        return false;
    struct foot foot = foot_below(*line, end);
    bool written = strncmp(p, "-- ", 3) == 0;
    if (foot.sentence || foot.rule || foot.lines > FOOT_LINES_MAX || (foot.prose && (end || !written)))
        return false;
    return !end || written || foot.names || (foot.first && foot.contact);
}

/* Below a quotation it may tell in whole sentences how to leave the list; where none is, the writer may. */
static bool is_list_footer(const struct mail_line *line, const char *end)
{
    bool drawn = line->n && *line->at == '_' && mail_line_is_drawn(line, 2);
    if (!drawn && !is_signature_rule(line))
        return false;
    struct foot foot = foot_below(*line, end);
    if (!foot.list || foot.lines > FOOT_LINES_MAX)
        return false;
    return end ? drawn && foot.contact && !foot.sentence && foot.small_words < TALK_WORDS_MIN
               : foot.contact || !foot.sentence;
}

static bool is_foot(const char *p, const struct mail_line *line, const char *end)
{
    return is_signature(p, line, end) || is_list_footer(line, end);
}

bool quote_foot_at(struct mail_line line)
{
    return is_foot(line.at, &line, NULL) || (is_sent_from(&line) && nothing_below(&line)) || is_notice(line);
}

/* ---- from `end` upwards ---- */

static const char *line_above(const char *text, const char *p)
{
    if (p > text && p[-1] == '\n')
        p--;
    while (p > text && p[-1] != '\n')
        p--;
    return p;
}

/* The nearest foot; none below a line that ends in a colon: that says what stands there. */
static const char *foot_above(const char *text, const char *end)
{
    const char *p = end, *found = end;
    size_t lines = 0;
    bool announced = false, nearest = false;
    for (int i = 0; i < FOOT_LINES_MAX && p > text && end - p < FOOT_BYTES_MAX; i++) {
        p = line_above(text, p);
        struct mail_line line = mail_line_at(p);
        lines += line.n > 0;
        if (line.n && lines == 1 && is_sent_from(&line))
            return p;
        if (found < end && line.n) {
            announced = announced || (!nearest && mail_line_ends_in_colon(&line));
            nearest = true;
            if (is_signature_rule(&line)) /* rules of the writer's */
                return end;
        }
        if (mail_line_is_quoted(&line))
            break;
        if (found == end && is_foot(p, &line, end))
            found = p;
    }
    return announced ? end : found;
}

const char *quote_foot_above(const char *text, const char *end)
{
    if (*end && end > text && end[-1] != '\n')
        return end;
    for (int i = 0; i < FEET_MAX; i++) {
        const char *above = foot_above(text, end);
        if (above == end)
            break;
        end = above;
    }
    return end;
}
