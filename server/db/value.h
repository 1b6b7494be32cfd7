/* What statements are given: values that know their type, made from C expressions by the compiler.
 *
 *   db_exec(db, "UPDATE channel SET name = ?, failed_at = ? WHERE uuid = ?", name, null_if_0(at), &id);
 *
 * A number (any integer type, bool, enum) is itself; a const char * is a text and NULL its NULL; a pointer to a uuid is an id, and
 * the id that is all zero is NULL. The functions below say what else there is. What is given by pointer is borrowed until the
 * statement has run. How many a statement wants is checked when it is run: a mistake aborts. */
#pragma once

#include "base/id.h"

#include <stddef.h>
#include <stdint.h>

enum value_type {
    VALUES_END, /* after the last */
    VALUE_NUMBER,
    VALUE_TEXT,
    VALUE_BYTES,
};

struct value {
    enum value_type type;
    int64_t number;
    const void *data; /* NULL: a number, or null */
    unsigned long len;
    bool is_null;
};

struct value value_number(int64_t n);
struct value value_text(const char *text);
struct value value_uuid(const struct uuid *id);
struct value value_itself(struct value v);

struct value null_if_0(int64_t n);
struct value null_if_none(int64_t n);                 /* FIELD_INT_NONE */
struct value value_bytes(const void *data, size_t n); /* NULL is NULL */

#define VALUE(x) \
    _Generic((x),                                                                                              \
             char *: value_text,                                                                               \
             const char *: value_text,                                                                         \
             struct uuid *: value_uuid,                                                                        \
             const struct uuid *: value_uuid,                                                                  \
             struct value: value_itself,                                                                       \
             default: value_number)(x)

/* VALUES(a, b): a list of them for a call, with its end. cppcheck 2.10 does not know __VA_OPT__. */
#ifdef __cppcheck__
const struct value *values_for_cppcheck(const char *none, ...);
#define VALUES(...) values_for_cppcheck("", ##__VA_ARGS__)
#else
#define VALUES(...) ((const struct value[]){VALUE_EACH(__VA_ARGS__){.type = VALUES_END}})
#endif

#define VALUE_EACH(...) __VA_OPT__(VALUE_EXPAND(VALUE_NEXT(__VA_ARGS__)))
#define VALUE_NEXT(x, ...) VALUE(x), __VA_OPT__(VALUE_AGAIN VALUE_PARENTHESES(__VA_ARGS__))
#define VALUE_AGAIN() VALUE_NEXT
#define VALUE_PARENTHESES ()
#define VALUE_EXPAND(...) VALUE_EXPAND_3(VALUE_EXPAND_3(VALUE_EXPAND_3(__VA_ARGS__)))
#define VALUE_EXPAND_3(...) VALUE_EXPAND_2(VALUE_EXPAND_2(VALUE_EXPAND_2(__VA_ARGS__)))
#define VALUE_EXPAND_2(...) VALUE_EXPAND_1(VALUE_EXPAND_1(VALUE_EXPAND_1(__VA_ARGS__)))
#define VALUE_EXPAND_1(...) __VA_ARGS__

/* A list for "IN (…)": values of one type, none of them NULL. */
struct value_list {
    enum value_type type;
    size_t n;
    const int64_t *numbers; /* these, or … */
    const char *const *texts;
    const struct uuid *ids;
};

struct value_list numbers_in(const int64_t *numbers, size_t n);
struct value_list texts_in(const char *const *texts, size_t n);
struct value_list uuids_in(const struct uuid *ids, size_t n);
