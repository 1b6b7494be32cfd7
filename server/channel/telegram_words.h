/* What a message of Telegram says. core.telegram.org/bots/api#message */
#pragma once

#include "channel/kit.h"

/* Fills text and attachments of *ret, and what is told besides in `payload`. False: it says nothing to anybody (somebody has joined a
 * group, a title was changed …). What is not known is named, and kept as it came. */
bool telegram_words(struct arena *a, struct json_object *message, struct json_object *payload, struct inbound *ret);

/* "Ann Lee": of a user, or the title of a chat; NULL: it has none. */
const char *telegram_name(struct arena *a, struct json_object *who);
