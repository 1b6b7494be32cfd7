/* What the settings want done in the mailbox with a mail that is here. It fails without consequence: the channel shows why. */
#pragma once

#include "collect/hand.h"

enum look_end after_taken(struct hand *h, struct arena *a, int64_t uid);
