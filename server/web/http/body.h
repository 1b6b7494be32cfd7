/* The body of a request as it comes: in memory, and from a size on in a file without a name. On the loop. */
#pragma once

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct index;

#define BODY_MEMORY_MAX (1024 * 1024)            /* a larger one is spooled to disk while it comes */
#define BODY_PIECE (256 * 1024)                  /* bytes that are spooled at once, however small they come */
#define BODIES_TOTAL_MAX (512LL * 1024 * 1024)   /* of all requests under way */
#define BODIES_ADDRESS_MAX (128LL * 1024 * 1024) /* of those from one address, so that no stranger takes it all */

/* All bodies under way, and how much of them is whose. */
struct bodies {
    int64_t total;
    size_t spooled;         /* files */
    struct index *by_group; /* bytes of an address_group */
};
bool bodies_have_room(const struct bodies *all, uint64_t group, long long bytes);

struct body {
    struct bodies *all;
    uint64_t group;     /* of whose address it is; 0: nobody's, counted in the total alone */
    const char *folder; /* of the file; borrowed */
    struct buf memory;  /* all of it, or what is not spooled yet */
    int spool;          /* a descriptor, -1: none */
    long long held;     /* bytes */
};

void body_init(struct body *b, struct bodies *all, const char *folder);

/* Keeps these bytes. `expected`: how many there will be, 0: not known. Only what has really come is counted: an
 * announcement costs its sender nothing. ERR_BUSY: there are too many, or the disk does not take them; then body_drop. */
enum error_code body_add(struct body *b, const void *data, size_t n, long long expected);
void body_drop(struct body *b); /* also when there is nothing */

/* What was kept, whole. */
struct http_body {
    char *data; /* NUL-terminated; NULL also when it cannot be read again */
    size_t len;
    bool mapped;
};
struct http_body body_take(struct body *b); /* the caller's from now on; it counts until body_drop all the same */
void http_body_free(struct http_body *b);
