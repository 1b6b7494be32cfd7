/* Which conversation an entry belongs to, and who may read what. Pure: no database. */
#pragma once

#include "channel/inbound.h"
#include "store/records.h"

/* Kinds that open a conversation when there is none to join; others may join one or stand alone. */
bool entry_opens_conversation(const struct entry *e);
bool entry_joins_conversation(const struct entry *e);
bool entry_has_course(int kind); /* it goes on after it has begun: a call, points, a visit */

/* What its person is called in what we write to them; NULL: nothing. A visitor's name may be one that we have made up. */
const char *identity_called(const struct identity *d);

/* What a mail of ours answers, and who has it besides, as its payload tells (desk/act/mail.h): into in_reply_to, references, also_to, cc
 * and bcc, texts in the arena. */
void message_mail(struct arena *a, const struct entry *e, struct outbound *ret);
/* One of those who have it besides is at that address (normalised): not the person whom it is for. */
bool message_is_copied_to(const struct entry *e, const char *address);

/* An answer with bold words, lists, links: its `html` and, in its payload, the Markdown that it was made from. */
bool message_is_formatted(const struct entry *e);
const char *message_markdown(struct arena *a, const struct entry *e); /* NULL: it is plain */

/* How well a conversation takes an entry of that time: higher is better, 0 not at all. */
int64_t conversation_fit(const struct conversation *c, int64_t at, int64_t now, int64_t reopen_ms, bool history);

/* Whether somebody may set that status by hand now; false fills *err. What it changes is in desk/conversation/standing.h. */
bool conversation_may_become(const struct conversation *c, int status, int64_t until, int64_t now, struct error *err);

/* True when that role may read it; closing leaves what it is, and when. */
bool entry_may_read(const struct entry *e, int role);
void entry_close(struct entry *e);

/* The lowest role that may read all the words of a conversation's row; closing takes those away that a role may not read now,
 * whatever it was when they came. */
int conversation_readers(const struct conversation *c);
void conversation_close(struct conversation *c, int role);

/* A visitor sees what was said in the own chat, and not what agents have filed with the same person. */
bool entry_is_chat(const struct entry *e);

/* The rule by which a kind of identity vouches for another (base/kinds.h), or that of all which have none of their own. */
const struct link_rule *link_rule_of(int identity_kind);
bool link_rule_holds(const struct link_rule *rule, int entry_kind, int proof);

#define HISTORY_GAP_MS (7LL * 24 * 3600 * 1000) /* an import: a new conversation begins after so long a silence */

/* "queued < uncertain < sent < delivered < read"; failed before read. */
bool delivery_moves(int from, int to);
