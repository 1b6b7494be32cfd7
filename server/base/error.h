/* Errors: one enum, one table. Lower layers fill a struct error and return false; whoever handles it logs it once.
 *
 * Why a call is refused is a saying (base/saying.h): it names the field, what is wrong with the value and what would be
 * right. It never holds a secret. */
#pragma once

#include "base/buf.h"
#include "base/saying.h"

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
    char text[SAID_MAX];    /* in English */
    char params[SAID_MAX];  /* of the saying: a JSON object */
    enum saying saying;     /* SAID_NOTHING: the kind says all, or the text is for whoever runs the server */
    int64_t retry_after_ms; /* so long it is of no use to try again; 0: not known */
};

struct error_row {
    const char *name; /* stable, for programs: "invalid" */
    int rpc_code;     /* JSON-RPC 2.0 error code */
    int http_status;
    const char *text; /* when nothing better is known */
};

const struct error_row *error_row(enum error_code code);

/* Fills *err (may be NULL) with a saying of base/saying.h, whose kind is in its row, and is false, so that
 * `return error_set(err, "id", no_person)` reads well. `field` may be NULL. */
#define error_set(err, field, name, ...) (error_fill(err, field, SAID_##name, TOLD_##name, ##__VA_ARGS__), error_no())
void error_fill(struct error *err, const char *field, enum saying saying, const char *english, ...)
    __attribute__((format(printf, 4, 5)));

enum error_code saying_kind(enum saying saying); /* ERR_NONE: it refuses nothing */

/* For the log and the command line, in English: what nobody meets who uses the API. */
#define error_english(...) (error_print(__VA_ARGS__), error_no())
void error_print(struct error *err, enum error_code code, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

bool error_general(struct error *err, enum error_code code);                  /* with the text of the kind; false */
bool error_because(struct error *err, const char *field, enum saying saying); /* one without parameters; false */

/* The saying as it is stored. Of an error that is none: `in_words`. In the arena. */
const char *error_said(struct arena *a, const struct error *err);

#define ERROR_LATER_S 5                               /* where nothing better is known */
int64_t error_retry_after_s(const struct error *err); /* for Retry-After: whole seconds, rounded up */

/* As JSON, the same over HTTP and in JSON-RPC 2.0 (§5.1):
 * {"code":…,"message":…,"data":{"kind":…,"field":…,"reason":…,"params":{…}}}. */
void error_encode(const struct error *err, struct buf *out);

static inline bool error_no(void)
{
    return false;
}
