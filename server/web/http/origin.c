#include "web/http/origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- sites ---- */

struct site {
    const char *scheme, *host;
    size_t n_scheme, n_host;
    long port;
    const char *rest; /* behind the authority */
};

static bool read_port(const char *text, size_t n, struct site *ret)
{
    char digits[6] = {0}, *end;
    if (n == 0 || n >= sizeof(digits))
        return false;
    memcpy(digits, text, n);
    ret->port = strtol(digits, &end, 10);
    return digits[0] >= '0' && digits[0] <= '9' && *end == '\0';
}

static bool read_site(const char *url, struct site *ret)
{
    const char *colon = strstr(url, "://");
    if (!colon || colon == url)
        return false;
    *ret = (struct site){.scheme = url, .n_scheme = (size_t)(colon - url), .host = colon + 3};
    size_t n = strcspn(ret->host, "/?#");
    ret->rest = ret->host + n;
    const char *bracket = ret->host[0] == '[' ? memchr(ret->host, ']', n) : NULL;
    size_t from = bracket ? (size_t)(bracket - ret->host) : 0;
    const char *port = memchr(ret->host + from, ':', n - from);
    ret->n_host = port ? (size_t)(port - ret->host) : n;
    ret->port = ret->n_scheme == 5 && strncasecmp(url, "https", 5) == 0 ? 443 : 80;
    return ret->n_host > 0 && (!port || read_port(port + 1, n - ret->n_host - 1, ret));
}

bool origin_is_own(const char *public_url, const char *origin)
{
    struct site own, other;
    return read_site(public_url, &own) && read_site(origin, &other) && other.rest[0] == '\0' &&
           own.port == other.port && own.n_scheme == other.n_scheme && own.n_host == other.n_host &&
           strncasecmp(own.scheme, other.scheme, own.n_scheme) == 0 &&
           strncasecmp(own.host, other.host, own.n_host) == 0;
}

/* ---- addresses ---- */

bool address_is_trusted(const char *trusted, const char *address)
{
    size_t n;
    for (const char *p = trusted; *p; p += n) {
        char one[ADDRESS_TEXT_SIZE];
        p += strspn(p, " ,\t");
        n = strcspn(p, " ,\t");
        if (address_normal(p, n, one) && strcmp(one, address) == 0)
            return true;
    }
    return false;
}

/* Some proxies add the port: "203.0.113.9:4711", "[2001:db8::1]:4711". The address alone; an IPv6 one without brackets has none. */
static size_t without_port(const char *text, size_t n)
{
    const char *colon = memrchr(text, ':', n);
    size_t digits = colon ? n - (size_t)(colon - text) - 1 : 0;
    if (!colon || digits == 0 || digits > 5)
        return n;
    for (size_t i = 1; i <= digits; i++)
        if (colon[i] < '0' || colon[i] > '9')
            return n;
    bool alone = memchr(text, ':', n) == colon;
    return alone || (text[0] == '[' && colon > text && colon[-1] == ']') ? (size_t)(colon - text) : n;
}

void address_of_client(const char *trusted, const char *peer, const char *forwarded, size_t n,
                       char ret[ADDRESS_TEXT_SIZE])
{
    char one[ADDRESS_TEXT_SIZE];
    snprintf(ret, ADDRESS_TEXT_SIZE, "%s", peer);
    while (forwarded && n > 0 && address_is_trusted(trusted, ret)) {
        const char *comma = memrchr(forwarded, ',', n);
        const char *begin = comma ? comma + 1 : forwarded, *end = forwarded + n;
        while (begin < end && (*begin == ' ' || *begin == '\t'))
            begin++;
        while (end > begin && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        if (!address_normal(begin, without_port(begin, (size_t)(end - begin)), one))
            return;
        memcpy(ret, one, sizeof(one));
        n = comma ? (size_t)(comma - forwarded) : 0;
    }
}
