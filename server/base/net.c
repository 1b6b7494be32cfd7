#include "base/net.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BYTES 16
#define BLANKS " \t"

/* An address as 16 bytes; IPv4 is mapped (::ffff:a.b.c.d), so that one comparison serves both. */
struct address {
    uint8_t bytes[BYTES];
};

static const uint8_t MAPPED[12] = {[10] = 0xff, [11] = 0xff};
static const uint8_t NAT64[12] = {0x00, 0x64, 0xff, 0x9b};

static struct address of_v4(const uint8_t v4[4])
{
    struct address a;
    memcpy(a.bytes, MAPPED, sizeof(MAPPED));
    memcpy(a.bytes + 12, v4, 4);
    return a;
}

static struct address of_v6(const uint8_t v6[BYTES])
{
    struct address a;
    if (memcmp(v6, NAT64, sizeof(NAT64)) == 0)
        return of_v4(v6 + 12);
    if (v6[0] == 0x20 && v6[1] == 0x02) /* 6to4, RFC 3056 */
        return of_v4(v6 + 2);
    memcpy(a.bytes, v6, BYTES);
    return a;
}

static bool of_sockaddr(const struct sockaddr *s, struct address *ret)
{
    if (s->sa_family == AF_INET)
        *ret = of_v4((const uint8_t *)&((const struct sockaddr_in *)(const void *)s)->sin_addr);
    else if (s->sa_family == AF_INET6)
        *ret = of_v6(((const struct sockaddr_in6 *)(const void *)s)->sin6_addr.s6_addr);
    else
        return false;
    return true;
}

static bool parse_ipv4(const char *text, struct address *ret, unsigned *ret_bits)
{
    uint8_t v[BYTES];
    bool v4 = inet_pton(AF_INET, text, v) == 1;
    if (!v4 && inet_pton(AF_INET6, text, v) != 1)
        return false;
    *ret = v4 ? of_v4(v) : of_v6(v);
    *ret_bits = v4 ? 32 : 128;
    return true;
}

struct network {
    struct address address;
    unsigned bits;
};

/* "10.0.0.0/8"; without a length it is one address. */
static bool parse_network(const char *text, struct network *ret)
{
    char host[INET6_ADDRSTRLEN];
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    unsigned all;
    if (n == 0 || n >= sizeof(host))
        return false;
    memcpy(host, text, n);
    host[n] = '\0';
    if (!parse_ipv4(host, &ret->address, &all))
        return false;
    unsigned long bits = all;
    if (slash) {
        char *end;
        bits = isdigit((unsigned char)slash[1]) ? strtoul(slash + 1, &end, 10) : all + 1;
        if (bits > all || *end)
            return false;
    }
    ret->bits = (unsigned)bits + 128 - all;
    return true;
}

static bool is_in(const struct address *a, const struct network *n)
{
    size_t whole = n->bits / 8;
    unsigned rest = n->bits % 8;
    if (memcmp(a->bytes, n->address.bytes, whole) != 0)
        return false;
    return !rest || (a->bytes[whole] ^ n->address.bytes[whole]) >> (8 - rest) == 0;
}

/* The first that fits decides. ::/96 once held IPv4 addresses (RFC 4291 §2.5.5.1), 2001::/32 holds them still (Teredo),
 * 64:ff9b:1::/48 is a NAT64 of one's own (RFC 8215); behind 168.63.129.16 Azure tells its machines their secrets. */
