/* Who looks at a customer, and who of them types: each agent once, those who type first. The names, and what is known of a visitor, are borrowed until the
 * loop's next turn. On the loop. */
#pragma once

#include "web/hub/wire.h"

struct peers;
struct topics;
struct watch;

bool watch_types(const struct watch *w); /* now */
/* A page with the chat is open, here or at another process. */
bool visitor_is_here(const struct topics *t, const struct peers *peers, const struct uuid *customer);

void looking_here(const struct topics *t, const struct uuid *customer, struct wire_presence *ret);
/* In the other processes too. */
void looking_anywhere(const struct topics *t, const struct peers *peers, const struct uuid *customer,
                      struct wire_presence *ret);
