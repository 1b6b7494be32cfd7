#include "base/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define V4_MAPPED "\0\0\0\0\0\0\0\0\0\0\xff\xff" /* RFC 4291 §2.5.5.2 */
#define PREFIX_BYTES 8

void address_prefix(const char *address, char out[ADDRESS_PREFIX_SIZE])
{
    struct in6_addr v6;
    char text[INET6_ADDRSTRLEN] = "";
    if (!address || inet_pton(AF_INET6, address, &v6) != 1) {
        snprintf(out, ADDRESS_PREFIX_SIZE, "%s", address ? address : "");
        return;
    }
    if (memcmp(v6.s6_addr, V4_MAPPED, sizeof(V4_MAPPED) - 1) == 0) {
        inet_ntop(AF_INET, v6.s6_addr + sizeof(V4_MAPPED) - 1, text, sizeof(text));
        snprintf(out, ADDRESS_PREFIX_SIZE, "%s", text);
        return;
    }
    memset(v6.s6_addr + PREFIX_BYTES, 0, sizeof(v6.s6_addr) - PREFIX_BYTES);
    inet_ntop(AF_INET6, &v6, text, sizeof(text));
    snprintf(out, ADDRESS_PREFIX_SIZE, "%s/64", text);
}
