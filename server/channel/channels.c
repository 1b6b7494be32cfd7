#include "channel/types.h"

#define CHANNEL_LISTED(name) &CHANNEL_##name,
const struct channel_type *const CHANNEL_TYPES[] = {CHANNELS(CHANNEL_LISTED) NULL};

const struct channel_type *channel_type_find(const char *name)
{
    for (const struct channel_type *const *t = CHANNEL_TYPES; name && *t; t++)
        if (strcmp((*t)->name, name) == 0)
            return *t;
    return NULL;
}
