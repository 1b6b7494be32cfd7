/* The mail that brings a visitor what was answered in the chat and not seen there (desk/conversation/unseen.h). */
#pragma once

#include "desk/act/act.h"
#include "store/due.h"

/* What is to be done when DUE_UNSEEN of a visitor is due (task/chores.h); the mail and that it has gone are one transaction.
 * Whoever else does the same at the same time makes the same entry, so that none is there twice. */
int64_t act_mail_unseen(struct act *act, const struct due_taken *due);
