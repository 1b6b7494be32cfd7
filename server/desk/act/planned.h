/* Answers that go at a time that somebody has chosen. They are entries from the beginning, in the state "scheduled", with the words,
 * the copies and the mail that they answer as they were then; a row in `due` is the time. Until then the time can be changed, and the
 * answer can be sent now (act/delivery.h) or taken back.
 *
 * At its time it is looked at once more: it fails, with the reason, when the person has opted out, their address bounces, or the
 * channel's window has closed; it waits like any other where the channel is switched off. It goes though the conversation was resolved
 * meanwhile, and though the person has written: who waits while an answer is planned is shown as such in the queue. Of a person who is
 * erased nothing goes. */
#pragma once

#include "desk/act/act.h"
#include "desk/conversation/reach.h"
#include "store/due.h"

/* Whether an answer can be planned for then by this way, which is open now. False fills *act->err. */
bool may_plan(struct act *act, const struct way *way, int64_t send_at);

/* 0: it goes now. NULL fills *act->err; else the entry as it is. */
struct entry *act_plan(struct act *act, const struct uuid *entry, int64_t send_at);

/* What is to be done when DUE_PLANNED of an outbox row is due (task/chores.h). */
int64_t act_release(struct act *act, const struct due_taken *due);
