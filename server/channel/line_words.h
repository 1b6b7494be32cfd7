/* What a message of LINE says. */
#pragma once

#include "channel/kit.h"

/* Fills text and attachments of *ret, and what is told besides in `payload`, by the member `type` of the message, which it has. A
 * type that is not known is kept as it came. */
void line_words(struct arena *a, struct json_object *message, struct json_object *payload, struct inbound *ret);
