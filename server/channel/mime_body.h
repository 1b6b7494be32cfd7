/* The bytes of a part, out of their transfer encoding (RFC 2045 §6, and uuencode), also where the encoding is broken: what is data counts,
 * what is none is passed over, and what does not decode at all is taken as it is. Pure. */
#pragma once

#include "channel/mime_tree.h"

bool mime_is_blank(struct mime_bytes bytes); /* white space alone, or nothing */

/* `encoding`: the value of Content-Transfer-Encoding, or NULL. `is_text`: words in between are kept. The bytes are in the arena, or those
 * that were given. */
struct mime_bytes mime_body(struct arena *a, const char *encoding, struct mime_bytes in, bool is_text);
