/* A JSON-RPC message as a WebSocket brings it, and with it every field table of the API: found, decoded, shown again. What was
 * taken is clean, and what it is shown as is JSON. */
#include "api/methods.h"
#include "channel_fuzz.h"

static void must_be_json(const struct buf *out)
{
    struct error err = {0};
    struct json_object *again = json_parse(out->data, out->len, &err);
    MUST(json_object_is_type(again, json_type_object));
    json_object_put(again);
}

static void decode(const struct shape *shape, struct json_object *params, struct arena *a)
{
    struct error err = {0};
    AUTO_BUF struct buf out = {0};
    void *into = arena_alloc(a, shape->size);
    if (field_decode(shape, params, a, into, &err)) {
        field_encode(shape, into, &out);
        must_be_json(&out);
    } else {
        MUST(err.code != ERR_NONE && err.text[0]);
        must_be_text(err.text, sizeof(err.text));
        must_be_text(err.field, sizeof(err.field));
    }
}

/* Without a method that is known: the tables in turn. */
static void decode_by_all(struct json_object *params, struct arena *a)
{
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++)
            decode(m->params, params, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct error err = {0};
    struct json_object *message = json_parse((const char *)data, size, &err), *params = NULL, *id = NULL;
    if (json_object_is_type(message, json_type_object)) {
        const char *name = json_text(a, message, "method");
        const struct method *m = name ? method_find(name) : NULL;
        if (json_object_object_get_ex(message, "id", &id))
            MUST(json_object_to_json_string_ext(id, JSON_C_TO_STRING_PLAIN));
        json_object_object_get_ex(message, "params", &params);
        if (m)
            decode(m->params, params, a);
        else
            decode_by_all(params, a);
    }
    json_object_put(message);
    return 0;
}
