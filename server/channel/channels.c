#include "channel/types.h"

const struct channel_type *const CHANNEL_TYPES[] = {
    &CHANNEL_EMAIL,   &CHANNEL_POSTMARK, &CHANNEL_CHAT, &CHANNEL_TWILIO_VOICE, &CHANNEL_LINE, &CHANNEL_WHATSAPP,
    &CHANNEL_SHOPIFY, &CHANNEL_API,      NULL,
};

const struct channel_type *channel_type_find(const char *name)
{
    for (const struct channel_type *const *t = CHANNEL_TYPES; name && *t; t++)
        if (strcmp((*t)->name, name) == 0)
            return *t;
    return NULL;
}
