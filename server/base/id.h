/* Ids that leave the server: UUIDs, version 7 (RFC 9562 §5.7 and §6.2 method 1: 48 bits of Unix milliseconds, a 12-bit
 * counter, then random bits), so that an index on them stays local and what a process makes later sorts later: two
 * messages of the same moment keep their order. The all-zero id means "none". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define UUID_TEXT_SIZE 37

struct uuid {
    uint8_t b[16];
};

struct uuid uuid_v7(int64_t unix_ms);                     /* from any thread */
int64_t uuid_v7_ms(const struct uuid *id);                /* the milliseconds that a v7 begins with (RFC 9562 §5.7) */
struct uuid uuid_named(const char *name, size_t n);       /* the same name gives the same id (version 8 from SHA-256) */
bool uuid_parse_text(const char *text, struct uuid *ret); /* canonical form only; false leaves *ret alone */
void uuid_format(const struct uuid *id, char out[UUID_TEXT_SIZE]);

static inline bool uuid_is_none(const struct uuid *id)
{
    static const struct uuid none;
    return memcmp(id, &none, sizeof(none)) == 0;
}

static inline bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}
