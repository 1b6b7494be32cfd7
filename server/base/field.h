/* Field tables: one row describes a member of a C struct and its JSON field. The same table decodes a request (unknown,
 * missing and wrong fields are refused by name), encodes an answer, and prints the documentation, the OpenAPI document
 * and the TypeScript types. So what is documented is what is done.
 *
 * C types by kind: */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "base/id.h"
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
};

#define FIELD_TEXT_MAX 1000
#define FIELD_LIST_MAX 1000

struct shape {
    const char *name; /* as in the documentation: "Entry" */
    const char *help;
    size_t size;
    const struct field *fields; /* up to a row without a name; NULL for an empty object */
};

/* Fills `ret` (shape->size bytes, zeroed first, absent members null) from `object`, which may be NULL for {}.
 * Everything is copied into the arena. False fills *err, its field a path such as "items[2].sku". */
bool field_decode(const struct shape *shape, struct json_object *object, struct arena *a, void *ret, struct error *err);

/* Adds the struct as JSON text. Nulls are written as null, so a reader sees every field. */
void field_encode(const struct shape *shape, const void *from, struct buf *out);

/* The index of `name` in a NULL-terminated list, or -1. */
int names_find(const char *const *names, const char *name);

#define JSON_DEPTH_MAX 32

/* Parses one whole JSON text: strict, valid UTF-8, at most JSON_DEPTH_MAX deep, nothing after it; of a repeated name the last
 * counts. NULL (also for "null") fills *err. Caller puts. */
struct json_object *json_parse(const char *text, size_t n, struct error *err);

/* Look-ups that survive anything a stranger sends: a missing or differently typed member is NULL / `none`.
 * json_text gives the member as clean UTF-8 in the arena (numbers as their text). `path` is names joined by dots. */
struct json_object *json_at(struct json_object *object, const char *path);
const char *json_text(struct arena *a, struct json_object *object, const char *path);
int64_t json_int(struct json_object *object, const char *path, int64_t none); /* a text of digits counts too */
bool json_true(struct json_object *object, const char *path);
/* The items of an array member: count, then json_object_array_get_idx. 0 when it is none. */
size_t json_length(struct json_object *array);
