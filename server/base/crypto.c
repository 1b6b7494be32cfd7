#include "base/crypto.h"

#include "base/mem.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>
#include <sodium.h>

bool crypto_init(void)
{
    return sodium_init() >= 0;
}

void crypto_sha256(const void *data, size_t n, uint8_t out[SHA256_SIZE])
{
    EVP_Digest(data, n, out, NULL, EVP_sha256(), NULL);
}

void crypto_hmac_text(enum hmac_hash hash, enum text_encoding encoding, const char *key, size_t key_len,
                      const void *data, size_t n, char out[89])
{
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    HMAC(hash == HMAC_SHA1 ? EVP_sha1() : EVP_sha256(), key, (int)key_len, data, n, mac, &len);
    if (encoding == ENCODE_HEX)
        crypto_hex(mac, len, out);
    else
        crypto_base64_encode(mac, len, out);
}

void crypto_hmac_sha256(const void *key, size_t key_len, const void *data, size_t n, uint8_t out[SHA256_SIZE])
{
    uint8_t mac[EVP_MAX_MD_SIZE];
    HMAC(EVP_sha256(), key, (int)key_len, data, n, mac, NULL);
    memcpy(out, mac, SHA256_SIZE);
}

bool crypto_hmac_verify(enum hmac_hash hash, enum text_encoding encoding, const char *key, size_t key_len,
                        const void *data, size_t n, const char *signature)
{
    char expected[89];
    crypto_hmac_text(hash, encoding, key, key_len, data, n, expected);
    return crypto_equal(expected, signature);
}

#define SPKI_TEXT_MAX 400 /* of P-256 it is 124, of all curves less than 250 */
#define ECDSA_TEXT_MAX 200

static EVP_PKEY *p256_key(const char *text)
{
    uint8_t der[SPKI_TEXT_MAX];
    char curve[32] = "";
    long n = strlen(text) < SPKI_TEXT_MAX ? crypto_base64_decode(text, strlen(text), der) : -1;
    const uint8_t *at = der;
    EVP_PKEY *key = n > 0 ? d2i_PUBKEY(NULL, &at, n) : NULL;
    if (key && EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL) == 1 && strcmp(curve, "prime256v1") == 0)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

bool crypto_ecdsa_verify(const char *public_key, const char *signature, const void *first, size_t n, const void *more,
                         size_t m)
{
    uint8_t der[ECDSA_TEXT_MAX];
    long len = strlen(signature) < ECDSA_TEXT_MAX ? crypto_base64_decode(signature, strlen(signature), der) : -1;
    EVP_PKEY *key = p256_key(public_key);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool holds = len > 0 && key && md && EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
                 EVP_DigestVerifyUpdate(md, first, n) == 1 && EVP_DigestVerifyUpdate(md, more, m) == 1 &&
                 EVP_DigestVerifyFinal(md, der, (size_t)len) == 1;
    EVP_MD_CTX_free(md);
    EVP_PKEY_free(key);
    return holds;
}

bool crypto_equal(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    size_t n = strlen(a);
    return n == strlen(b) && CRYPTO_memcmp(a, b, n) == 0;
}

void *crypto_secret_new(size_t n)
{
    void *memory = sodium_malloc(n);
    if (!memory)
        abort(); /* as every allocation */
    sodium_memzero(memory, n);
    return memory;
}

void crypto_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

void crypto_token(char out[TOKEN_TEXT_SIZE])
{
    uint8_t raw[32];
    crypto_random(raw, sizeof(raw));
    sodium_bin2base64(out, TOKEN_TEXT_SIZE, raw, sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

long crypto_base64_decode(const char *text, size_t n, uint8_t *out)
{
    bool url = memchr(text, '-', n) || memchr(text, '_', n);
    while (n && (text[n - 1] == '=' || text[n - 1] == '\n' || text[n - 1] == '\r' || text[n - 1] == ' '))
        n--;
    size_t len = 0;
    const char *end = NULL;
    int variant = url ? sodium_base64_VARIANT_URLSAFE_NO_PADDING : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    if (sodium_base642bin(out, n * 3 / 4 + 3, text, n, " \r\n\t", &len, &end, variant) != 0 || end != text + n)
        return -1;
    return (long)len;
}

void crypto_base64_encode(const void *data, size_t n, char *out)
{
    sodium_bin2base64(out, (n + 2) / 3 * 4 + 1, data, n, sodium_base64_VARIANT_ORIGINAL);
}

void crypto_hex(const void *data, size_t n, char *out)
{
    sodium_bin2hex(out, 2 * n + 1, data, n);
}

bool crypto_unhex(const char *text, uint8_t *out, size_t n)
{
    size_t len = 0;
    return strlen(text) == 2 * n && sodium_hex2bin(out, n, text, 2 * n, NULL, &len, NULL) == 0 && len == n;
}

bool crypto_password_hash(const char *password, char out[PASSWORD_HASH_SIZE])
{
    return crypto_pwhash_str_alg(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                 crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool crypto_password_verify(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

void crypto_seal(const uint8_t key[SECRET_KEY_SIZE], const void *data, size_t n, uint8_t *out)
{
    crypto_random(out, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, data, n, out, key);
}

bool crypto_unseal(const uint8_t key[SECRET_KEY_SIZE], const uint8_t *sealed, size_t n, void *out)
{
    if (n < SEAL_OVERHEAD)
        return false;
    return crypto_secretbox_open_easy(out, sealed + crypto_secretbox_NONCEBYTES, n - crypto_secretbox_NONCEBYTES,
                                      sealed, key) == 0;
}
