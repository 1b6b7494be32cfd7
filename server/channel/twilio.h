/* What the channels of Twilio share: how its calls are signed, and what they are answered. twilio.com/docs/usage/security */
#pragma once

#include "channel/kit.h"

#define TWILIO_SETTINGS                                                               \
    {                                                                                 \
        "auth_token", SETTING_SECRET, SETTING_REQUIRED,                               \
        NULL,         "Auth token",   "Twilio console, Account, API keys & tokens."}, \
    {                                                                                 \
        "api_url", SETTING_URL, 0, "https://api.twilio.com", "Address of the API",    \
            "Only to be changed for tests and proxies."                               \
    }

extern const struct header_wanted TWILIO_HEADERS[];

/* channel_type.verify, over the URL as it was entered there and all parameters. */
bool twilio_verify(const struct channel_account *account, const struct web_request *request, struct error *err);

/* Of a row of a channel. Twilio does what the answer says: nothing. */
#define TWILIO_ANSWERS                                                                      \
    .accepted = {200, "text/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>"}, \
    .refused = {403, NULL, NULL}, .later = {503, NULL, NULL}
