/* The visitor of a call of chat.*, and what comes from them. */
#pragma once

#include "api/call.h"
#include "channel/inbound.h"

/* A chat channel that is open; NULL fills call->err. */
const struct channel_account *chat_account(struct call *call, const struct uuid *id);
/* The visitor's channel, when there was a greeting; NULL fills call->err. */
const struct channel_account *chat_after_hello(struct call *call);
struct inbound chat_from_visitor(struct call *call, enum entry_kind kind, const char *external_id);
/* What is to be taken in of it, in the call's arena; and what follows once it is: the last one's entry, NULL fills call->err. */
struct intake *chat_intake(struct call *call, const struct channel_account *account, struct inbound *items, size_t n);
struct entry *chat_taken(struct call *call, const struct intake *t);
/* Both, at once. */
struct entry *chat_take(struct call *call, const struct channel_account *account, struct inbound *items, size_t n);

/* What agents see of a visitor who is there (visit_readers, previews), by the settings of the channel now. True: it is other than it was. */
bool chat_set_sight(struct caller *c, const struct accounts *accounts);
