/* What the printed documents have in common. */
#pragma once

#include "api/method.h"

#define SHAPES_MAX 300

/* What a field of a kind is called in the documents, where its names or its shape do not say it; `type` and what follows: of a JSON
 * schema, whole or in parts. */
struct field_kind_words {
    const char *markdown, *typescript;
    const char *schema;
    const char *type, *format, *low, *high;
};
extern const struct field_kind_words FIELD_KIND_WORDS[]; /* of enum field_kind */

/* Every shape that the methods and notifications reach, each once, a shape after those it needs. */
struct shape_set {
    const struct shape *items[SHAPES_MAX];
    size_t n;
};

struct shape_set described_shapes(void);
const char *shape_ref(const struct shape *shape); /* its name; NULL: "Empty" has no type of its own; it is {} */
bool never_null(const struct field *f);
bool is_params(const struct shape *shape);

/* The words of the scopes that are enough; all methods but a visitor's may be called by who administers. */
const char *method_scope_words(const struct method *m, struct buf *scratch);
/* The actions that it may write into the audit, `between` two; nothing when there are none. */
void method_audit_words(const struct method *m, const char *between, struct buf *out);
