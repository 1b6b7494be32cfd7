#include "web/lmtp/command.h"

#include "base/text.h"

#include <string.h>

#define SIZE_DIGITS_MAX 15

/* ---- addresses ------------------------------------------------------------------------------------------------------ */

/* Where a quoted local part ends (RFC 5321 §4.1.2), behind its last quotation mark; NULL: nowhere. */
static const char *quoted_end(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at < end ? at + 1 : NULL;
}

/* "@one.example,@two.example:" before the address is to be left out (RFC 5321 appendix C). */
static void skip_route(struct span *rest)
{
    const char *colon = rest->n && rest->at[0] == '@' ? memchr(rest->at, ':', rest->n) : NULL;
    const char *close = memchr(rest->at, '>', rest->n);
    if (!colon || (close && close < colon))
        return;
    rest->n -= (size_t)(colon + 1 - rest->at);
    rest->at = colon + 1;
}

/* "<…>" is taken off. False: that is no path. */
static bool take_path(struct span *rest, struct span *ret)
{
    if (!rest->n || rest->at[0] != '<')
        return false;
    struct span inside = {rest->at + 1, rest->n - 1};
    skip_route(&inside);
    const char *at = inside.at, *end = inside.at + inside.n;
    if (at < end && *at == '"')
        at = quoted_end(at, end);
    while (at && at < end && *at != '>')
        at = strchr(" <\"\\", *at) ? NULL : at + 1;
    if (!at || at == end || (size_t)(at - inside.at) > COMMAND_PATH_MAX)
        return false;
    *ret = (struct span){inside.at, (size_t)(at - inside.at)};
    *rest = (struct span){at + 1, (size_t)(end - at - 1)};
    return true;
}

/* ---- parameters ----------------------------------------------------------------------------------------------------- */

static bool read_size(struct span value, struct lmtp_command *ret)
{
    if (!value.n || value.n > SIZE_DIGITS_MAX || !span_all(value, is_digit))
        return false;
    ret->size = 0;
    for (size_t i = 0; i < value.n; i++)
        ret->size = ret->size * 10 + (value.at[i] - '0');
    return true;
}

static bool read_body_kind(struct span value, struct lmtp_command *ret)
{
    (void)ret; /* bytes are kept as they come, whatever they are called */
    return span_is(value, "7BIT") || span_is(value, "8BITMIME");
}

static bool read_utf8(struct span value, struct lmtp_command *ret)
{
    ret->utf8 = true;
    return !value.at;
}

static const struct parameter {
    const char *name;
    bool (*read)(struct span value, struct lmtp_command *ret); /* value.at NULL: there is none */
} MAIL_PARAMETERS[] = {{"SIZE", read_size}, {"BODY", read_body_kind}, {"SMTPUTF8", read_utf8}, {0}};

static bool read_parameter(struct span one, const struct parameter *known, struct lmtp_command *ret)
{
    struct span value = one, name;
    if (!span_cut(&value, '=', &name)) {
        name = one;
        value = (struct span){0};
    }
    while (known->name && !span_is(name, known->name))
        known++;
    return known->name && known->read(value, ret);
}

static bool read_parameters(struct span rest, const struct parameter *known, struct lmtp_command *ret)
{
    while (rest.n) {
        struct span one;
        if (rest.at[0] != ' ')
            return false;
        rest.at++;
        rest.n--;
        const char *blank = memchr(rest.at, ' ', rest.n);
        one = (struct span){rest.at, blank ? (size_t)(blank - rest.at) : rest.n};
        rest.at += one.n;
        rest.n -= one.n;
        if (one.n && !read_parameter(one, known, ret)) /* blanks at the end mean nothing */
            return false;
    }
    return true;
}

/* ---- commands ------------------------------------------------------------------------------------------------------- */

static bool take_words(struct span *rest, const char *words)
{
    size_t n = strlen(words);
    if (rest->n < n || !span_is((struct span){rest->at, n}, words))
        return false;
    rest->at += n;
    rest->n -= n;
    return true;
}

static enum lmtp_fault read_mail(struct span rest, struct lmtp_command *ret)
{
    if (!take_words(&rest, "FROM:") || !take_path(&rest, &ret->path))
        return LMTP_BAD_SENDER;
    return read_parameters(rest, MAIL_PARAMETERS, ret) ? LMTP_FINE : LMTP_BAD_PARAMETER;
}

static enum lmtp_fault read_rcpt(struct span rest, struct lmtp_command *ret)
{
    static const struct parameter NONE = {0};
    if (!take_words(&rest, "TO:") || !take_path(&rest, &ret->path) || !ret->path.n)
        return LMTP_BAD_RECIPIENT;
    return read_parameters(rest, &NONE, ret) ? LMTP_FINE : LMTP_BAD_PARAMETER;
}

static enum lmtp_fault read_nothing(struct span rest, struct lmtp_command *ret)
{
    (void)ret;
    return span_trim(rest).n ? LMTP_BAD_ARGUMENT : LMTP_FINE;
}

static enum lmtp_fault read_something(struct span rest, struct lmtp_command *ret)
{
    (void)ret;
    return span_trim(rest).n ? LMTP_FINE : LMTP_BAD_ARGUMENT;
}

static enum lmtp_fault read_anything(struct span rest, struct lmtp_command *ret)
{
    (void)rest;
    (void)ret;
    return LMTP_FINE;
}

static const struct {
    const char *name;
    enum lmtp_verb verb;
    enum lmtp_fault (*read)(struct span rest, struct lmtp_command *ret);
} VERBS[] = {
    {"LHLO", LMTP_LHLO, read_something}, {"HELO", LMTP_HELO, read_anything}, {"EHLO", LMTP_HELO, read_anything},
    {"MAIL", LMTP_MAIL, read_mail},      {"RCPT", LMTP_RCPT, read_rcpt},     {"DATA", LMTP_DATA, read_nothing},
    {"RSET", LMTP_RSET, read_nothing},   {"NOOP", LMTP_NOOP, read_anything}, {"VRFY", LMTP_VRFY, read_something},
    {"QUIT", LMTP_QUIT, read_nothing},
};

static bool has_control(const char *line, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            return true;
    return false;
}

bool lmtp_is_ascii(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

enum lmtp_fault lmtp_command_read(const char *line, size_t n, struct lmtp_command *ret)
{
    *ret = (struct lmtp_command){0};
    if (has_control(line, n) || !utf8_valid(line, n))
        return LMTP_BAD_LINE;
    const char *blank = memchr(line, ' ', n);
    struct span verb = {line, blank ? (size_t)(blank - line) : n};
    struct span rest = {line + verb.n + (blank ? 1 : 0), n - verb.n - (blank ? 1 : 0)};
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        if (span_is(verb, VERBS[i].name)) {
            ret->verb = VERBS[i].verb;
            return VERBS[i].read(rest, ret);
        }
    return LMTP_BAD_LINE;
}
