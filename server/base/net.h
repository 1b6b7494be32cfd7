/* Where an address lies: on this machine, in a network of one's own, or outside. What connects to a place that somebody has
 * typed into the settings asks here whether it may, and what must be encrypted on the way. Pure; any thread.
 *
 * Ranges: the IANA special-purpose address registries (RFC 6890 and its updates). IPv4 inside IPv6 (mapped, 6to4,
 * NAT64 64:ff9b::/96) counts as the IPv4 address. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr; /* <sys/socket.h> declares a function `send`, which many files have for themselves */

enum net_place {
    NET_PUBLIC,
    NET_LOOPBACK,
    NET_PRIVATE,   /* RFC 1918, 100.64/10, fc00::/7 */
    NET_FORBIDDEN, /* link-local (cloud metadata is there), multicast, "this network", reserved: never a server's */
};

enum net_place net_place(const struct sockaddr *address);

/* "localhost", 127.0.0.0/8, ::1 (with or without brackets): what is sent there does not leave the machine. A name that
 * merely resolves to it does not count. `n`: of `host`. */
bool net_is_loopback_host(const char *host, size_t n);

/* The host of "scheme://user:password@host:port/path", borrowed; brackets of IPv6 stay. False: there is none. */
bool net_url_host(const char *url, const char **ret_host, size_t *ret_n);

/* "10.1.0.0/16 127.0.0.1 fd00::/8": is the address in one of them? Takes "" and NULL. */
bool net_list_has(const char *networks, const struct sockaddr *address);
bool net_list_check(const char *networks, const char *setting, struct error *err); /* false fills *err: one is wrong */

/* What connections to servers of one's own (database, bus) do about encryption. */
enum net_tls {
    NET_TLS_AUTO, /* required, but not on this machine */
    NET_TLS_REQUIRED,
    NET_TLS_OFF,
};
extern const char *const NET_TLS_NAMES[]; /* up to a NULL */

bool net_needs_tls(enum net_tls tls, const char *host, size_t n);
