/* Documents printed from the tables: what is documented is what is done. */
#include "api/describe.h"
#include "api/methods.h"
#include "api/push.h"

#include "api/describe_kinds.h"
#include "api/file.h"
#include "api/payload.h"
#include "api/shapes.h"
#include "channel/inbound.h"

#include <inttypes.h>
#include <stdio.h>

#define SHAPES_MAX 200

/* Every shape that the methods and notifications reach, each once, a shape after those it needs. */
struct shape_set {
    const struct shape *items[SHAPES_MAX];
    size_t n;
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
    if (set->n < SHAPES_MAX)
        set->items[set->n++] = shape;
}

static struct shape_set all_shapes(void)
{
    struct shape_set set = {.n = 0};
    for (const struct method *const *table = API_TABLES; *table; table++) {
        for (const struct method *m = *table; m->name; m++) {
            collect(&set, m->params);
            collect(&set, m->result);
        }
    }
    for (const struct notification *n = NOTIFICATIONS; n->name; n++)
        collect(&set, n->params);
    collect(&set, &ATTACHMENT_SHAPE);
    collect(&set, &UPLOAD_SHAPE);
    for (const struct shape *const *payload = PAYLOAD_SHAPES; *payload; payload++)
        collect(&set, *payload);
    return set;
}

/* "Empty" has no type of its own; it is {}. */
static const char *shape_ref(const struct shape *shape)
{
    return shape->fields ? shape->name : NULL;
}

static void ts_names(const char *const *names, struct buf *out)
{
    bool first = true;
    for (; *names; names++) {
        if (!(*names)[0])
            continue;
        buf_printf(out, "%s'%s'", first ? "" : " | ", *names);
        first = false;
    }
}

/* A JSON member whose shape is known has a better type than unknown. */
static const char *ts_json_type(const struct field *f)
{
    static const char *const KNOWN[][2] = {
        {"attachments", "Attachment[]"},         {"facts", "OrderFacts"},
        {"payload", "Record<string, unknown>"},  {"settings", "Record<string, unknown>"},
        {"generated", "Record<string, string>"}, {"headers", "Record<string, string>"}};
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
        if (strcmp(KNOWN[i][0], f->name) == 0)
            return KNOWN[i][1];
    return "unknown";
}

static void ts_type(const struct field *f, struct buf *out)
{
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_TIME:
    case FIELD_UUID:
        buf_puts(out, "string");
        break;
    case FIELD_INT:
        buf_puts(out, "number");
        break;
    case FIELD_BOOL:
        buf_puts(out, "boolean");
        break;
    case FIELD_ENUM:
        ts_names(f->names, out);
        break;
    case FIELD_JSON:
        buf_puts(out, ts_json_type(f));
        break;
    case FIELD_OBJECT:
        buf_puts(out, f->shape->name);
        break;
    case FIELD_LIST:
        buf_printf(out, "%s[]", f->shape->name);
        break;
    case FIELD_TEXTS:
    case FIELD_UUIDS:
        buf_puts(out, "string[]");
        break;
    case FIELD_KEY:
        break;
    }
}

static bool never_null(const struct field *f)
{
    return (f->flags & FIELD_REQUIRED) || f->kind == FIELD_BOOL || f->kind == FIELD_LIST || f->kind == FIELD_TEXTS ||
           f->kind == FIELD_UUIDS;
}

/* In a request what is not required may be left out; in an answer everything is there, though it may be null. A shape
 * that serves both ways is written as an answer. */
static bool is_params(const struct shape *shape)
{
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++) {
            struct shape_set set = {.n = 0};
            collect(&set, m->result);
            for (size_t i = 0; i < set.n; i++)
                if (strcmp(set.items[i]->name, shape->name) == 0)
                    return false;
        }
    for (const struct notification *n = NOTIFICATIONS; n->name; n++)
        if (strcmp(n->params->name, shape->name) == 0)
            return false;
    return true;
}

