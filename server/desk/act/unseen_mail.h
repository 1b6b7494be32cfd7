/* The mail that brings a visitor what was answered in the chat and not seen there (desk/conversation/unseen.h). */
#pragma once

#include "desk/act/act.h"

/* Sends what is due, at most some at once. On a worker, outside of a transaction; whoever else does the same at the same
 * time makes the same entries, so that none is there twice. */
void unseen_mail_run(const struct desk *desk, const struct accounts *accounts, struct db *db, struct arena *a,
                     struct changes *changes);
