/* Cryptography: thin names over OpenSSL EVP and libsodium. Nothing here is an algorithm of our own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SECRET_KEY_SIZE 32
#define TOKEN_TEXT_SIZE 44 /* 32 random bytes as base64url, and the NUL */

bool crypto_init(void); /* once, before threads; false when libsodium has no randomness */

void crypto_sha256(const void *data, size_t n, uint8_t out[SHA256_SIZE]);

enum hmac_hash { HMAC_SHA1, HMAC_SHA256 };
enum text_encoding { ENCODE_HEX, ENCODE_BASE64 };

/* True when `signature` (text in the given encoding) is the HMAC of the data. Constant time; a signature of the wrong
 * length or with foreign characters is simply false. */
bool crypto_hmac_verify(enum hmac_hash hash, enum text_encoding encoding, const char *key, size_t key_len,
                        const void *data, size_t n, const char *signature);

/* The HMAC as text (hex lower case, or base64 with padding). `out` must hold 89 bytes. */
void crypto_hmac_text(enum hmac_hash hash, enum text_encoding encoding, const char *key, size_t key_len,
                      const void *data, size_t n, char out[89]);

/* The bytes of an HMAC with SHA-256; `out` may be the key. */
void crypto_hmac_sha256(const void *key, size_t key_len, const void *data, size_t n, uint8_t out[SHA256_SIZE]);

/* True when `signature` (DER in base64) is the ECDSA signature, with SHA-256 by P-256, of the first bytes and those behind them.
 * `public_key` is a SubjectPublicKeyInfo (RFC 5280 §4.1) in base64; one of another curve or kind verifies nothing. */
bool crypto_ecdsa_verify(const char *public_key, const char *signature, const void *first, size_t n, const void *more,
                         size_t m);

bool crypto_equal(const char *a, const char *b); /* constant time for equal lengths; NULL is equal to nothing */

/* Zeroed memory for a key that lives as long as the process: never swapped (as far as RLIMIT_MEMLOCK lets), in no core dump,
 * with guard pages around it. */
void *crypto_secret_new(size_t n);

void crypto_random(void *out, size_t n);
void crypto_token(char out[TOKEN_TEXT_SIZE]);

/* Base64 with or without padding, standard or URL alphabet, white space ignored. Returns the number of bytes, or -1. `out` must hold
 * n * 3 / 4 + 3 bytes. */
long crypto_base64_decode(const char *text, size_t n, uint8_t *out);
void crypto_base64_encode(const void *data, size_t n, char *out); /* out: (n+2)/3*4+1 bytes */
void crypto_hex(const void *data, size_t n, char *out);           /* out: 2n+1 bytes */
bool crypto_unhex(const char *text, uint8_t *out, size_t n);      /* exactly 2n hex digits */

/* Passwords: argon2id with libsodium's "interactive" limits (64 MiB, about 0.1 s). */
#define PASSWORD_HASH_SIZE 128
bool crypto_password_hash(const char *password, char out[PASSWORD_HASH_SIZE]);
bool crypto_password_verify(const char *hash, const char *password);

/* Sealing: XSalsa20-Poly1305 (secretbox), the nonce in front. */
#define SEAL_OVERHEAD 40
void crypto_seal(const uint8_t key[SECRET_KEY_SIZE], const void *data, size_t n, uint8_t *out); /* n + SEAL_OVERHEAD */
bool crypto_unseal(const uint8_t key[SECRET_KEY_SIZE], const uint8_t *sealed, size_t n,
                   void *out); /* n - SEAL_OVERHEAD */