static void ts_shape(const struct shape *shape, struct buf *out)
{
    bool params = is_params(shape) && shape != &ATTACHMENT_SHAPE && shape != &UPLOAD_SHAPE;
    buf_printf(out, "/** %s */\nexport interface %s {\n", shape->help, shape->name);
    for (const struct field *f = field_first(shape); f; f = field_next(f)) {
        bool optional = params && !(f->flags & FIELD_REQUIRED);
        buf_printf(out, "  /** %s */\n  %s%s: ", f->help, f->name, optional ? "?" : "");
        ts_type(f, out);
        buf_puts(out, params ? optional ? " | null;\n" : ";\n" : never_null(f) ? ";\n" : " | null;\n");
    }
    buf_puts(out, "}\n\n");
}

static void ts_ref(const struct shape *shape, struct buf *out)
{
    buf_puts(out, shape_ref(shape) ? shape_ref(shape) : "Record<string, never>");
}

void describe_typescript(struct buf *out)
{
    buf_puts(out, "// Made by `./dev generate` from the server's method table. Do not edit.\n\n");
    describe_kinds_typescript(out);
    struct shape_set set = all_shapes();
    for (size_t i = 0; i < set.n; i++)
        ts_shape(set.items[i], out);
    buf_puts(out, "/** Every method: its parameters and its result. */\nexport interface Methods {\n");
    for (const struct method *const *table = API_TABLES; *table; table++) {
        for (const struct method *m = *table; m->name; m++) {
            buf_printf(out, "  /** %s */\n  '%s': { params: ", m->help, m->name);
            ts_ref(m->params, out);
            buf_puts(out, "; result: ");
            ts_ref(m->result, out);
            buf_puts(out, " };\n");
        }
    }
    buf_puts(out, "}\n\n/** What the server pushes. */\nexport interface Notifications {\n");
    for (const struct notification *n = NOTIFICATIONS; n->name; n++) {
        buf_printf(out, "  /** %s */\n  '%s': ", n->help, n->name);
        ts_ref(n->params, out);
        buf_puts(out, ";\n");
    }
    buf_puts(out, "}\n\n/** What an entry of each kind carries besides its words; more may be there. */\nexport "
                  "interface Payloads {\n");
    for (int kind = 0; PAYLOAD_SHAPES[kind]; kind++)
        buf_printf(out, "  %s: %s;\n", ENTRY_KIND_NAMES[kind], PAYLOAD_SHAPES[kind]->name);
    buf_puts(out, "}\n\n/** Not asked again after a lost answer: it would be done twice. */\nexport const ONCE: "
                  "ReadonlySet<keyof Methods> = new Set<keyof Methods>([");
    const char *comma = "";
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++)
            if (m->flags & METHOD_ONCE) {
                buf_printf(out, "%s'%s'", comma, m->name);
                comma = ", ";
            }
    buf_puts(out, "]);\n\n/** `error.data.kind` of a refused call. */\nexport type ErrorKind = ");
    for (int e = ERR_NONE + 1; e < ERR_COUNT_; e++)
        buf_printf(out, "%s'%s'", e > 1 ? " | " : "", error_row((enum error_code)e)->name);
    buf_puts(out, ";\n");
}

static const char *md_type(const struct field *f, struct buf *scratch)
{
    static const char *const WORDS[] = {"text", "whole number", "true/false", "time", "id"};
    buf_clear(scratch);
    if (f->kind <= FIELD_UUID)
        buf_puts(scratch, WORDS[f->kind]);
    else if (f->kind == FIELD_ENUM) {
        for (const char *const *n = f->names; *n; n++)
            if ((*n)[0])
                buf_printf(scratch, "%s`%s`", scratch->len ? ", " : "", *n);
    } else if (f->kind == FIELD_JSON)
        buf_puts(scratch, "JSON");
    else if (f->kind == FIELD_TEXTS || f->kind == FIELD_UUIDS)
        buf_puts(scratch, f->kind == FIELD_TEXTS ? "list of text" : "list of ids");
    else
        buf_printf(scratch, "%s%s", f->kind == FIELD_LIST ? "list of " : "", f->shape->name);
    return scratch->data;
}

