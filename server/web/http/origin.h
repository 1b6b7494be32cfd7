/* Where a request comes from: the site whose page sent it, and the address of whom it belongs to. Pure. */
#pragma once

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether an Origin header (RFC 6454 §7) names the site of our public URL: scheme, host and port, each whole; a port that is
 * not written is the scheme's own. "null" is nobody's. */
bool origin_is_own(const char *public_url, const char *origin);

bool address_is_trusted(const char *trusted, const char *address); /* `trusted`: addresses with blanks between */

/* Whose request it is. A proxy adds the address that it was asked from at the end of X-Forwarded-For, and what stands
 * before that is the client's own word: so the list is read from its end, and only for as long as who wrote it is trusted.
 * `forwarded`: all such headers as one list (RFC 9110 §5.3), or NULL; a port behind an address is left out. `peer` is normal. */
void address_of_client(const char *trusted, const char *peer, const char *forwarded, size_t n,
                       char ret[ADDRESS_TEXT_SIZE]);
