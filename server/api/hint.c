/* customer.hints: what the rows of a list say of people beside their names. */
#include "store/hint.h"
#include "api/method.h"
#include "api/shapes.h"

#define HINTS_MAX 200

struct hints_params {
    struct list customer_ids;
};

struct hints {
    struct list hints;
};

static SHAPE(HINTS_PARAMS, hints_params, "HintsParams", "Of whom.",
    ROW(hints_params, customer_ids, struct list, "customer_ids", .kind = FIELD_UUIDS, .flags = FIELD_REQUIRED, .min = 1, .max = HINTS_MAX, .help = "The people of a list."));
static SHAPE(HINT, hint, "CustomerHint", "What tells somebody from others of the same name.",
    UUID_REQ(hint, id, "id", "Customer id."),
    TEXT(hint, name, "name", 0, "Their name, or an identity's name or value when unknown."),
    TEXTS(hint, marks, "marks", HINT_MARKS_MAX, "The company, addresses and numbers, as people read them; not ids that mean nothing to people."),
    BOOL(hint, perhaps, "perhaps", "Perhaps the same as somebody else, by an address or number: customer.suggestions says who. Names alone do not count."));
static SHAPE(HINTS, hints, "CustomerHints", "What tells people apart.",
    LIST(hints, hints, "hints", &HINT, 0, "In no order; without those who do not exist, or were erased."));

static bool get_hints(struct call *call)
{
    const struct hints_params *p = call->params;
    ((struct hints *)call->result)->hints = hints_of(call->db, call->arena, p->customer_ids.items, p->customer_ids.n);
    return call_db_fine(call);
}

METHODS(HINT_METHODS,
    METHOD("customer.hints", "What tells the people of a list apart, and who of them is perhaps somebody else as well.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &HINTS_PARAMS, &HINTS, get_hints));
