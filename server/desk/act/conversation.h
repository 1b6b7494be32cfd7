/* What agents decide about conversations: whose they are, open or not, how urgent. NULL fills *act->err; else as it is now. */
#pragma once

#include "desk/act/act.h"
#include "store/due.h"

/* Who shall have a conversation, with a word about it. */
struct assignment {
    struct uuid conversation, agent; /* no agent: nobody */
    int64_t version;                 /* expected, or VERSION_ANY */
    const char *note;                /* for whoever gets it; stands in what is noted of the act; or NULL */
    struct uuid entry_id;            /* of what is noted, made by the caller; or none */
    struct uuid takes_back;          /* what the caller noted of an act that this one undoes: its note goes; or none */
};

struct conversation *act_assign(struct act *act, const struct assignment *to);
struct conversation *act_set_status(struct act *act, const struct uuid *conversation, int64_t version, int status,
                                    int64_t until);
struct conversation *act_set_priority(struct act *act, const struct uuid *conversation, int64_t version, int priority);
struct conversation *act_set_tags(struct act *act, const struct uuid *conversation, int64_t version,
                                  const struct list *tags);
struct conversation *act_mark_read(struct act *act, const struct uuid *conversation);

/* What is to be done when DUE_SNOOZE of a conversation is due (task/chores.h): it opens, unless somebody has set it otherwise
 * meanwhile. */
int64_t act_wake(struct act *act, const struct due_taken *due);
