#include "base/id.h"

#include "base/crypto.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uuid/uuid.h>

static void set_version(struct uuid *id, uint8_t version)
{
    id->b[6] = (uint8_t)((id->b[6] & 0x0f) | (version << 4));
    id->b[8] = (uint8_t)((id->b[8] & 0x3f) | 0x80);
}

/* Milliseconds and a 12-bit count of the ids made in each: never the same twice, and never backwards. */
static uint64_t next_tick(int64_t unix_ms)
{
    static _Atomic uint64_t last;
    uint64_t seen = last, next;
    do {
        uint64_t now = (uint64_t)unix_ms << 12;
        next = now > seen ? now : seen + 1;
    } while (!atomic_compare_exchange_weak(&last, &seen, next));
    return next;
}

/* From the kernel, many bytes at a time. */
static void random_bytes(uint8_t *out, size_t n)
{
    static _Thread_local uint8_t pool[512];
    static _Thread_local size_t left;
    if (left < n) {
        if (getrandom(pool, sizeof(pool), 0) != sizeof(pool))
            abort(); /* cannot be for so few (getrandom(2)) */
        left = sizeof(pool);
    }
    left -= n;
    memcpy(out, pool + left, n);
    memset(pool + left, 0, n);
}

struct uuid uuid_v7(int64_t unix_ms)
{
    struct uuid id;
    uint64_t tick = next_tick(unix_ms);
    random_bytes(id.b + 8, sizeof(id.b) - 8);
    for (int i = 0; i < 6; i++)
        id.b[i] = (uint8_t)(tick >> (52 - 8 * i));
    id.b[6] = (uint8_t)(tick >> 8);
    id.b[7] = (uint8_t)tick;
    set_version(&id, 7);
    return id;
}

struct uuid uuid_named(const char *name, size_t n)
{
    uint8_t digest[SHA256_SIZE];
    crypto_sha256(name, n, digest);
    struct uuid id;
    memcpy(id.b, digest, sizeof(id.b));
    set_version(&id, 8);
    return id;
}

bool uuid_parse_text(const char *text, struct uuid *ret)
{
    uuid_t parsed;
    if (strlen(text) != UUID_TEXT_SIZE - 1 || uuid_parse(text, parsed) != 0)
        return false;
    memcpy(ret->b, parsed, sizeof(ret->b));
    return true;
}

void uuid_format(const struct uuid *id, char out[UUID_TEXT_SIZE])
{
    static const char HEX[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof(id->b); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = HEX[id->b[i] >> 4];
        *out++ = HEX[id->b[i] & 15];
    }
    *out = '\0';
}

int64_t uuid_v7_ms(const struct uuid *id)
{
    int64_t ms = 0;
    for (size_t i = 0; i < 6; i++)
        ms = ms << 8 | id->b[i];
    return ms;
}
