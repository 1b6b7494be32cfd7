/* Text that strangers send: made valid UTF-8 without NUL before anything else sees it. */
#pragma once

#include "base/buf.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool utf8_valid(const char *s, size_t n);
size_t utf8_sequence(const char *s, size_t n); /* the length of the character that begins here; 0: ill-formed */

/* A copy with every ill-formed sequence and every NUL replaced by U+FFFD, other control characters but \n and \t
 * dropped, \r\n and \r made \n, cut to at most `max` bytes at a character boundary (0: no cut). NULL gives NULL. */
char *utf8_clean(struct arena *a, const char *s, size_t n, size_t max);

void utf8_mend(char *s); /* in place: each byte of an ill-formed sequence, such as one that was cut, becomes '?' */

/* The character that begins here, of *ret_n bytes, when it is none to see but changes how others are seen: a control of two bytes,
 * a mark that turns the direction of a text, the end of a line in some viewers. 0: another. `s` is well-formed. */
unsigned utf8_disturbing(const char *s, size_t *ret_n);
char *text_undisturbed(struct arena *a,
                       const char *s); /* a copy with '_' for each, for names of files; NULL gives NULL */

/* A copy without what nobody sees (zero width, a soft hyphen, marks of direction, a byte order mark), and with a blank for each
 * other space: what is copied from a page or a spreadsheet into an address or an id. `s` is well-formed. */
char *text_plain(struct arena *a, const char *s);

size_t utf8_count(const char *s);       /* code points */
size_t utf8_utf16_units(const char *s); /* as LINE and JavaScript count */

/* A copy without leading and trailing white space. */
char *text_trim(struct arena *a, const char *s);
int hex_digit(char c); /* its value; -1: it is none */
char *text_lower_ascii(struct arena *a, const char *s);
/* http or https with something behind it, and no blank or control character: what may become a link. */
bool text_is_web_url(const char *s);
/* "url", or a name that ends with "_url". */
bool text_names_url(const char *name);
bool text_is_blank(const char *s); /* NULL, empty or white space only */

/* One line of at most `max` code points for lists: white space folded, cut with an ellipsis. */
char *text_preview(struct arena *a, const char *s, size_t max);

/* Percent-encoding (RFC 3986): all but its unreserved characters, and but for what `also` has. */
void url_put(struct buf *out, const char *text, const char *also);
const char *url_encoded(struct arena *a, const char *text, const char *also);

/* application/x-www-form-urlencoded (also a query string), pairs in the order they came. Names and values are decoded, and are cleaned UTF-8. */
struct form_pair {
    const char *name;
    const char *value;
};

struct form {
    struct form_pair *pairs;
    size_t n;
};

/* The exact bytes of an encoded name or value, whatever they are; a NUL is behind them. */
char *form_bytes(struct arena *a, const char *s, size_t n, size_t *ret_n);

#define FORM_PAIRS_MAX 500
bool form_parse(struct arena *a, const char *s, size_t n, struct form *ret); /* false: more than FORM_PAIRS_MAX pairs */
const char *form_get(const struct form *f, const char *name);                /* the first value, or NULL */

/* The value of a cookie in a Cookie header (RFC 6265 §4.2), or NULL. */
const char *cookie_get(struct arena *a, const char *header, const char *name);
