/* What a signature in a mail is of (struct mime_signed): found in the tree by which the mail is read, so that what is verified is what is
 * shown. A signature over a part of the mail is none here: whoever passes the mail on may have put words beside it. Pure. */
#pragma once

#include "channel/mime_tree.h"

#define SIGNATURE_BYTES_MAX (256 << 10) /* of one that stands beside what it is of */

/* `secure`: enum mime_secure, what the mail is; `whole`: the bytes of a mail without parts, decoded: they may be large, and are not copied.
 * Leaves *ret alone when nothing covers all of it. Bytes are in the mail, in `whole` or in the arena. */
void mime_signed_find(struct arena *a, const struct mime_tree *tree, int secure, struct mime_bytes whole,
                      struct mime_signed *ret);

/* The bytes with CRLF at the end of each line: themselves where they have it, or a copy. */
struct mime_bytes mime_signed_lines(struct arena *a, struct mime_bytes bytes);