static void md_shape(const struct shape *shape, struct buf *out)
{
    AUTO_BUF struct buf scratch = {0};
    buf_printf(out, "### %s\n\n%s\n\n| field | type | |\n|---|---|---|\n", shape->name, shape->help);
    for (const struct field *f = field_first(shape); f; f = field_next(f))
        buf_printf(out, "| `%s`%s | %s | %s |\n", f->name, (f->flags & FIELD_REQUIRED) ? " *" : "",
                   md_type(f, &scratch), f->help);
    buf_puts(out, "\n");
}

/* The words of the scopes that are enough; all methods but a visitor's may be called by who administers. */
static const char *scopes_of(const struct method *m, struct buf *scratch)
{
    unsigned scopes = m->needs == ROLE_NONE ? 0 : method_scopes(m);
    buf_clear(scratch);
    for (size_t i = 0; TOKEN_SCOPE_NAMES[i]; i++)
        if (scopes & (1u << i))
            buf_printf(scratch, "%s%s", scratch->len ? ", " : "", TOKEN_SCOPE_NAMES[i]);
    return scratch->len ? scratch->data : "–";
}

void describe_markdown(struct buf *out)
{
    AUTO_BUF struct buf scopes = {0};
    buf_puts(
        out,
        "# API\n\nMade by `./dev generate` from the server's method table.\n\n"
        "Every method is called as `POST /api/v1/<method>` with a JSON object and `Authorization: Bearer <token>`, or "
        "on the\n"
        "WebSocket `/ws` as JSON-RPC 2.0: `{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"…\",\"params\":{…}}`. Fields "
        "marked * are required; unknown\n"
        "fields are refused by name. On the WebSocket a call without an id is not answered, and up to 64 calls may "
        "come as "
        "one array\n"
        "(JSON-RPC 2.0 §4.1, §6). Files: `POST /api/v1/attachments?name=…` with the bytes as the body and their\n"
        "Content-Type answers an Upload, whose handle only the same caller can name in a message, for a day. `GET\n"
        "/attachments/<sha256>` gives a file to those who may read an entry that holds it, to who brought it, and, "
        "when it\n"
        "is the result of a task, to those who might ask for it.\n\n"
        "A token has a role and scopes. `administer`: all that its role may. Without it, only the methods that name "
        "one of "
        "its\n"
        "scopes below: `read` and `send` as far as its role goes (`read` is needed for the WebSocket and for files "
        "too, "
        "`send` for\n"
        "uploads; what it sends bears the token's name), and `put` whatever its role, into the channels that it names "
        "and "
        "no\n"
        "others. What scopes a method takes is a column of the method table: a new method takes none but "
        "`administer`.\n\n"
        "An id is a UUID such as `0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f`; a `client_id` is one that the caller has "
        "made, for each thing\n"
        "to do, and names again when it tries again. A time is written in UTC such as `2026-11-21T20:41:25Z`.\n\n"
        "## Errors\n\nOver HTTP the body is `{\"error\":{\"code\",\"message\",\"data\":{\"kind\",\"field\"}}}`. "
        "`field` names what is wrong\n"
        "or missing, else it is null. Where a program may want to know more, `reason` is in `data` too, for passwords: "
        "`password_short`,\n"
        "`password_personal`, `password_common`, `password_same`, `password_wrong`. When to try again is said by "
        "`retry_after` in "
        "`data`, where it is known,\n"
        "and over HTTP by `Retry-After` with each 429 and 503; both are seconds.\n\n"
        "| kind | HTTP | JSON-RPC | |\n|---|---|---|---|\n");
    for (int e = ERR_NONE + 1; e < ERR_COUNT_; e++) {
        const struct error_row *r = error_row((enum error_code)e);
        buf_printf(out, "| `%s` | %d | %d | %s |\n", r->name, r->http_status, r->rpc_code, r->text);
    }
    buf_puts(out, "\n## Methods\n\n| method | role | scopes | parameters | result | |\n|---|---|---|---|---|---|\n");
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++)
            buf_printf(
                out, "| `%s` | %s | %s | %s | %s | %s%s |\n", m->name, m->needs ? ROLE_NAMES[m->needs] : "anybody",
                scopes_of(m, &scopes), shape_ref(m->params) ? shape_ref(m->params) : "–",
                shape_ref(m->result) ? shape_ref(m->result) : "–", m->help,
                (m->flags & METHOD_SOCKET_ONLY) ? " WebSocket only."
                : (m->flags & METHOD_ONCE)      ? " Not to be asked again after a lost answer: it would be done twice."
                                                : "");
    buf_puts(out, "\n## Notifications\n\nPushed on the WebSocket.\n\n| name | parameters | |\n|---|---|---|\n");
    for (const struct notification *n = NOTIFICATIONS; n->name; n++)
        buf_printf(out, "| `%s` | %s | %s |\n", n->name, n->params->name, n->help);
    buf_puts(out, "\n## Payloads\n\nWhat an entry of each kind carries besides its words; each member may be missing, "
                  "and more may be there.\n\n| kind | |\n|---|---|\n");
    for (int kind = 0; PAYLOAD_SHAPES[kind]; kind++)
        buf_printf(out, "| `%s` | %s |\n", ENTRY_KIND_NAMES[kind], PAYLOAD_SHAPES[kind]->name);
    describe_kinds_markdown(out);
    buf_puts(out, "\n## Records\n\n");
    struct shape_set set = all_shapes();
    for (size_t i = 0; i < set.n; i++)
        md_shape(set.items[i], out);
}

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

