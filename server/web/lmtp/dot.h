/* A mail behind DATA (RFC 5321 §4.5.2), in pieces of any size. Only a dot alone between CRLF and CRLF ends it: what other line ends
 * make of a dot is content, so nobody's mail can hold the end of itself and another's commands. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* In the order of their coming. */
enum dot_place {
    DOT_LINE,    /* a line begins; zero: a new reader begins here */
    DOT_DOT,     /* a dot began it, which is no content */
    DOT_DOT_CR,  /* and a CR came behind it */
    DOT_TEXT,    /* in a line */
    DOT_TEXT_CR, /* behind a CR */
    DOT_OVER,    /* the end has come */
};

/* Zero-initialise. */
struct dot_reader {
    enum dot_place place;
};

/* Reads on; the number of bytes used. *ret_text, *ret_n: content, if any; call again with the rest, until nothing is left or
 * DOT_OVER, where what follows is no longer of this mail. Each call uses a byte, or has content that was held back. */
size_t dot_read(struct dot_reader *r, const char *bytes, size_t n, const char **ret_text, size_t *ret_n);
