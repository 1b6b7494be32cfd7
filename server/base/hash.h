/* FNV-1a of 64 bits (draft-eastlake-fnv): spreads keys and tells texts apart. It keeps nothing secret, and whoever wants two
 * texts with one hash finds them. Pure, any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN 0xcbf29ce484222325u /* the hash of nothing */

/* The hash of what `h` is the hash of, and these bytes behind it. */
static inline uint64_t hash_bytes(uint64_t h, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++)
        h = (h ^ at[i]) * 0x100000001b3u;
    return h;
}
