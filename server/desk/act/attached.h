/* A mail that is attached to an entry, read as one: by the parser's process, as what comes in. */
#pragma once

#include "desk/act/act.h"

/* The file of that content, when the entry has it and act->role may read it: author_name, subject, text, html, payload (of a message)
 * and the names of its files are filled in; they are kept in the mail alone. False fills *act->err. */
bool act_read_attached(struct act *act, const struct uuid *entry, const char *sha256, struct entry *ret);
