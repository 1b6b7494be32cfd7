/* chat.identify: who the visitor is. */
#pragma once

#include "api/call.h"
#include "channel/inbound.h"

extern const struct shape CHAT_IDENTIFY, CHAT_IDENTIFIED;

bool chat_identify(struct call *call);
/* What the visitor has said of themselves before the first message, as an item to be taken in before it. False: nothing, or
 * it holds no more. */
bool chat_identity_kept(struct call *call, const struct channel_account *account, struct inbound *ret);
