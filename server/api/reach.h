/* The ways to write to a person, as answers have them. */
#pragma once

#include "api/call.h"

extern const struct shape WAY_SHAPE;

/* struct way_row, the best first; `customer` from customer_get. */
struct list call_ways(struct call *call, const struct customer *customer);
