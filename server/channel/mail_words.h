/* Whose the words of a mail are: where its history begins (quote.h), and whose mail it passes on (forward.h, or one that is attached while
 * the subject says so). Pure. */
#pragma once

#include "channel/mime.h"

#include <json-c/json.h>

/* Adds `quote_at` and `forwarded_from` to the entry's payload, each where there is something to say. */
void mail_words_add(const struct mime_mail *mail, struct arena *a, struct json_object *payload);
