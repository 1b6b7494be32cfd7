/* A body in chunks (RFC 9112 §7.1), read strictly, in pieces of any size. Pure: no memory of its own, no I/O. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define CHUNK_DIGITS_MAX 12        /* hex digits of a chunk's size */
#define CHUNK_LINE_MAX 256         /* bytes of the line with the size and its extensions */
#define CHUNK_EXTENSIONS_MAX 16384 /* bytes of all extensions of a body (RFC 9112 §7.1.1); they mean nothing to us */
#define CHUNK_TRAILER_MAX 16384    /* bytes of all trailer lines; they are checked and thrown away */

/* In the order of their coming. */
enum chunk_place {
    CHUNK_SIZE_DIGITS, /* zero: a new reader begins here */
    CHUNK_EXTENSION,
    CHUNK_LINE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILER_NAME,
    CHUNK_TRAILER_VALUE,
    CHUNK_TRAILER_LF,
    CHUNK_LAST_LF,
    CHUNK_OVER,
    CHUNK_BAD, /* this is not how chunks are written; nobody knows where the body ends */
};

/* Zero-initialise. */
struct chunk_reader {
    enum chunk_place place;
    unsigned long long left; /* of the chunk that is being read */
    unsigned digits;         /* of its size */
    size_t line;             /* bytes of the line, or of all trailers */
    size_t extensions;       /* bytes so far */
    size_t name;             /* bytes of a trailer's name */
};

/* Reads on; the number of bytes used, at least 1 when n is. *ret_data, *ret_n: content among them, if any; call again with
 * the rest. At CHUNK_OVER what follows is no longer of this body, and at CHUNK_BAD nothing is worth reading. */
size_t chunk_read(struct chunk_reader *r, const char *bytes, size_t n, const char **ret_data, size_t *ret_n);
