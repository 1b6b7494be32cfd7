/* Who is perhaps the same person, as answers have it. */
#pragma once

#include "api/call.h"

extern const struct shape SUGGESTION_SHAPE;

/* struct suggestion, the surest first; `customer` from customer_get. */
struct list call_suggestions(struct call *call, const struct customer *customer);
