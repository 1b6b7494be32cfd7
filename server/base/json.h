/* JSON: reading what strangers send, and writing it piece by piece. */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"

#include <json-c/json.h>

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

/* Writing: each piece goes behind what is there, with a comma where one is needed. `key` NULL: an element of a list; a text
 * that is NULL is null. */
void json_open(struct buf *out, const char *key, char bracket); /* '{' or '[' */
void json_close(struct buf *out, char bracket);                 /* '}' or ']' */
void json_key(struct buf *out, const char *key);                /* before a piece that others write */
void json_put_text(struct buf *out, const char *key, const char *text);
void json_put_int(struct buf *out, const char *key, int64_t number);
void json_put_bool(struct buf *out, const char *key, bool value);
void json_put_raw(struct buf *out, const char *key, const char *json);
const char *json_done(struct arena *a, struct buf *out, char bracket); /* closed, in the arena; the buffer is freed */
