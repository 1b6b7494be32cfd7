/* A life in numbers, as answers have it. */
#pragma once

#include "api/call.h"

#define ORDERS_MAX 500 /* of one person, the newest */

extern const struct shape ORDER_SUM_SHAPE, JOURNEY_DAY_SHAPE;

/* What a person has bought, of what the caller may read, the newest first; struct order_row. */
struct list call_orders(struct call *call, const struct customer *customer);
/* What these cost together, by currency, without what was cancelled. */
struct list call_order_sums(struct call *call, const struct list *orders);

/* `customer` from customer_get: what stays on top, the newest first, struct entry; what happened by day and means, the oldest
 * first, struct journey_day, and in which time zone these days are. */
struct list call_pins(struct call *call, const struct customer *customer);
#define DAYS_ZONE_HELP                                                                                          \
    "In which time zone the days are, an IANA name: that of the installation ([desk] time_zone). When that is " \
    "changed, all "                                                                                             \
    "are counted anew, and until then (reader.list) some are still those of the zone before."
struct list call_days(struct call *call, const struct customer *customer, const char **ret_zone);
