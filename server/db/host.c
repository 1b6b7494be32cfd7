#include "db/host.h"

#include <stdatomic.h>
#include <stdio.h>

#define SEPARATORS " ,\t"

static _Atomic size_t current;

static const char *next_word(const char *at, size_t *ret_len)
{
    at += strspn(at, SEPARATORS);
    *ret_len = strcspn(at, SEPARATORS);
    return *ret_len ? at : NULL;
}

size_t host_count(const char *hosts)
{
    size_t n = 0, len = 0;
    for (const char *at = hosts; (at = next_word(at, &len)); at += len)
        n++;
    return n;
}

static bool split(const char *word, size_t len, int64_t standard_port, struct host *ret)
{
    const char *close = *word == '[' ? memchr(word, ']', len) : NULL, *from = close ? close : word;
    const char *colon = memchr(from, ':', len - (size_t)(from - word));
    const char *name = close ? word + 1 : word, *end = close ? close : colon ? colon : word + len;
    if ((size_t)(end - name) >= sizeof(ret->name))
        return false;
    memcpy(ret->name, name, (size_t)(end - name));
    ret->name[end - name] = '\0';
    ret->port = colon ? (unsigned)strtoul(colon + 1, NULL, 10) : (unsigned)standard_port;
    return true;
}

bool host_at(const struct db_config *config, size_t n, struct host *ret)
{
    size_t len = 0;
    for (const char *at = config->host; (at = next_word(at, &len)); at += len)
        if (n-- == 0)
            return split(at, len, config->port, ret);
    return false;
}

size_t host_first(void)
{
    return current;
}

void host_good(size_t n)
{
    current = n;
}

void host_bad(size_t n, size_t count)
{
    atomic_compare_exchange_strong(&current, &n, count ? (n + 1) % count : 0);
}
