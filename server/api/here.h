/* visitor.here: of a list of people, who has a page with the chat open. Only the loop knows: web/call/socket_call.c answers. */
#pragma once

#include "base/field.h"

#define HERE_MAX 200

/* Both its parameters and its result: customer ids. */
struct visitors_here {
    struct list ids;
};
