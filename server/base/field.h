/* Field tables: one row describes a member of a C struct, its JSON field and its column. The same table decodes a request
 * (unknown, missing and wrong fields are refused by name), encodes an answer, prints the documentation, the OpenAPI document
 * and the TypeScript types, reads and writes the database (db/record.h), and says what else a member is used for. So what is
 * documented is what is done, and a fact about a member is said once. base/rows.h has the macros that make rows.
 *
 * C types by kind: */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/mem.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
    FIELD_TEXT,   /* const char *; NULL is null */
    FIELD_INT,    /* int64_t; FIELD_INT_NONE is null */
    FIELD_BOOL,   /* bool */
    FIELD_TIME,   /* int64_t milliseconds; RFC 3339 text outside; 0 is null */
    FIELD_UUID,   /* struct uuid; all zero is null */
    FIELD_ENUM,   /* int: an index into `names`; -1 is null */
    FIELD_JSON,   /* const char *: JSON text of any shape; NULL is null */
    FIELD_OBJECT, /* pointer to a struct of `shape`; NULL is null */
    FIELD_LIST,   /* struct list of structs of `shape` */
    FIELD_TEXTS,  /* struct list of const char * */
    FIELD_UUIDS,  /* struct list of struct uuid */
    FIELD_SAID,   /* const char *: sayings (base/saying.h), with commas between; NULL is none. Outside a list of them */
    FIELD_KEY,    /* int64_t: the number of a row in the database; 0 is null. Never outside */
};

#define FIELD_INT_NONE INT64_MIN

struct list {
    void *items;
    size_t n;
};

/* Adds a zeroed item of `size` bytes to a list that only ever grows by this call. Good until the next call. */
void *list_grow(struct arena *a, struct list *list, size_t size);

enum field_flags {
    FIELD_REQUIRED = 1, /* in a request: must be there and not null. In an answer: never null */
    FIELD_LINES = 2,    /* text may hold line breaks and tabs */
    FIELD_SECRET = 4,   /* taken, never given back */
    FIELD_WEB = 8,      /* text becomes a link: an http or https URL, or empty */
    FIELD_INSIDE = 16,  /* never leaves the server, and is not taken */
};

/* What a member of a stored record is used for. */
enum field_uses {
    USE_SAVED = 1,      /* written again when a record that is there is saved; else only when it is made */
    USE_KEY = 256,      /* names the row that is saved */
    USE_FILLED = 2,     /* the column takes no NULL: a text that is none is '', a number 0 */
    USE_PERSONAL = 4,   /* emptied by an erasure */
    USE_EXPORTED = 8,   /* given to a person who asks for what is kept of them */
    USE_SEARCHED = 16,  /* its words find the person */
    USE_EDITED = 32,    /* agents set it */
    USE_MERGED = 64,    /* a merge takes it over where the other has none, and asks where both have one */
    USE_IMPORTED = 128, /* a column of a list of people */
};

struct shape;

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    unsigned flags;
    int64_t min, max; /* of a number, of the bytes of a text, of the items of a list; both 0: 0..FIELD_TEXT_MAX */
    const char *const *names;  /* FIELD_ENUM: NULL-terminated; a NULL-able hole is "" */
    const struct shape *shape; /* FIELD_OBJECT, FIELD_LIST */
    const char *help;
    const char *column;  /* of the record's table, or NULL */
    const char *sql;     /* what is read in its place, or where there is no such column; or NULL */
    unsigned uses;       /* enum field_uses */
    const char *example; /* a value: for the template of imports, and for the example of a call */
};

#define FIELD_TEXT_MAX 1000
#define FIELD_LIST_MAX 1000

struct shape {
    const char *name; /* as in the documentation: "Entry" */
    const char *help;
    size_t size;
    const struct field *fields; /* up to a row without a name; NULL for an empty object */
    const char *alias;          /* of a stored record's table, in statements; else NULL */
};

/* The rows that are seen outside, one after the other: NULL after the last. */
const struct field *field_first(const struct shape *shape);
const struct field *field_next(const struct field *f);

/* The rows with all of these uses; `after` NULL: the first. */
const struct field *field_used(const struct shape *shape, const struct field *after, unsigned uses);

/* Fills `ret` (shape->size bytes, zeroed first, absent members null) from `object`, which may be NULL for {}.
 * Everything is copied into the arena. False fills *err, its field a path such as "items[2].sku". */
bool field_decode(const struct shape *shape, struct json_object *object, struct arena *a, void *ret, struct error *err);

/* Adds the struct as JSON text. Nulls are written as null, so a reader sees every field. */
void field_encode(const struct shape *shape, const void *from, struct buf *out);
void field_encode_used(const struct shape *shape, const void *from, unsigned uses,
                       struct buf *out); /* only such members */

/* The index of `name` in a NULL-terminated list, or -1. */
int names_find(const char *const *names, const char *name);
