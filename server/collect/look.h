/* One look at a mailbox: all that is new comes in, oldest first; of each mail the head is asked for first, and its content once. */
#pragma once

#include "collect/hand.h"

/* The folder is open after it. */
enum look_end look_at_mailbox(struct hand *h);
