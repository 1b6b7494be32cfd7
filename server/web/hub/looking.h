/* Who looks at a customer, and who of them types: each agent once, those who type first. The names are borrowed until the
 * loop's next turn. On the loop. */
#pragma once

#include "web/hub/wire.h"

struct peers;
struct topics;
struct watch;

bool watch_types(const struct watch *w); /* now */
bool visitor_types_here(const struct topics *t, const struct uuid *customer);

void looking_here(const struct topics *t, const struct uuid *customer, struct wire_presence *ret);
/* In the other processes too. */
void looking_anywhere(const struct topics *t, const struct peers *peers, const struct uuid *customer,
                      struct wire_presence *ret);
