#include "base/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define PREFIX_BYTES 8 /* of IPv6 */
#define V4_PREFIX 0xffff00000000u

struct address {
    int family; /* AF_INET, AF_INET6; 0: it is none */
    struct in_addr v4;
    struct in6_addr v6;
};

static struct address read_address(const char *text)
{
    struct address d = {.family = AF_INET};
    if (inet_pton(AF_INET, text, &d.v4) == 1)
        return d;
    d.family = inet_pton(AF_INET6, text, &d.v6) == 1 ? AF_INET6 : 0;
    if (d.family && IN6_IS_ADDR_V4MAPPED(&d.v6)) {
        d.family = AF_INET;
        memcpy(&d.v4, d.v6.s6_addr + 12, sizeof(d.v4));
    }
    return d;
}

static bool write_address(const struct address *d, char ret[ADDRESS_TEXT_SIZE])
{
    const void *bytes = d->family == AF_INET ? (const void *)&d->v4 : (const void *)&d->v6;
    return d->family && inet_ntop(d->family, bytes, ret, ADDRESS_TEXT_SIZE) != NULL;
}

bool address_normal(const char *text, size_t n, char ret[ADDRESS_TEXT_SIZE])
{
    char copy[ADDRESS_TEXT_SIZE];
    if (n >= 2 && text[0] == '[' && text[n - 1] == ']')
        text++, n -= 2;
    if (n >= sizeof(copy))
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    struct address d = read_address(copy);
    return write_address(&d, ret);
}

void address_prefix(const char *address, char out[ADDRESS_PREFIX_SIZE])
{
    char text[ADDRESS_TEXT_SIZE];
    struct address d = read_address(address ? address : "");
    if (d.family == AF_INET6)
        memset(d.v6.s6_addr + PREFIX_BYTES, 0, sizeof(d.v6) - PREFIX_BYTES);
    if (write_address(&d, text))
        snprintf(out, ADDRESS_PREFIX_SIZE, "%.45s%s", text, d.family == AF_INET6 ? "/64" : "");
    else
        snprintf(out, ADDRESS_PREFIX_SIZE, "%s", address ? address : "");
}

uint64_t address_group(const char *address)
{
    uint64_t group = 0;
    struct address d = read_address(address);
    if (d.family == AF_INET)
        return V4_PREFIX | d.v4.s_addr;
    memcpy(&group, &d.v6, sizeof(group));
    return d.family ? group : 0;
}
