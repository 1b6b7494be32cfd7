/* What leaves by Telegram, and how its Bot API is addressed. core.telegram.org/bots/api */
#pragma once

#include "channel/kit.h"

#define TELEGRAM_TEXT_MAX 4096 /* UTF-16 units */
#define CAPTION_UNITS_MAX 1024
#define TELEGRAM_FILES                                                                                             \
    {                                                                                                              \
        .count = 10 /* of an album */, .each = UPLOAD_BYTES_MAX, .total = 50000000, .words_max = CAPTION_UNITS_MAX \
    }

/* The external id of a message. They are numbered in each chat; by a business account there is a second chat with the same person, with
 * numbers of its own. NULL: it has none. */
const char *telegram_key(struct arena *a, struct json_object *where, const char *chat_member,
                         const char *message_member);

/* The token is in the address: it must not be logged. */
const char *telegram_url(const struct channel_account *account, struct arena *a, const char *method);

/* Of the row of the channel. */
bool telegram_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                    struct send_request *ret, struct error *err);
void telegram_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                         struct send_result *ret);
