/* docs/openapi.json, which the server gives to anybody by /api/v1/openapi.json. Parameters are strict, as the server is; answers may have
 * more members later. */
#include "api/describe.h"

#include "api/describe_shapes.h"
#include "api/file.h"
#include "api/methods.h"
#include "api/push.h"

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
        buf_puts(out, "{\"type\":\"object\"}");
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
    bool params = is_params(shape), first = true;
    buf_puts(out, params ? ",\"additionalProperties\":false,\"properties\":{" : ",\"properties\":{");
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
    for (const struct field *f = field_first(shape); f; f = field_next(f)) {
        if (params && !(f->flags & FIELD_REQUIRED))
            continue;
        buf_puts(out, first ? ",\"required\":[" : ",");
        oa_text(out, f->name);
        first = false;
    }
    buf_puts(out, first ? "}" : "]}");
}

/* ---- examples ---- */

static void example_object(const struct shape *shape, struct buf *out);

static void example_value(const struct field *f, struct buf *out)
{
    switch (f->kind) {
    case FIELD_UUID:
    case FIELD_UUIDS:
        buf_printf(out, f->kind == FIELD_UUID ? "\"%s\"" : "[\"%s\"]", "0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f");
        break;
    case FIELD_TIME:
        buf_puts(out, "\"2026-11-21T20:41:25Z\"");
        break;
    case FIELD_INT:
        buf_printf(out, "%" PRId64, f->min > 1 ? f->min : 1);
        break;
    case FIELD_BOOL:
        buf_puts(out, "true");
        break;
    case FIELD_ENUM:
        oa_text(out, f->example ? f->example : f->names[0][0] ? f->names[0] : f->names[1]);
        break;
    case FIELD_JSON:
        buf_puts(out, f->example ? f->example : "{}");
        break;
    case FIELD_TEXTS:
    case FIELD_SAID:
        buf_puts(out, "[]");
        break;
    case FIELD_OBJECT:
        example_object(f->shape, out);
        break;
    case FIELD_LIST:
        buf_putc(out, '[');
        example_object(f->shape, out);
        buf_putc(out, ']');
        break;
    case FIELD_TEXT:
    case FIELD_KEY:
        oa_text(out, f->example ? f->example : f->name);
        break;
    }
}

/* What must be there, and whatever has an example of its own. */
static void example_object(const struct shape *shape, struct buf *out)
{
    bool first = true;
    buf_putc(out, '{');
    for (const struct field *f = shape->fields ? field_first(shape) : NULL; f; f = field_next(f)) {
        if (!(f->flags & FIELD_REQUIRED) && !f->example)
            continue;
        buf_puts(out, first ? "" : ",");
        oa_text(out, f->name);
        buf_putc(out, ':');
        example_value(f, out);
        first = false;
    }
    buf_putc(out, '}');
}

/* ---- methods ---- */

/* Who may, and what is noted. */
static void oa_rights(const struct method *m, struct buf *out)
{
    AUTO_BUF struct buf scopes = {0};
    buf_printf(out, ",\"x-role\":\"%s\",\"x-scopes\":\"%s\"", ROLE_NAMES[m->needs], method_scope_words(m, &scopes));
    if (m->audits) {
        buf_puts(out, ",\"x-audits\":[\"");
        method_audit_words(m, "\",\"", out);
        buf_puts(out, "\"]");
    }
}

static void oa_params(const struct shape *shape, struct buf *out)
{
    if (shape_ref(shape))
        oa_ref(shape, out);
    else
        buf_puts(out, "{\"type\":\"object\",\"additionalProperties\":false}");
}

