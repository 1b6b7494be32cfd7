/* The types of agent-web/protocol. */
#include "api/describe.h"

#include "api/describe_kinds.h"
#include "api/describe_shapes.h"
#include "api/file.h"
#include "api/methods.h"
#include "api/payload.h"
#include "api/push.h"

#include <stdio.h>

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
    if (f->kind == FIELD_ENUM)
        ts_names(f->names, out);
    else if (f->shape)
        buf_printf(out, "%s%s", f->shape->name, f->kind == FIELD_LIST ? "[]" : "");
    else
        buf_puts(out, f->kind == FIELD_JSON ? ts_json_type(f) : FIELD_KIND_WORDS[f->kind].typescript);
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
    describe_channels_typescript(out);
    describe_bounds_typescript(out);
    describe_sayings_typescript(out);
    struct shape_set set = described_shapes();
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
    for (const struct notification *n = NOTIFICATIONS + 1; n < NOTIFICATIONS + PUSHES_; n++) {
        buf_printf(out, "  /** To %s: %s */\n  '%s': ", PUSH_TO_WORDS[n->to], n->help, n->name);
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
