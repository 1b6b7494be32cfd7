#include "web/http/span.h"

#include <string.h>
#include <strings.h>

/* ---- characters ---- */

bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool is_value_char(char c)
{
    unsigned char u = (unsigned char)c;
    return (u >= 0x20 && u != 0x7f) || c == '\t';
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool span_all(struct span s, bool (*fits)(char))
{
    for (size_t i = 0; i < s.n; i++)
        if (!fits(s.at[i]))
            return false;
    return true;
}

/* ---- spans ---- */

bool span_is_exact(struct span s, const char *text)
{
    return strlen(text) == s.n && memcmp(s.at, text, s.n) == 0;
}

bool span_is(struct span s, const char *text)
{
    return strlen(text) == s.n && strncasecmp(s.at, text, s.n) == 0;
}

struct span span_trim(struct span s)
{
    while (s.n && is_blank(s.at[0]))
        s.at++, s.n--;
    while (s.n && is_blank(s.at[s.n - 1]))
        s.n--;
    return s;
}

bool span_cut(struct span *rest, char at, struct span *ret)
{
    const char *found = rest->n ? memchr(rest->at, at, rest->n) : NULL;
    if (!found)
        return false;
    *ret = (struct span){rest->at, (size_t)(found - rest->at)};
    *rest = (struct span){found + 1, rest->n - ret->n - 1};
    return true;
}
