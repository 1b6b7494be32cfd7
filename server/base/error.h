/* Errors: one enum, one table. Lower layers fill a struct error and return false; whoever handles it logs it once.
 *
 * The text is for a person: it names the field, what is wrong with the value and what would be right. It never holds a
 * secret. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum error_code {
    ERR_NONE,
    ERR_PARSE,   /* not JSON */
    ERR_REQUEST, /* JSON, but no request */
    ERR_INVALID, /* a field is missing, unknown or wrong */
    ERR_UNKNOWN_METHOD,
    ERR_UNAUTHENTICATED, /* nobody is logged in, or a signature does not hold */
    ERR_FORBIDDEN,       /* somebody is, but may not */
    ERR_NOT_FOUND,
    ERR_CONFLICT, /* the thing has moved on since it was read, or cannot be done in its state */
    ERR_TOO_LARGE,
    ERR_RATE_LIMITED,
    ERR_BUSY,        /* a queue is full; try again */
    ERR_UNAVAILABLE, /* the database is away; try again */
    ERR_INTERNAL,
    ERR_BLOCKED, /* a visitor whom an agent has blocked */
    ERR_COUNT_
};

struct error {
    enum error_code code;
    char field[64];
    char text[320];
    const char *reason;     /* a word for programs, where the kind and the field say too little; static, or NULL */
    int64_t retry_after_ms; /* so long it is of no use to try again; 0: not known */
};

struct error_row {
    const char *name; /* stable, for programs: "invalid" */
    int rpc_code;     /* JSON-RPC 2.0 error code */
    int http_status;
    const char *text; /* when nothing better is known */
};

const struct error_row *error_row(enum error_code code);

/* Fills *err (may be NULL) and is false, so that `return error_set(...)` reads well. `field` may be NULL. */
#define error_set(...) (error_fill(__VA_ARGS__), error_no())
void error_fill(struct error *err, enum error_code code, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#define ERROR_LATER_S 5                               /* where nothing better is known */
int64_t error_retry_after_s(const struct error *err); /* for Retry-After: whole seconds, rounded up */

/* As JSON, the same over HTTP and in JSON-RPC 2.0 (§5.1): {"code":…,"message":…,"data":{"kind":…,"field":…}}. */
void error_encode(const struct error *err, struct buf *out);

static inline bool error_no(void)
{
    return false;
}
