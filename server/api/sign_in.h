/* Signing in at a provider in the browser (OAuth 2.0): mailbox.sign_in begins it, the provider sends the browser back to
 * OAUTH_CALLBACK_PATH, and the code that comes with it becomes the channel's refresh token. */
#pragma once

#include "api/call.h"

/* What came back (RFC 6749 §4.1.2); "": it is not there. */
struct sign_in_given {
    const char *state, *code, *error, *description;
};

/* On a thread that may wait for a provider. True: it was begun for that channel, where what came of it is told. False: it was not begun
 * by the caller, or cannot be done now; call->err says which. */
bool sign_in_finish(struct call *call, const struct sign_in_given *given, struct uuid *ret_channel);
