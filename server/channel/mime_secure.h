/* Signed and encrypted mail: S/MIME (RFC 8551), OpenPGP (RFC 3156, and text in its armour). Which of these a mail is, and what an
 * S/MIME signature is wrapped around. Nothing is verified and nothing decrypted: no keys are known here. */
#pragma once

#include "channel/mime_tree.h"

enum mime_secure { SECURE_NOT, SMIME_SIGNED, SMIME_ENCRYPTED, PGP_SIGNED, PGP_ENCRYPTED };
extern const char *const MIME_SECURE_NAMES[]; /* "" for none, "smime_signed", … */

/* What a part says of all that is in it. `content_type`: the field's value; `body`: decoded, of a part without parts. */
enum mime_secure mime_secure_of(struct arena *a, const char *type, const char *content_type, struct mime_bytes body);

/* The mail within `der`, a CMS SignedData (RFC 5652 §5) that holds it. False: it does not. */
bool mime_secure_content(struct arena *a, struct mime_bytes der, struct mime_bytes *ret);
