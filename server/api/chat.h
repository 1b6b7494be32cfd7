/* What the files chat*.c share, and nobody else. chat.c greets and takes messages, chat_identify.c takes who the visitor is,
 * chat_limit.c says how much of it may be. */
#pragma once

#include "api/api.h"
#include "channel/inbound.h"

/* Of one connection. */
#define CHAT_SOCKET_GREETINGS_MAX 60
#define CHAT_SOCKET_PEOPLE_MAX 3

extern const struct shape CHAT_IDENTIFY, CHAT_IDENTIFIED;

/* The visitor's channel, when there was a greeting; NULL fills call->err. */
const struct channel_account *chat_after_hello(struct call *call);
struct inbound chat_from_visitor(struct call *call, enum entry_kind kind, const char *external_id);
/* Takes it in; the last one's entry. NULL fills call->err. */
struct entry *chat_take(struct call *call, const struct channel_account *account, struct inbound *items, size_t n);

/* ---- chat_identify.c ---- */
bool chat_identify(struct call *call);
/* What the visitor has said of themselves before the first message, as an item to be taken in before it. False: nothing, or
 * it holds no more. */
bool chat_identity_kept(struct call *call, const struct channel_account *account, struct inbound *ret);

/* ---- chat_limit.c: false fills call->err ---- */
bool chat_may_greet(struct call *call);
bool chat_is_welcome(struct call *call);   /* not blocked, neither the visitor nor the address */
bool chat_may_identify(struct call *call); /* each time is an entry, and mostly a suggestion for agents */
bool chat_may_send(struct call *call, const struct channel_account *account);
/* Signs of life: one too many is dropped without a word, for nobody waits for it. */
bool chat_may_type(const struct caller *caller); /* agents' screens are told; from the loop */
bool chat_may_see(const struct caller *caller);
/* The first message was taken: remembers whence it came. */
void chat_was_here(struct call *call);
