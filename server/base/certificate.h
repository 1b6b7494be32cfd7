/* An X.509 certificate (RFC 5280) as PEM, whose RSA key signs messages. Pure: whom it is from is for who has fetched it. */
#pragma once

#include "base/crypto.h"

#define CERTIFICATE_TEXT_MAX (64 * 1024) /* of the PEM */

/* From when until when the first certificate of the text holds, in milliseconds. False: there is none, or its key is not RSA with
 * 2048 bits at least. */
bool certificate_times(const char *pem, int64_t *ret_from, int64_t *ret_until);

/* True when `signature` (base64) is that of the first certificate's key over the data: RSASSA-PKCS1-v1_5 (RFC 8017 §8.2). */
bool certificate_verifies(const char *pem, enum hmac_hash hash, const char *signature, const void *data, size_t n);
