/* Rows that are orders. */
#pragma once

#include "task/import_row.h"

bool import_order_row(struct import *im, const struct row *row, struct import_item *item, struct refusal *ret);
void import_orders_look(struct import *im, struct import_item *items, size_t n); /* which are known already */
