/* Network addresses as strangers are counted by. */
#pragma once

#define ADDRESS_PREFIX_SIZE 64

/* What one subscriber has of the network: an IPv4 address (also one written as ::ffff:1.2.3.4) as it is, of an IPv6 address
 * the first 64 bits, as "2001:db8:1:2::/64". What is no address is taken as it stands, cut to fit; NULL is "". */
void address_prefix(const char *address, char out[ADDRESS_PREFIX_SIZE]);
