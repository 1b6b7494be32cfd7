/* Rows of field tables (base/field.h), made from a struct and its member, whose type the compiler checks. What follows the
 * named arguments is added to the row: STORED, COMPUTED or REQUIRED. */
#pragma once

#include "base/field.h"

#include <stddef.h>

/* offsetof, when the member has that type. */
#define OFFSET_OF(T, m, type)                                                                             \
    (offsetof(struct T, m) +                                                                              \
     0 * sizeof(struct {                                                                                  \
         int has_that_type : __builtin_types_compatible_p(__typeof__(((struct T *)0)->m), type) ? 1 : -1; \
     }))

#define ROW(T, m, type, json_name, ...)                                 \
    {                                                                   \
        .name = json_name, .offset = OFFSET_OF(T, m, type), __VA_ARGS__ \
    }
#define TEXT(T, m, name_, max_, help_, ...) \
    ROW(T, m, const char *, name_, .kind = FIELD_TEXT, .max = max_, .help = help_, __VA_ARGS__)
#define TEXT_REQ(T, m, name_, max_, help_, ...) \
    ROW(T, m, const char *, name_, .kind = FIELD_TEXT, .min = 1, .max = max_, .help = help_, REQUIRED, __VA_ARGS__)
#define LINES(T, m, name_, max_, help_, ...) \
    ROW(T, m, const char *, name_, .kind = FIELD_TEXT, .flags = FIELD_LINES, .max = max_, .help = help_, __VA_ARGS__)
#define INT(T, m, name_, min_, max_, help_, ...) \
    ROW(T, m, int64_t, name_, .kind = FIELD_INT, .min = min_, .max = max_, .help = help_, __VA_ARGS__)
#define INT_REQ(T, m, name_, min_, max_, help_, ...) \
    ROW(T, m, int64_t, name_, .kind = FIELD_INT, .min = min_, .max = max_, .help = help_, REQUIRED, __VA_ARGS__)
#define BOOL(T, m, name_, help_, ...) ROW(T, m, bool, name_, .kind = FIELD_BOOL, .help = help_, __VA_ARGS__)
#define TIME(T, m, name_, help_, ...) ROW(T, m, int64_t, name_, .kind = FIELD_TIME, .help = help_, __VA_ARGS__)
#define TIME_REQ(T, m, name_, help_, ...) \
    ROW(T, m, int64_t, name_, .kind = FIELD_TIME, .help = help_, REQUIRED, __VA_ARGS__)
#define UUID(T, m, name_, help_, ...) ROW(T, m, struct uuid, name_, .kind = FIELD_UUID, .help = help_, __VA_ARGS__)
#define UUID_REQ(T, m, name_, help_, ...) \
    ROW(T, m, struct uuid, name_, .kind = FIELD_UUID, .help = help_, REQUIRED, __VA_ARGS__)
#define ENUM(T, m, name_, names_, help_, ...) \
    ROW(T, m, int, name_, .kind = FIELD_ENUM, .names = names_, .help = help_, __VA_ARGS__)
#define ENUM_REQ(T, m, name_, names_, help_, ...) \
    ROW(T, m, int, name_, .kind = FIELD_ENUM, .names = names_, .help = help_, REQUIRED, __VA_ARGS__)
#define JSON(T, m, name_, max_, help_, ...) \
    ROW(T, m, const char *, name_, .kind = FIELD_JSON, .max = max_, .help = help_, __VA_ARGS__)
#define SAID(T, m, name_, help_, ...) ROW(T, m, const char *, name_, .kind = FIELD_SAID, .help = help_, __VA_ARGS__)
/* Its member is a pointer: of anything else `*` is refused. */
#define OBJECT(T, m, name_, shape_, help_, ...)                                                                 \
    {                                                                                                           \
        .name = name_, .offset = offsetof(struct T, m) + 0 * sizeof(*((struct T *)0)->m), .kind = FIELD_OBJECT, \
        .shape = shape_, .help = help_, __VA_ARGS__                                                             \
    }
#define LIST(T, m, name_, shape_, max_, help_, ...) \
    ROW(T, m, struct list, name_, .kind = FIELD_LIST, .shape = shape_, .max = max_, .help = help_, __VA_ARGS__)
#define TEXTS(T, m, name_, max_, help_, ...) \
    ROW(T, m, struct list, name_, .kind = FIELD_TEXTS, .max = max_, .help = help_, __VA_ARGS__)
#define UUIDS(T, m, name_, max_, help_, ...) \
    ROW(T, m, struct list, name_, .kind = FIELD_UUIDS, .max = max_, .help = help_, __VA_ARGS__)
#define REQUIRED .flags = FIELD_REQUIRED

/* Of a stored record: the column of the same content, and what the member is used for (enum field_uses, or 0); or what is
 * read in place of a column. */
#define STORED(column_, uses_) .column = (column_), .uses = (uses_)
#define COMPUTED(sql_) .sql = (sql_)

/* Members that never leave the server. */
#define INSIDE_ROW(T, m, type, ...) ROW(T, m, type, #m, .flags = FIELD_INSIDE, __VA_ARGS__)
#define INSIDE_KEY(T, m, ...) INSIDE_ROW(T, m, int64_t, .kind = FIELD_KEY, __VA_ARGS__)
#define INSIDE_INT(T, m, ...) INSIDE_ROW(T, m, int64_t, .kind = FIELD_INT, __VA_ARGS__)
#define INSIDE_ENUM(T, m, ...) INSIDE_ROW(T, m, int, .kind = FIELD_ENUM, __VA_ARGS__)
#define INSIDE_BOOL(T, m, ...) INSIDE_ROW(T, m, bool, .kind = FIELD_BOOL, __VA_ARGS__)
#define INSIDE_UUID(T, m, ...) INSIDE_ROW(T, m, struct uuid, .kind = FIELD_UUID, __VA_ARGS__)
#define INSIDE_TIME(T, m, ...) INSIDE_ROW(T, m, int64_t, .kind = FIELD_TIME, __VA_ARGS__)
#define INSIDE_TEXT(T, m, ...) INSIDE_ROW(T, m, const char *, .kind = FIELD_TEXT, __VA_ARGS__)

#define SHAPE(var, T, name_, help_, ...) RECORD(var, T, name_, NULL, help_, __VA_ARGS__)

/* Of a stored noun; `alias_` names its table in statements. */
#define RECORD(var, T, name_, alias_, help_, ...)       \
    const struct shape var = {.name = name_,            \
                              .help = help_,            \
                              .size = sizeof(struct T), \
                              .alias = alias_,          \
                              .fields = (const struct field[]){__VA_ARGS__, {.name = NULL}}}
