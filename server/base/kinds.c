#include "base/kinds.h"
#include "base/mem.h"

#define IMPORTED(column_, form_, example_) column_
#define NOT_IMPORTED NULL

#define MEDIUM_AS_NAME(number, WORD, name_, ...) [number] = (name_),
#define MEDIUM_AS_ROW(number, WORD, name_, icon_, hue_) {MEDIUM_##WORD, name_, icon_, hue_},
#define KIND_AS_NAME(number, WORD, name_, ...) [number] = (name_),
#define KIND_AS_ROW(number, WORD, name_, column_, ...) \
    {.kind = IDENTITY_##WORD, .name = name_, .column = column_, __VA_ARGS__},

const char *const MEDIUM_NAMES[] = {MEDIA(MEDIUM_AS_NAME)[MEDIUM_COUNT] = NULL};
const char *const IDENTITY_KIND_NAMES[] = {"", IDENTITY_KINDS(KIND_AS_NAME)[IDENTITY_KIND_COUNT] = NULL};
NAMES_COUNTED(MEDIUM_NAMES, MEDIUM_COUNT);
NAMES_COUNTED(IDENTITY_KIND_NAMES, IDENTITY_KIND_COUNT);

const struct medium_row MEDIUM_ROWS[] = {MEDIA(MEDIUM_AS_ROW){0}};
const struct identity_kind_row IDENTITY_KIND_ROWS[] = {IDENTITY_KINDS(KIND_AS_ROW){0}};

const struct identity_kind_row *identity_kind_row(int kind)
{
    static const struct identity_kind_row UNKNOWN = {.name = "", .medium = MEDIUM_OTHER};
    for (const struct identity_kind_row *row = IDENTITY_KIND_ROWS; row->name; row++)
        if ((int)row->kind == kind)
            return row;
    return &UNKNOWN;
}
