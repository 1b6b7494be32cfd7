/* What a message of WhatsApp says. */
#pragma once

#include "channel/kit.h"

/* Fills kind, text, attachments and references of *ret, and what is told besides in `payload`: by the member `type` of the message, which
 * names the member that holds it. A type that is not known is kept as it came. False: it has no type. */
bool whatsapp_words(struct arena *a, struct json_object *message, struct json_object *payload, struct inbound *ret);
