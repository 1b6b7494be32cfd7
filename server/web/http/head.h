/* The head of an HTTP/1.1 request, read strictly (RFC 9112, RFC 9110): bytes in, a record out. This alone decides where a
 * request ends, so what two readers could understand in two ways is refused. Pure: no memory of its own, no I/O, any thread. */
#pragma once

#include "web/http/span.h"

#include <stdbool.h>
#include <stddef.h>

#define HEAD_SIZE_MAX 16384 /* bytes, with the empty line */
#define HEAD_FIELDS_MAX 100
#define HEAD_METHOD_MAX 23        /* bytes */
#define HEAD_LENGTH_DIGITS_MAX 15 /* of Content-Length */

struct head_field {
    struct span name, value; /* the value without the blanks around it */
};

enum head_fault {
    HEAD_FINE,
    HEAD_BAD,       /* no request by the RFCs, or one that can be read in two ways: 400 */
    HEAD_TOO_LARGE, /* too long, or too many fields: 431 */
    HEAD_EXPECTS,   /* an Expect other than 100-continue: 417 */
};

struct head {
    struct span method;
    struct span target;      /* as it was sent */
    struct span path, query; /* of the target, as they were sent; the query without its '?' */
    int minor;               /* HTTP/1.minor: 0 or 1 */
    bool keep_alive;         /* the connection may go on behind the answer */
    bool wants_continue;     /* Expect: 100-continue (RFC 9110 §10.1.1), of HTTP/1.1 */
    bool chunked;            /* the body comes in chunks (chunk.h) */
    long long length;        /* Content-Length; -1: none. Without it and chunks there is no body (RFC 9112 §6.3) */
    size_t n_fields;
    struct head_field fields[HEAD_FIELDS_MAX];
};

/* Finds the end of the head that the bytes begin with. *at is where the last call on the same bytes stopped looking, 0 at
 * first. *ret_size: its bytes, with the empty line and one empty line before it that is read over (RFC 9112 §2.2); 0: not
 * all of it has come. What cannot become a head is said at once. */
enum head_fault head_measure(const char *bytes, size_t n, size_t *at, size_t *ret_size);

/* Reads a head of that size, as head_measure found it. The spans point into the bytes. After a fault *ret is of no use. */
enum head_fault head_read(const char *bytes, size_t size, struct head *ret);

/* The value of the first field of that name, whatever its case; NULL: there is none. */
const struct span *head_first(const struct head *h, const char *name);

/* Whether a list of tokens (RFC 9110 §5.6.1), in one field or in several, names this one, whatever its case. */
bool head_lists(const struct head *h, const char *name, const char *token);
