/* Into the mailbox, with a password or by OAuth 2.0. */
#pragma once

#include "collect/hand.h"
#include "deliver/token.h"

enum look_end log_in(struct hand *h);

/* LOOK_DONE: *ret is an access token. */
enum look_end get_token(struct hand *h, const struct token_ask *ask, const char **ret);
