/* How much a visitor may. False fills call->err. */
#pragma once

#include "api/call.h"

bool chat_may_greet(struct call *call);
bool chat_is_welcome(struct call *call);   /* not blocked, neither the visitor nor the address */
bool chat_may_identify(struct call *call); /* each time is an entry, and mostly a suggestion for agents */
bool chat_may_send(struct call *call, const struct channel_account *account);
/* Signs of life: one too many is dropped without a word, for nobody waits for it. */
bool chat_may_type(const struct caller *caller); /* agents' screens are told; from the loop */
bool chat_may_see(const struct caller *caller);
/* The first message was taken: remembers whence it came. */
void chat_was_here(struct call *call);
