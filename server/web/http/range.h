/* What a request asks of a file: a part of it, only what is new, packed. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A Range header (RFC 9110 §14.2) of a file of that size. Several ranges, and what cannot be read, count as none. */
enum file_part { FILE_WHOLE, FILE_PART, FILE_OUTSIDE };
enum file_part range_read(const char *value, int64_t size, int64_t *ret_begin, int64_t *ret_n);

bool etag_listed(const char *if_none_match, const char *etag); /* weak comparison, RFC 9110 §8.8.3.2 */

/* How a file may be packed, the smallest first, up to one without a name. */
struct coding {
    const char *name, *suffix; /* of the file beside it */
};
extern const struct coding CODINGS[];

/* Which of them Accept-Encoding (RFC 9110 §12.5.3) takes: 1 << its number in CODINGS. NULL: none. */
unsigned codings_accepted(const char *accept_encoding);
