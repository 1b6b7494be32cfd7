/* How the records look outside. The macros make a field row from a struct and its member. */
#pragma once

#include "base/field.h"
#include "store/records.h"

#include <stddef.h>

#define ROW(T, m, json_name, ...)                                       \
    {                                                                   \
        .name = json_name, .offset = offsetof(struct T, m), __VA_ARGS__ \
    }
#define TEXT(T, m, name_, max_, help_) ROW(T, m, name_, .kind = FIELD_TEXT, .max = max_, .help = help_)
#define TEXT_REQ(T, m, name_, max_, help_) \
    ROW(T, m, name_, .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = max_, .help = help_)
#define LINES(T, m, name_, max_, help_) \
    ROW(T, m, name_, .kind = FIELD_TEXT, .flags = FIELD_LINES, .max = max_, .help = help_)
#define INT(T, m, name_, min_, max_, help_) ROW(T, m, name_, .kind = FIELD_INT, .min = min_, .max = max_, .help = help_)
#define BOOL(T, m, name_, help_) ROW(T, m, name_, .kind = FIELD_BOOL, .help = help_)
#define TIME(T, m, name_, help_) ROW(T, m, name_, .kind = FIELD_TIME, .help = help_)
#define UUID(T, m, name_, help_) ROW(T, m, name_, .kind = FIELD_UUID, .help = help_)
#define UUID_REQ(T, m, name_, help_) ROW(T, m, name_, .kind = FIELD_UUID, .flags = FIELD_REQUIRED, .help = help_)
#define ENUM(T, m, name_, names_, help_) ROW(T, m, name_, .kind = FIELD_ENUM, .names = names_, .help = help_)
#define ENUM_REQ(T, m, name_, names_, help_) \
    ROW(T, m, name_, .kind = FIELD_ENUM, .flags = FIELD_REQUIRED, .names = names_, .help = help_)
#define JSON(T, m, name_, max_, help_) ROW(T, m, name_, .kind = FIELD_JSON, .max = max_, .help = help_)
#define OBJECT(T, m, name_, shape_, help_) ROW(T, m, name_, .kind = FIELD_OBJECT, .shape = shape_, .help = help_)
#define LIST(T, m, name_, shape_, max_, help_) \
    ROW(T, m, name_, .kind = FIELD_LIST, .shape = shape_, .max = max_, .help = help_)
#define TEXTS(T, m, name_, max_, help_) ROW(T, m, name_, .kind = FIELD_TEXTS, .max = max_, .help = help_)
#define UUIDS(T, m, name_, max_, help_) ROW(T, m, name_, .kind = FIELD_UUIDS, .max = max_, .help = help_)
#define REQUIRED .flags = FIELD_REQUIRED

#define SHAPE(var, T, name_, help_, ...)                \
    const struct shape var = {.name = name_,            \
                              .help = help_,            \
                              .size = sizeof(struct T), \
                              .fields = (const struct field[]){__VA_ARGS__, {.name = NULL}}}

extern const struct shape AGENT_SHAPE, TOKEN_SHAPE, CHANNEL_SHAPE, IDENTITY_SHAPE, CUSTOMER_SHAPE, CUSTOMER_HIT_SHAPE,
    CONVERSATION_SHAPE, ATTACHMENT_SHAPE, ENTRY_SHAPE, ORDER_SHAPE, JOURNAL_SHAPE, TASK_SHAPE, EMPTY_SHAPE, ID_SHAPE,
    CUSTOMER_REF_SHAPE, OF_CUSTOMER_SHAPE;

extern const char *const YES_NO[]; /* a bool that may be left out: 0, 1 or -1 */

struct empty {
    char nothing;
};

#define VERSION_HELP \
    "The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is."
#define CLIENT_ID_HELP "Made by the client: asked again with the same id, after a lost answer, it is not done again."

/* {id}: the parameters of every "…get" and the like. */
struct by_id {
    struct uuid id;
};

/* {customer_id} */
struct of_customer {
    struct uuid customer_id;
};
