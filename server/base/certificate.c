#include "base/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>
#include <time.h>

#define RSA_BITS_MIN 2048
#define SIGNATURE_TEXT_MAX 1400 /* of 8192 bits in base64 */

static X509 *read_certificate(const char *pem)
{
    size_t n = strlen(pem);
    BIO *bio = n <= CERTIFICATE_TEXT_MAX ? BIO_new_mem_buf(pem, (int)n) : NULL;
    X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    return x;
}

static bool is_strong_rsa(const EVP_PKEY *key)
{
    return key && EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_BITS_MIN;
}

static bool time_of(const ASN1_TIME *at, int64_t *ret)
{
    struct tm tm;
    if (!ASN1_TIME_to_tm(at, &tm))
        return false;
    *ret = (int64_t)timegm(&tm) * 1000;
    return true;
}

bool certificate_times(const char *pem, int64_t *ret_from, int64_t *ret_until)
{
    X509 *x = read_certificate(pem);
    bool fine = x && is_strong_rsa(X509_get0_pubkey(x)) && time_of(X509_get0_notBefore(x), ret_from) &&
                time_of(X509_get0_notAfter(x), ret_until);
    X509_free(x);
    return fine;
}

static bool key_verifies(EVP_PKEY *key, enum hmac_hash hash, const char *signature, const void *data, size_t n)
{
    uint8_t raw[SIGNATURE_TEXT_MAX];
    size_t len = strlen(signature);
    long size = len < SIGNATURE_TEXT_MAX ? crypto_base64_decode(signature, len, raw) : -1;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool holds = size > 0 &&
                 EVP_DigestVerifyInit(context, NULL, hash == HMAC_SHA1 ? EVP_sha1() : EVP_sha256(), NULL, key) == 1 &&
                 EVP_DigestVerify(context, raw, (size_t)size, data, n) == 1;
    EVP_MD_CTX_free(context);
    return holds;
}

bool certificate_verifies(const char *pem, enum hmac_hash hash, const char *signature, const void *data, size_t n)
{
    X509 *x = read_certificate(pem);
    EVP_PKEY *key = x ? X509_get0_pubkey(x) : NULL;
    bool holds = is_strong_rsa(key) && key_verifies(key, hash, signature, data, n);
    X509_free(x);
    return holds;
}
