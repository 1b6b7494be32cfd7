/* Every channel type, one a file. channels.c lists them. */
#pragma once

#include "channel/channel.h"

extern const struct channel_type CHANNEL_EMAIL;
extern const struct channel_type CHANNEL_POSTMARK;
extern const struct channel_type CHANNEL_CHAT;
extern const struct channel_type CHANNEL_TWILIO_VOICE;
extern const struct channel_type CHANNEL_LINE;
extern const struct channel_type CHANNEL_WHATSAPP;
extern const struct channel_type CHANNEL_SHOPIFY;
extern const struct channel_type CHANNEL_API;