static void oa_method(const struct method *m, struct buf *out)
{
    buf_printf(out, "\"/api/v1/%s\":{\"post\":{\"operationId\":\"%s\",\"tags\":[\"%.*s\"],\"description\":", m->name,
               m->name, (int)strcspn(m->name, "."), m->name);
    oa_text(out, m->help);
    oa_rights(m, out);
    buf_puts(out, ",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":");
    oa_params(m->params, out);
    buf_puts(out, ",\"example\":");
    example_object(m->params, out);
    buf_puts(out,
             "}}},\"responses\":{\"200\":{\"description\":\"Done.\",\"content\":{\"application/json\":{\"schema\":");
    oa_ref(m->result, out);
    buf_puts(out, "}}},\"default\":{\"$ref\":\"#/components/responses/Error\"}}");
    buf_puts(out, m->needs ? "}}" : ",\"security\":[]}}");
}

/* Files go as they are, not as JSON. */
static void oa_files(struct buf *out)
{
    buf_printf(
        out,
        ",\n\"/api/v1/attachments\":{\"post\":{\"operationId\":\"attachments.upload\",\"tags\":[\"attachments\"],"
        "\"description\":\"Brings a file. Its handle is named in a message, or in what is put, by the same caller "
        "within a day.\",\"x-scopes\":\"put, send, administer\",\"parameters\":[{\"name\":\"name\",\"in\":\"query\","
        "\"required\":true,\"schema\":{\"type\":\"string\"},\"example\":\"receipt.pdf\"}],\"requestBody\":{"
        "\"required\":true,\"content\":{\"*/*\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}}},"
        "\"responses\":{\"200\":{\"description\":\"Stored.\",\"content\":{\"application/json\":{\"schema\":{"
        "\"$ref\":\"#/components/schemas/%s\"}}}},\"default\":{\"$ref\":\"#/components/responses/Error\"}}}}",
        UPLOAD_SHAPE.name);
    buf_puts(
        out,
        ",\n\"/attachments/{sha256}\":{\"get\":{\"operationId\":\"attachments.download\",\"tags\":[\"attachments\"],"
        "\"description\":\"Gives a file to those who may read what holds it; Range is taken.\",\"x-scopes\":\"read, "
        "administer\",\"parameters\":[{\"name\":\"sha256\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":"
        "\"string\"}},{\"name\":\"name\",\"in\":\"query\",\"schema\":{\"type\":\"string\"}},{\"name\":\"type\","
        "\"in\":\"query\",\"schema\":{\"type\":\"string\"}},{\"name\":\"size\",\"in\":\"query\",\"description\":\"A "
        "small "
        "copy of a picture, as WebP.\",\"schema\":{\"type\":\"string\",\"enum\":[\"small\",\"large\"]}},{\"name\":"
        "\"infected\",\"in\":\"query\",\"description\":\"Although a virus was found: to an administrator alone.\","
        "\"schema\":{\"type\":\"string\",\"enum\":[\"yes\"]}}],\"responses\":{\"200\":{\"description\":\"The file.\","
        "\"content\":{\"*/*\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}}},\"default\":{\"$ref\":"
        "\"#/components/responses/Error\"}}}}");
    buf_puts(out,
             ",\n\"/files/{link}\":{\"get\":{\"operationId\":\"files.download\",\"tags\":[\"attachments\"],"
             "\"description\":\"Gives a file to whoever has a link of file.link; Range is taken.\",\"security\":[],"
             "\"parameters\":[{\"name\":\"link\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}],"
             "\"responses\":{\"200\":{\"description\":\"The file.\",\"content\":{\"*/*\":{\"schema\":{\"type\":"
             "\"string\",\"format\":\"binary\"}}}},\"default\":{\"$ref\":\"#/components/responses/Error\"}}}}");
}

/* ---- the WebSocket ---- */

static void oa_socket_method(const struct method *m, struct buf *out)
{
    buf_printf(out, "\n\"%s\":{\"description\":", m->name);
    oa_text(out, m->help);
    oa_rights(m, out);
    buf_puts(out, ",\"params\":");
    oa_params(m->params, out);
    buf_puts(out, ",\"result\":");
    oa_ref(m->result, out);
    buf_puts(out, "}");
}

/* OpenAPI knows no WebSockets: an extension says it. */
static void oa_socket(struct buf *out)
{
    buf_puts(
        out,
        ",\n\"x-websocket\":{\"path\":\"/ws\",\"protocols\":{\"throughline\":\"agents and tokens with the scope "
        "read\",\"throughline-chat\":\"visitors of a chat\"},\"description\":\"JSON-RPC 2.0: every method above by "
        "its name, and those that are here alone. The sub-protocol must be named.\",\"methods\":{");
    const char *comma = "";
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++) {
            if (!(m->flags & METHOD_SOCKET_ONLY))
                continue;
            buf_puts(out, comma);
            oa_socket_method(m, out);
            comma = ",";
        }
    buf_puts(out, "},\"notifications\":{");
    for (const struct notification *n = NOTIFICATIONS + 1; n < NOTIFICATIONS + PUSHES_; n++) {
        buf_printf(out, "%s\n\"%s\":{\"x-to\":\"%s\",\"description\":", n == NOTIFICATIONS + 1 ? "" : ",", n->name,
                   PUSH_TO_WORDS[n->to]);
        oa_text(out, n->help);
        buf_puts(out, ",\"params\":");
        oa_ref(n->params, out);
        buf_puts(out, "}");
    }
    buf_puts(out, "}}");
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
    oa_files(out);
    buf_puts(out, "}");
    oa_socket(out);
    buf_puts(
        out,
        ",\n\"components\":{\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
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
