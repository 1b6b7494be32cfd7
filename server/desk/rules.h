/* Which conversation an entry belongs to, and what an entry does to it. Pure: no database. */
#pragma once

#include "store/records.h"

/* Kinds that open a conversation when there is none to join; others may join one or stand alone. */
bool entry_opens_conversation(const struct entry *e);
bool entry_joins_conversation(const struct entry *e);

/* How well a conversation takes an entry of that time: higher is better, 0 not at all. */
int64_t conversation_fit(const struct conversation *c, int64_t at, int64_t now, int64_t reopen_ms, bool history);

/* What the entry changes: last entry, preview, who waits, unread; a message from the person wakes and reopens. */
void conversation_take(struct arena *a, struct conversation *c, const struct entry *e, bool history, int64_t now);

/* The only way a status changes. False: that move is impossible (*err). */
bool conversation_set_status(struct conversation *c, int status, int64_t until, int64_t now, struct error *err);

/* One line for the queue. */
const char *entry_preview(struct arena *a, const struct entry *e);

/* The name of the rule that links an identity of this kind by another name that the source vouches for. */
const char *link_rule(int identity_kind);

#define HISTORY_GAP_MS (7LL * 24 * 3600 * 1000) /* an import: a new conversation begins after so long a silence */
