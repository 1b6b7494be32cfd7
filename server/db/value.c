#include "db/value.h"

#include "base/field.h"

struct value value_number(int64_t n)
{
    return (struct value){.type = VALUE_NUMBER, .number = n};
}

struct value value_text(const char *text)
{
    return (struct value){.type = VALUE_TEXT, .data = text, .len = text ? strlen(text) : 0, .is_null = !text};
}

struct value value_bytes(const void *data, size_t n)
{
    return (struct value){.type = VALUE_BYTES, .data = data, .len = n, .is_null = !data};
}

struct value value_uuid(const struct uuid *id)
{
    return value_bytes(id && !uuid_is_none(id) ? id : NULL, sizeof(*id));
}

struct value value_itself(struct value v)
{
    return v;
}

struct value null_if_0(int64_t n)
{
    return (struct value){.type = VALUE_NUMBER, .number = n, .is_null = n == 0};
}

struct value null_if_none(int64_t n)
{
    return (struct value){.type = VALUE_NUMBER, .number = n, .is_null = n == FIELD_INT_NONE};
}

struct value_list numbers_in(const int64_t *numbers, size_t n)
{
    return (struct value_list){.type = VALUE_NUMBER, .n = n, .numbers = numbers};
}

struct value_list texts_in(const char *const *texts, size_t n)
{
    return (struct value_list){.type = VALUE_TEXT, .n = n, .texts = texts};
}

struct value_list uuids_in(const struct uuid *ids, size_t n)
{
    return (struct value_list){.type = VALUE_BYTES, .n = n, .ids = ids};
}
