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

/* The digits after the colon; what is none, is 0. */
static unsigned port_of(const char *at, size_t len)
{
    char *end, digits[6] = "";
    if (len >= sizeof(digits) || strspn(at, "0123456789") < len)
        return 0;
    memcpy(digits, at, len);
    unsigned long port = strtoul(digits, &end, 10);
    return port <= UINT16_MAX ? (unsigned)port : 0;
}

/* "name", "name:port", "[address]:port"; an IPv6 address without a port may stand as it is. */
static bool split_hosts(const char *word, size_t len, int64_t standard_port, struct host *ret)
{
    const char *stop = word + len, *close = *word == '[' ? memchr(word, ']', len) : NULL;
    const char *colon = memchr(close ? close : word, ':', (size_t)(stop - (close ? close : word)));
    bool address = !close && colon && memchr(colon + 1, ':', (size_t)(stop - colon - 1));
    if (address)
        colon = NULL;
    const char *name = close ? word + 1 : word, *end = close ? close : colon ? colon : stop;
    bool odd = (*word == '[' && !close) || (close && close + 1 != (colon ? colon : stop));
    if (odd || end == name || (size_t)(end - name) >= sizeof(ret->name))
        return false;
    memcpy(ret->name, name, (size_t)(end - name));
    ret->name[end - name] = '\0';
    ret->port = colon ? port_of(colon + 1, (size_t)(stop - colon - 1)) : (unsigned)standard_port;
    return ret->port > 0;
}

bool host_at(const struct db_config *config, size_t n, struct host *ret)
{
    size_t len = 0;
    for (const char *at = config->host; (at = next_word(at, &len)); at += len)
        if (n-- == 0)
            return split_hosts(at, len, config->port, ret);
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

bool hosts_check(const struct db_config *config, struct error *err)
{
    struct host host;
    size_t n = host_count(config->host);
    for (size_t i = 0; i < n; i++)
        if (!host_at(config, i, &host))
            return error_english(err, ERR_INVALID, "host",
                                 "[database] host is \"%.200s\", and its entry %zu is no host; each must be like db1, "
                                 "db1:3307 or [::1]:3307.",
                                 config->host, i + 1);
    if (config->host[0] && n == 0)
        return error_english(err, ERR_INVALID, "host", "[database] host is \"%.200s\", which names no host.",
                             config->host);
    return true;
}
