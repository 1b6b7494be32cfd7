/* Network addresses as strangers are counted by. */
#pragma once

#define ADDRESS_PREFIX_SIZE 64

#define ADDRESS_SIZE 64

/* Who has really sent it: the peer, or, when that is one of the trusted proxies (addresses with blanks between), what it
 * says in X-Forwarded-For: of several the last, which is the nearest proxy's word; those before it are the client's own.
 * `forwarded` may be NULL or "". */
void address_of_client(const char *trusted, const char *peer, const char *forwarded, char out[ADDRESS_SIZE]);

/* What one subscriber has of the network: an IPv4 address (also one written as ::ffff:1.2.3.4) as it is, of an IPv6 address
 * the first 64 bits, as "2001:db8:1:2::/64". What is no address is taken as it stands, cut to fit; NULL is "". */
void address_prefix(const char *address, char out[ADDRESS_PREFIX_SIZE]);
