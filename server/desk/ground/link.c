#include "desk/ground/link.h"

#include "base/clock.h"
#include "desk/ground/blob.h"

#include <stdlib.h>

#define KEY_FOR "throughline file link" /* the desk's key seals as well: what signs links is another one, made of it */
#define MAC_SIZE 89
#define UNTIL_DIGITS_MAX 12

static void sign(struct arena *a, const uint8_t key[SECRET_KEY_SIZE], const char *purpose, const char *named,
                 char out[MAC_SIZE])
{
    uint8_t own[SHA256_SIZE];
    const char *signed_text = arena_printf(a, "%s\n%s", purpose, named);
    crypto_hmac_sha256(key, SECRET_KEY_SIZE, KEY_FOR, sizeof(KEY_FOR) - 1, own);
    crypto_hmac_text(HMAC_SHA256, ENCODE_HEX, (const char *)own, sizeof(own), signed_text, strlen(signed_text), out);
}

const char *link_text(struct arena *a, const uint8_t key[SECRET_KEY_SIZE], const char *purpose, const struct link *link)
{
    char mac[MAC_SIZE];
    const char *named = arena_printf(a, "%s.%lld", link->sha256, (long long)(link->until / SECOND_MS));
    sign(a, key, purpose, named, mac);
    return arena_printf(a, "%s.%s", named, mac);
}

bool link_read(struct arena *a, const uint8_t key[SECRET_KEY_SIZE], const char *purpose, const char *text,
               struct link *ret)
{
    char mac[MAC_SIZE];
    const char *first = strchr(text, '.'), *last = strrchr(text, '.');
    if (!first || first == last || last - first - 1 > UNTIL_DIGITS_MAX)
        return false;
    const char *named = arena_strndup(a, text, (size_t)(last - text));
    sign(a, key, purpose, named, mac);
    if (!crypto_equal(mac, last + 1))
        return false;
    *ret = (struct link){arena_strndup(a, text, (size_t)(first - text)), strtoll(first + 1, NULL, 10) * SECOND_MS};
    return blob_hex_valid(ret->sha256);
}
