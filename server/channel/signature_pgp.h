/* OpenPGP signatures and keys (RFC 9580, 4880), by librnp. */
#pragma once

#include "channel/signature.h"

void pgp_init(void); /* what the library makes once, while it may read files */

void pgp_verify(struct arena *a, const struct signature_case *c, struct signature *best);

/* Of one key in its armour. */
void pgp_signer_read(struct arena *a, const char *armour, struct signer_facts *ret);
