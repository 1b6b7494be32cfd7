/* A visitor leaves an address in the chat and goes. What the agent answers there and nobody sees goes to that address by mail
 * after a while, once; what is written back is in the same story (batch_people.c). */
#pragma once

#include "desk/account.h"

/* When an answer by this chat goes by mail, unless it is seen; 0: never. */
int64_t unseen_due(const struct channel_account *chat, int64_t now);

/* What the entry of a mail to such an address holds, and that address. `until` is the time of the last answer by the chat that
 * it brings, so that none goes twice; 0: it brings none. */
const char *unseen_payload(struct arena *a, const char *address, int64_t until);
const char *unseen_address(struct arena *a, const struct entry *e); /* NULL: it went to the identity itself */

/* Sends what is due, at most some at once. On a worker, outside of a transaction; whoever else does the same at the same
 * time makes the same entries, so that none is there twice. */
void unseen_run(const struct desk *desk, const struct accounts *accounts, struct db *db, struct arena *a,
                struct changes *changes);
