/* A visitor leaves an address in the chat and goes. What the agent answers there and nobody sees goes to that address by mail
 * after a while, once (desk/act/unseen_mail.h); what is written back is in the same story (desk/ingest/batch_people.c). Pure. */
#pragma once

#include "desk/ground/account.h"

#define UNSEEN_LONGEST_MS (7 * 24 * 60 * 60 * 1000LL) /* less than DUE_UNSEEN is ever put off (store/due.h) */

/* When an answer by this chat goes by mail, unless it is seen; 0: never. */
int64_t unseen_due(const struct channel_account *chat, int64_t now);

/* What the entry of a mail to such an address holds, and that address. `until` is the time of the last answer by the chat that
 * it brings, so that none goes twice. */
const char *unseen_payload(struct arena *a, const char *address, int64_t until);
const char *unseen_address(struct arena *a, const struct entry *e); /* NULL: it went to the identity itself */
