/* Network addresses as they are compared, shown and counted by. Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDRESS_TEXT_SIZE 64
#define ADDRESS_PREFIX_SIZE 64

/* An address in its one form: an IPv4 address that came as IPv6 (::ffff:1.2.3.4, RFC 4291 §2.5.5.2) is IPv4, brackets are
 * left out. False: this is no address. */
bool address_normal(const char *text, size_t n, char ret[ADDRESS_TEXT_SIZE]);

/* What one subscriber has of the network: an IPv4 address as it is, of an IPv6 address the first 64 bits, as
 * "2001:db8:1:2::/64". What is no address is taken as it stands, cut to fit; NULL is "". */
void address_prefix(const char *address, char out[ADDRESS_PREFIX_SIZE]);
uint64_t address_group(const char *address); /* the same as a number; 0: this is no address */
