/* Every channel type, one a file, in the order in which they are offered. */
#pragma once

#include "channel/channel.h"

#define CHANNELS(X) \
    X(EMAIL)        \
    X(IMAP)         \
    X(GRAPH)        \
    X(POSTMARK)     \
    X(SENDGRID)     \
    X(MAILGUN)      \
    X(CLOUDMAILIN)  \
    X(SES)          \
    X(RESEND)       \
    X(CHAT)         \
    X(TWILIO_VOICE) \
    X(TWILIO_SMS)   \
    X(LINE)         \
    X(WHATSAPP)     \
    X(TELEGRAM)     \
    X(SHOPIFY)      \
    X(API)

#define CHANNEL_DECLARED(name) extern const struct channel_type CHANNEL_##name;
CHANNELS(CHANNEL_DECLARED)
#undef CHANNEL_DECLARED
