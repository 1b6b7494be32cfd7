#include "channel/signature.h"

const char *const SIGNATURE_STATE_NAMES[] = {"",        "partial", "unknown", "invalid", "other",
                                             "expired", "weak",    "valid",   NULL};

void signature_add(struct signature *best, enum signature_state state, const char *by)
{
    if (state > best->state)
        *best = (struct signature){state, by};
}

enum signature_state signature_holds(bool speaks, bool in_time, bool strong)
{
    return !speaks ? SIGNATURE_OTHER : !in_time ? SIGNATURE_EXPIRED : !strong ? SIGNATURE_WEAK : SIGNATURE_VALID;
}
