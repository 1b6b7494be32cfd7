/* What agents correct about entries and identities: an entry of somebody else, one that stays on top, consent. */
#pragma once

#include "desk/act/act.h"

/* Files an entry with another person: it stays where it came in, as a stub, and a new entry stands for it there. The new
 * one; NULL fills *act->err. */
struct entry *act_move_entry(struct act *act, const struct uuid *entry, const struct uuid *customer,
                             const char *reason);

/* Takes that back; `entry` is either of the two. The original; NULL fills *act->err. */
struct entry *act_move_back(struct act *act, const struct uuid *entry);

struct entry *act_pin(struct act *act, const struct uuid *entry, bool pinned);

/* Whether we may write to an identity on our own account; `source`: how we know. False fills *act->err. */
bool act_set_consent(struct act *act, const struct uuid *identity, int consent, const char *source);

/* What was sent there came back, but is worth another try. */
bool act_clear_bounce(struct act *act, const struct uuid *identity);