static void oa_type(const struct field *f, struct buf *out)
{
    bool nullable = !never_null(f);
    switch (f->kind) {
    case FIELD_TEXT:
        buf_printf(out, "\"type\":%s", nullable ? "[\"string\",\"null\"]" : "\"string\"");
        oa_range(f, "minLength", "maxLength", out);
        break;
    case FIELD_TIME:
    case FIELD_UUID:
        buf_printf(out, "\"type\":%s,\"format\":\"%s\"", nullable ? "[\"string\",\"null\"]" : "\"string\"",
                   f->kind == FIELD_TIME ? "date-time" : "uuid");
        break;
    case FIELD_INT:
        buf_printf(out, "\"type\":%s,\"format\":\"int64\"", nullable ? "[\"integer\",\"null\"]" : "\"integer\"");
        oa_range(f, "minimum", "maximum", out);
        break;
    case FIELD_BOOL:
        buf_puts(out, "\"type\":\"boolean\"");
        break;
    case FIELD_ENUM:
        oa_enum(f, nullable, out);
        break;
    case FIELD_JSON:
        buf_puts(out, "\"x-json\":true");
        break;
    case FIELD_OBJECT:
        buf_puts(out, nullable ? "\"oneOf\":[" : "\"allOf\":[");
        oa_ref(f->shape, out);
        buf_puts(out, nullable ? ",{\"type\":\"null\"}]" : "]");
        break;
    case FIELD_LIST:
        buf_puts(out, "\"type\":\"array\",\"items\":");
        oa_ref(f->shape, out);
        oa_range(f, "minItems", "maxItems", out);
        break;
    case FIELD_TEXTS:
        buf_puts(out, "\"type\":\"array\",\"items\":{\"type\":\"string\"}");
        break;
    case FIELD_UUIDS:
        buf_puts(out, "\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"uuid\"}");
        break;
    case FIELD_KEY:
        break;
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
    buf_printf(out, ",\"x-scopes\":\"%s\"", scopes_of(m, &scopes));
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
        "\"kind\":{\"type\":\"string\"},\"field\":{\"type\":[\"string\",\"null\"]}}}}}}}");
    struct shape_set set = all_shapes();
    for (size_t i = 0; i < set.n; i++) {
        buf_puts(out, ",\n");
        oa_shape(set.items[i], out);
    }
    buf_puts(out, "}}}\n");
}
