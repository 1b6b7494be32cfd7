/* docs/openapi.json. */
#include "api/describe.h"

#include "api/describe_shapes.h"
#include "api/methods.h"

#include <inttypes.h>
#include <stdio.h>

static void oa_text(struct buf *out, const char *s)
{
    buf_json_string(out, s, strlen(s));
}

static void oa_ref(const struct shape *shape, struct buf *out)
{
    if (shape_ref(shape))
        buf_printf(out, "{\"$ref\":\"#/components/schemas/%s\"}", shape->name);
    else
        buf_puts(out, "{\"type\":\"object\",\"additionalProperties\":false}");
}

static void oa_enum(const struct field *f, bool nullable, struct buf *out)
{
    buf_printf(out, "\"type\":%s,\"enum\":[", nullable ? "[\"string\",\"null\"]" : "\"string\"");
    bool first = true;
    for (const char *const *n = f->names; *n; n++) {
        if (!(*n)[0])
            continue;
        buf_puts(out, first ? "" : ",");
        oa_text(out, *n);
        first = false;
    }
    buf_puts(out, nullable ? ",null]" : "]");
}

static void oa_range(const struct field *f, const char *low, const char *high, struct buf *out)
{
    if (f->min)
        buf_printf(out, ",\"%s\":%" PRId64, low, f->min);
    if (f->max && f->max != INT64_MAX)
        buf_printf(out, ",\"%s\":%" PRId64, high, f->max);
}

static void oa_scalar(const struct field *f, const struct field_kind_words *w, bool nullable, struct buf *out)
{
    buf_printf(out, nullable ? "\"type\":[\"%s\",\"null\"]" : "\"type\":\"%s\"", w->type);
    if (w->format)
        buf_printf(out, ",\"format\":\"%s\"", w->format);
    if (w->low)
        oa_range(f, w->low, w->high, out);
}

static void oa_type(const struct field *f, struct buf *out)
{
    const struct field_kind_words *w = &FIELD_KIND_WORDS[f->kind];
    bool nullable = !never_null(f);
    if (f->kind == FIELD_ENUM) {
        oa_enum(f, nullable, out);
    } else if (f->kind == FIELD_OBJECT) {
        buf_puts(out, nullable ? "\"oneOf\":[" : "\"allOf\":[");
        oa_ref(f->shape, out);
        buf_puts(out, nullable ? ",{\"type\":\"null\"}]" : "]");
    } else if (f->kind == FIELD_LIST) {
        buf_puts(out, "\"type\":\"array\",\"items\":");
        oa_ref(f->shape, out);
        oa_range(f, "minItems", "maxItems", out);
    } else if (w->type) {
        oa_scalar(f, w, nullable, out);
    } else {
        buf_puts(out, w->schema);
    }
}

static void oa_shape(const struct shape *shape, struct buf *out)
{
    oa_text(out, shape->name);
    buf_puts(out, ":{\"type\":\"object\",\"description\":");
    oa_text(out, shape->help);
    buf_puts(out, ",\"additionalProperties\":false,\"properties\":{");
    for (const struct field *f = field_first(shape); f; f = field_next(f)) {
        buf_puts(out, f == field_first(shape) ? "\n" : ",\n");
        oa_text(out, f->name);
        buf_puts(out, ":{");
        oa_type(f, out);
        buf_puts(out, ",\"description\":");
        oa_text(out, f->help);
        if (f->flags & FIELD_SECRET)
            buf_puts(out, ",\"writeOnly\":true");
        buf_puts(out, "}");
    }
    buf_puts(out, "}");
    bool params = is_params(shape), first = true;
    for (const struct field *f = field_first(shape); f; f = field_next(f)) {
        if (params && !(f->flags & FIELD_REQUIRED))
            continue;
        buf_puts(out, first ? ",\"required\":[" : ",");
        oa_text(out, f->name);
        first = false;
    }
    buf_puts(out, first ? "}" : "]}");
}

static void oa_method(const struct method *m, struct buf *out)
{
    buf_printf(out, "\"/api/v1/%s\":{\"post\":{\"operationId\":\"%s\",\"description\":", m->name, m->name);
    oa_text(out, m->help);
    AUTO_BUF struct buf scopes = {0};
    buf_printf(out, ",\"x-scopes\":\"%s\"", method_scope_words(m, &scopes));
    if (m->audits) {
        buf_puts(out, ",\"x-audits\":[\"");
        method_audit_words(m, "\",\"", out);
        buf_puts(out, "\"]");
    }
    buf_printf(out,
               ",\"x-role\":\"%s\",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":",
               ROLE_NAMES[m->needs]);
    oa_ref(m->params, out);
    buf_puts(out,
             "}}},\"responses\":{\"200\":{\"description\":\"Done.\",\"content\":{\"application/json\":{\"schema\":");
    oa_ref(m->result, out);
    buf_puts(out, "}}},\"default\":{\"$ref\":\"#/components/responses/Error\"}}");
    buf_puts(out, m->needs ? "}}" : ",\"security\":[]}}");
}

/* A line for each method, each record and each of its members, so that what has changed can be read. */
void describe_openapi(struct buf *out)
{
    buf_puts(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Throughline\",\"version\":\"" THROUGHLINE_VERSION
                  "\",\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}},"
                  "\"security\":[{\"bearer\":[]},{\"session\":[]}],\"paths\":{");
    bool first = true;
    for (const struct method *const *table = API_TABLES; *table; table++) {
        for (const struct method *m = *table; m->name; m++) {
            if (m->flags & METHOD_SOCKET_ONLY)
                continue;
            buf_puts(out, first ? "\n" : ",\n");
            oa_method(m, out);
            first = false;
        }
    }
    buf_puts(
        out,
        "},\"components\":{\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
        "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"throughline\"}},"
        "\"responses\":{\"Error\":{\"description\":\"Refused: error.data.kind says why, error.data.field where.\","
        "\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Error\"}}}}},"
        "\"schemas\":{\"Error\":{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"object\",\"properties\":{"
        "\"code\":{\"type\":\"integer\"},\"message\":{\"type\":\"string\"},\"data\":{\"type\":\"object\","
        "\"properties\":{"
        "\"kind\":{\"type\":\"string\"},\"field\":{\"type\":[\"string\",\"null\"]},\"reason\":{\"type\":\"string\"},"
        "\"params\":{\"type\":\"object\"}}}}}}},\n\"Said\":{\"type\":\"object\",\"required\":[\"code\",\"params\"],"
        "\"properties\":{\"code\":{\"type\":\"string\"},\"params\":{\"type\":\"object\"}}}");
    struct shape_set set = described_shapes();
    for (size_t i = 0; i < set.n; i++) {
        buf_puts(out, ",\n");
        oa_shape(set.items[i], out);
    }
    buf_puts(out, "}}}\n");
}
