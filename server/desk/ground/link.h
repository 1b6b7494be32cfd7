/* Signed links to stored files, for those who cannot log in: one names one content, for one purpose, until a time. Nothing is stored: a
 * link is
 *
 *   <sha256, hex>.<until, seconds since 1970>.<HMAC-SHA-256 of purpose, content and time, hex>
 *
 * by a key that is made of the desk's, so it holds as long as that does. Pure. */
#pragma once

#include "base/crypto.h"
#include "base/mem.h"

#include <stdint.h>

#define LINK_HOURS_MAX 168

/* Who may follow it: a link for one is none for another. */
#define LINK_FOR_PERSON "person" /* whom an agent has given it (file.link) */

struct link {
    const char *sha256; /* hex */
    int64_t until;      /* milliseconds; whole seconds */
};

const char *link_text(struct arena *a, const uint8_t key[SECRET_KEY_SIZE], const char *purpose,
                      const struct link *link);
/* False: it is none for this purpose. Whether it still holds is not looked at. */
bool link_read(struct arena *a, const uint8_t key[SECRET_KEY_SIZE], const char *purpose, const char *text,
               struct link *ret);
