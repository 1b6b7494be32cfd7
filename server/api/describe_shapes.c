#include "api/describe_shapes.h"

#include "api/file.h"
#include "api/methods.h"
#include "api/payload.h"
#include "api/push.h"
#include "api/shapes.h"
#include "store/audit.h"

#define ARRAY_OF(item) "\"type\":\"array\",\"items\":{" item "}"

const struct field_kind_words FIELD_KIND_WORDS[] = {
    [FIELD_TEXT] = {"text", "string", .type = "string", .low = "minLength", .high = "maxLength"},
    [FIELD_INT] = {"whole number", "number", .type = "integer", .format = "int64", .low = "minimum", .high = "maximum"},
    [FIELD_BOOL] = {"true/false", "boolean", "\"type\":\"boolean\""},
    [FIELD_TIME] = {"time", "string", .type = "string", .format = "date-time"},
    [FIELD_UUID] = {"id", "string", .type = "string", .format = "uuid"},
    [FIELD_JSON] = {"JSON", NULL, "\"x-json\":true"},
    [FIELD_TEXTS] = {"list of text", "string[]", ARRAY_OF("\"type\":\"string\"")},
    [FIELD_UUIDS] = {"list of ids", "string[]", ARRAY_OF("\"type\":\"string\",\"format\":\"uuid\"")},
    [FIELD_SAID] = {"list of [sayings](#sayings)", "Said[]", ARRAY_OF("\"$ref\":\"#/components/schemas/Said\"")},
    [FIELD_KEY] = {NULL}, /* never outside */
};

static void collect(struct shape_set *set, const struct shape *shape)
{
    if (!shape || !shape->fields)
        return;
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->items[i]->name, shape->name) == 0)
            return;
    for (const struct field *f = field_first(shape); f; f = field_next(f))
        collect(set, f->shape);
    if (set->n == SHAPES_MAX)
        abort(); /* a mistake in our own code: it would be left out of the documents */
    set->items[set->n++] = shape;
}

struct shape_set described_shapes(void)
{
    struct shape_set set = {.n = 0};
    for (const struct method *const *table = API_TABLES; *table; table++) {
        for (const struct method *m = *table; m->name; m++) {
            collect(&set, m->params);
            collect(&set, m->result);
        }
    }
    for (const struct notification *n = NOTIFICATIONS + 1; n < NOTIFICATIONS + PUSHES_; n++)
        collect(&set, n->params);
    collect(&set, &ATTACHMENT_SHAPE);
    collect(&set, &UPLOAD_SHAPE);
    for (const struct shape *const *payload = PAYLOAD_SHAPES; *payload; payload++)
        collect(&set, *payload);
    return set;
}

const char *shape_ref(const struct shape *shape)
{
    return shape->fields ? shape->name : NULL;
}

bool never_null(const struct field *f)
{
    return (f->flags & FIELD_REQUIRED) || f->kind == FIELD_BOOL || f->kind == FIELD_LIST || f->kind == FIELD_TEXTS ||
           f->kind == FIELD_UUIDS || f->kind == FIELD_SAID;
}

/* In a request what is not required may be left out; in an answer everything is there, though it may be null. A shape
 * that serves both ways is written as an answer. */
bool is_params(const struct shape *shape)
{
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++) {
            struct shape_set set = {.n = 0};
            collect(&set, m->result);
            for (size_t i = 0; i < set.n; i++)
                if (strcmp(set.items[i]->name, shape->name) == 0)
                    return false;
        }
    for (const struct notification *n = NOTIFICATIONS + 1; n < NOTIFICATIONS + PUSHES_; n++)
        if (strcmp(n->params->name, shape->name) == 0)
            return false;
    return true;
}

const char *method_scope_words(const struct method *m, struct buf *scratch)
{
    unsigned scopes = m->needs == ROLE_NONE ? 0 : method_scopes(m);
    buf_clear(scratch);
    for (size_t i = 0; TOKEN_SCOPE_NAMES[i]; i++)
        if (scopes & (1u << i))
            buf_printf(scratch, "%s%s", scratch->len ? ", " : "", TOKEN_SCOPE_NAMES[i]);
    return scratch->len ? scratch->data : "–";
}

void method_audit_words(const struct method *m, const char *between, struct buf *out)
{
    const char *comma = "";
    for (int action = 0; action < AUDIT_ACTIONS_; action++)
        if (m->audits & AUDIT_BIT(action)) {
            buf_printf(out, "%s%s", comma, AUDIT_ACTION_NAMES[action]);
            comma = between;
        }
}
