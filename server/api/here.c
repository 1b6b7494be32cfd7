#include "api/here.h"

#include "api/method.h"
#include "api/shapes.h"

static SHAPE(HERE_PARAMS, visitors_here, "VisitorsHereParams", "Of whom.",
    ROW(visitors_here, ids, struct list, "customer_ids", .kind = FIELD_UUIDS, .flags = FIELD_REQUIRED, .min = 1, .max = HERE_MAX, .help = "The people of a list."));
static SHAPE(HERE, visitors_here, "VisitorsHere", "Who is here.",
    UUIDS(visitors_here, ids, "customer_ids", 0, "Those who have a page with the chat open."));

METHODS(HERE_METHODS,
    METHOD("visitor.here", "Who of these people has a page with the chat open now.", ROLE_AGENT, METHOD_SOCKET_ONLY | METHOD_READS, EFFECT_HERE, &HERE_PARAMS, &HERE, NULL));
