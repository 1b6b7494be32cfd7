/* What a Shopify order says, as OrderFacts. */
#pragma once

#include "channel/kit.h"

/* Of a topic that carries the whole order. NULL: it lacks what an order must have. */
struct order_facts *read_shopify_order(struct arena *a, struct json_object *order, int64_t received_at);

/* Of orders/delete: the id alone. The rest is what is known of it (inbound.h). NULL: it has none. */
struct order_facts *read_deleted_order(struct arena *a, struct json_object *order, int64_t deleted_at);

bool has_text(struct json_object *object, const char *path, const char *wanted);