static const struct {
    const char *network;
    enum net_place place;
} PLACES[] = {
    {"127.0.0.0/8", NET_LOOPBACK},   {"::1", NET_LOOPBACK},
    {"10.0.0.0/8", NET_PRIVATE},     {"172.16.0.0/12", NET_PRIVATE},
    {"192.168.0.0/16", NET_PRIVATE}, {"100.64.0.0/10", NET_PRIVATE},
    {"198.18.0.0/15", NET_PRIVATE},  {"fc00::/7", NET_PRIVATE},
    {"0.0.0.0/8", NET_FORBIDDEN},    {"169.254.0.0/16", NET_FORBIDDEN},
    {"192.0.0.0/24", NET_FORBIDDEN}, {"224.0.0.0/3", NET_FORBIDDEN},
    {"fe80::/10", NET_FORBIDDEN},    {"fec0::/10", NET_FORBIDDEN},
    {"ff00::/8", NET_FORBIDDEN},     {"::/96", NET_FORBIDDEN},
    {"64:ff9b:1::/48", NET_PRIVATE}, {"100::/64", NET_FORBIDDEN},
    {"2001::/32", NET_FORBIDDEN},    {"168.63.129.16", NET_FORBIDDEN},
};

enum net_place net_place(const struct sockaddr *s)
{
    struct address a;
    if (!of_sockaddr(s, &a))
        return NET_FORBIDDEN;
    for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
        struct network n;
        if (parse_network(PLACES[i].network, &n) && is_in(&a, &n))
            return PLACES[i].place;
    }
    return NET_PUBLIC;
}

bool net_is_loopback_host(const char *host, size_t n)
{
    char text[INET6_ADDRSTRLEN];
    bool brackets = n > 2 && host[0] == '[' && host[n - 1] == ']';
    host += brackets;
    n -= brackets ? 2 : 0;
    if (n == 0 || n >= sizeof(text))
        return false;
    memcpy(text, host, n);
    text[n] = '\0';
    struct address a;
    unsigned bits;
    static const struct network V4 = {{{[10] = 0xff, [11] = 0xff, [12] = 127}}, 104}, V6 = {{{[15] = 1}}, 128};
    return strcasecmp(text, "localhost") == 0 || (parse_ipv4(text, &a, &bits) && (is_in(&a, &V4) || is_in(&a, &V6)));
}

bool net_url_host(const char *url, const char **ret_host, size_t *ret_n)
{
    const char *host = strstr(url, "://");
    if (!host)
        return false;
    host += 3;
    size_t n = strcspn(host, "/?#");
    for (size_t i = n; i > 0; i--) /* the last '@': one before it belongs to the password */
        if (host[i - 1] == '@') {
            host += i;
            n -= i;
            break;
        }
    const char *end = host[0] == '[' ? memchr(host, ']', n) : NULL;
    n = end ? (size_t)(end + 1 - host) : strcspn(host, ":/?#");
    *ret_host = host;
    *ret_n = n;
    return n > 0;
}

/* The next word of a list as a network: 1 fine, 0 the list is over, -1 it is no network. */
static int next_network(const char **list, struct network *ret)
{
    char word[INET6_ADDRSTRLEN + 4];
    const char *at = *list + strspn(*list, BLANKS);
    size_t n = strcspn(at, BLANKS);
    *list = at + n;
    if (n == 0)
        return 0;
    if (n >= sizeof(word))
        return -1;
    memcpy(word, at, n);
    word[n] = '\0';
    return parse_network(word, ret) ? 1 : -1;
}

bool net_list_has(const char *networks, const struct sockaddr *s)
{
    struct address a;
    struct network n;
    if (!networks || !of_sockaddr(s, &a))
        return false;
    for (int found; (found = next_network(&networks, &n)) != 0;)
        if (found > 0 && is_in(&a, &n))
            return true;
    return false;
}

bool net_list_check(const char *networks, const char *setting, struct error *err)
{
    struct network n;
    for (int found; (found = next_network(&networks, &n)) != 0;)
        if (found < 0)
            return error_english(err, ERR_INVALID, setting,
                                 "%s holds something that is no network; it must be like \"10.1.0.0/16 192.168.1.5\".",
                                 setting);
    return true;
}

const char *const NET_TLS_NAMES[] = {"auto", "required", "off", NULL};

bool net_needs_tls(enum net_tls tls, const char *host, size_t n)
{
    return tls == NET_TLS_REQUIRED || (tls == NET_TLS_AUTO && !net_is_loopback_host(host, n));
}
