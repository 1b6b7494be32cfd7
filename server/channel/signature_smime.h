/* S/MIME signatures (RFC 8551, CMS: RFC 5652) and certificates (RFC 5280), by OpenSSL. Nobody is asked whether a certificate was
 * revoked: the process has no network. */
#pragma once

#include "channel/signature.h"

void smime_init(void); /* what the library makes once, while it may read files */

void smime_verify(struct arena *a, const struct signature_case *c, struct signature *best);

/* Of one certificate as PEM. */
void smime_signer_read(struct arena *a, const char *pem, struct signer_facts *ret);
