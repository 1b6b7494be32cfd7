/* Bytes of a request without a copy of them: the characters that HTTP knows, and what is asked of some in a row. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Some of the bytes that were read; not NUL-terminated, borrowed. */
struct span {
    const char *at;
    size_t n;
};

bool is_token_char(char c); /* RFC 9110 §5.6.2 */
bool is_value_char(char c); /* of a field's value: visible, blank, or above ASCII (RFC 9110 §5.5) */
bool is_blank(char c);      /* space or tab */
bool is_digit(char c);

bool span_is(struct span s, const char *text);       /* whatever the case of ASCII letters */
bool span_is_exact(struct span s, const char *text); /* byte by byte */
bool span_all(struct span s, bool (*fits)(char));
struct span span_trim(struct span s); /* without blanks and tabs around it */

/* What stands before the first such character, which is taken off *rest with it. False: there is none. */
bool span_cut(struct span *rest, char at, struct span *ret);
