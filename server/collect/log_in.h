/* Into the mailbox, with a password or by OAuth 2.0. */
#pragma once

#include "collect/hand.h"

enum look_end log_in(struct hand *h);
