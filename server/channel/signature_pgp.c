#include "channel/signature_pgp.h"

#include "channel/channel.h"
#include "channel/kit.h"
#include "channel/mime_signed.h"

#include "base/text.h"

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>
#include <stdio.h>

#define PGP_SIGNATURES_MAX 10
#define PGP_USERS_MAX 100
#define PGP_STRONG_BITS 2048 /* of keys without a curve */

/* ---- the library ---------------------------------------------------------------------------------------------------- */

/* As Debian builds it, the library tells standard error of whatever it meets in strangers' bytes, which is the server's log. */
static FILE *nowhere, *before;

static void hush(bool yes)
{
    if (!nowhere)
        return;
    if (yes)
        before = stderr;
    stderr = yes ? nowhere : before;
}

/* Signatures by SHA-1 and MD5 are verified, to be told from changed ones; of keys the library's own rules hold. */
static rnp_ffi_t open_library(void)
{
    static const char *const FORGEABLE[] = {"MD5", "SHA1", "RIPEMD160"};
    rnp_ffi_t ffi = NULL;
    hush(true);
    if (rnp_ffi_create(&ffi, RNP_KEYSTORE_GPG, RNP_KEYSTORE_GPG) != RNP_SUCCESS)
        abort(); /* the process is one for strangers' bytes, and no use without it */
    for (size_t i = 0; i < COUNT_OF(FORGEABLE); i++)
        rnp_add_security_rule(ffi, RNP_FEATURE_HASH_ALG, FORGEABLE[i], RNP_SECURITY_OVERRIDE | RNP_SECURITY_VERIFY_DATA,
                              0, RNP_SECURITY_DEFAULT);
    return ffi;
}

static void close_library(rnp_ffi_t ffi)
{
    rnp_ffi_destroy(ffi);
    hush(false);
}

void pgp_init(void)
{
    nowhere = stdout; /* of a process of parser/ that is /dev/null */
    close_library(open_library());
}

static void load_key(rnp_ffi_t ffi, const char *armour)
{
    rnp_input_t input = NULL;
    if (rnp_input_from_memory(&input, (const uint8_t *)armour, strlen(armour), false) == RNP_SUCCESS)
        rnp_import_keys(ffi, input, RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_PERMISSIVE, NULL);
    rnp_input_destroy(input);
}

/* A text of the library's, in the arena and freed there. */
static const char *taken(struct arena *a, rnp_result_t result, char **text)
{
    const char *copy = result == RNP_SUCCESS && *text ? utf8_clean(a, *text, strlen(*text), 0) : NULL;
    rnp_buffer_destroy(*text);
    return copy;
}

static const char *fingerprint_of_primary(struct arena *a, rnp_key_handle_t key)
{
    char *text = NULL;
    bool primary = false;
    rnp_key_is_primary(key, &primary);
    const char *hex = primary ? taken(a, rnp_key_get_fprint(key, &text), &text)
                              : taken(a, rnp_key_get_primary_fprint(key, &text), &text);
    return hex ? text_lower_ascii(a, hex) : NULL;
}

/* ---- a key that is to be added -------------------------------------------------------------------------------------- */

static void add_user(struct arena *a, rnp_uid_handle_t user, struct signer_facts *ret)
{
    uint32_t type = 0;
    bool valid = false;
    void *data = NULL;
    size_t n = 0;
    if (rnp_uid_get_type(user, &type) != RNP_SUCCESS || type != RNP_USER_ID ||
        rnp_uid_is_valid(user, &valid) != RNP_SUCCESS || !valid || rnp_uid_get_data(user, &data, &n) != RNP_SUCCESS)
        return;
    const char *text = utf8_clean(a, data, n, 0);
    const char *address = identity_normalise(a, IDENTITY_EMAIL, text, NULL);
    rnp_buffer_destroy(data);
    ret->name = ret->name ? ret->name : line_cut(a, text, PERSON_NAME_MAX);
    if (address && ret->addresses.n < SIGNER_ADDRESSES_MAX)
        *(const char **)list_grow(a, &ret->addresses, sizeof(address)) = address;
}

static void add_users(struct arena *a, rnp_key_handle_t key, struct signer_facts *ret)
{
    size_t n = 0;
    rnp_key_get_uid_count(key, &n);
    for (size_t i = 0; i < n && i < PGP_USERS_MAX; i++) {
        rnp_uid_handle_t user = NULL;
        if (rnp_key_get_uid_handle_at(key, i, &user) == RNP_SUCCESS)
            add_user(a, user, ret);
        rnp_uid_handle_destroy(user);
    }
}

static bool may_sign(rnp_key_handle_t key)
{
    bool may = false;
    return rnp_key_allows_usage(key, "sign", &may) == RNP_SUCCESS && may;
}

static bool has_signing(rnp_key_handle_t key)
{
    size_t n = 0;
    bool found = may_sign(key);
    rnp_key_get_subkey_count(key, &n);
    for (size_t i = 0; i < n && !found; i++) {
        rnp_key_handle_t sub = NULL;
        found = rnp_key_get_subkey_at(key, i, &sub) == RNP_SUCCESS && may_sign(sub);
        rnp_key_handle_destroy(sub);
    }
    return found;
}

static void read_primary(struct arena *a, rnp_key_handle_t key, struct signer_facts *ret)
{
    bool revoked = false, secret = false;
    uint64_t until = 0;
    rnp_key_have_secret(key, &secret);
    rnp_key_is_revoked(key, &revoked);
    rnp_key_valid_till64(key, &until);
    *ret = (struct signer_facts){.kind = MAIL_KEY_PGP, .fingerprint = fingerprint_of_primary(a, key)};
    ret->expires_at = until == UINT64_MAX || until > INT64_MAX / 1000 ? 0 : (int64_t)until * 1000;
    add_users(a, key, ret);
    ret->name = ret->name ? ret->name : ret->fingerprint;
    ret->fault = secret              ? SIGNER_SECRET
                 : revoked           ? SIGNER_REVOKED
                 : !ret->fingerprint ? SIGNER_NO_KEY
                 : has_signing(key)  ? SIGNER_FINE
                                     : SIGNER_NO_SIGNER;
}

void pgp_signer_read(struct arena *a, const char *armour, struct signer_facts *ret)
{
    rnp_ffi_t ffi = open_library();
    rnp_identifier_iterator_t all = NULL;
    const char *grip = NULL;
    size_t primaries = 0;
    load_key(ffi, armour);
    if (rnp_identifier_iterator_create(ffi, &all, "fingerprint") == RNP_SUCCESS) {
        while (primaries < 2 && rnp_identifier_iterator_next(all, &grip) == RNP_SUCCESS && grip) {
            rnp_key_handle_t key = NULL;
            bool primary = false;
            if (rnp_locate_key(ffi, "fingerprint", grip, &key) == RNP_SUCCESS && key)
                rnp_key_is_primary(key, &primary);
            if (primary && primaries++ == 0)
                read_primary(a, key, ret);
            rnp_key_handle_destroy(key);
        }
    }
    if (primaries > 1)
        *ret = (struct signer_facts){.fault = SIGNER_SEVERAL};
    rnp_identifier_iterator_destroy(all);
    close_library(ffi);
}

/* ---- verifying ------------------------------------------------------------------------------------------------------ */

static const struct signer *signer_by(const struct list *signers, const char *fingerprint)
{
    const struct signer *items = signers->items;
    for (size_t i = 0; fingerprint && i < signers->n; i++)
        if (items[i].kind == MAIL_KEY_PGP && strcmp(items[i].fingerprint, fingerprint) == 0)
            return &items[i];
    return NULL;
}

static bool is_strong_key(struct arena *a, rnp_key_handle_t key)
{
    char *text = NULL;
    uint32_t bits = 0;
    const char *curve = taken(a, rnp_key_get_curve(key, &text), &text);
    rnp_key_get_bits(key, &bits);
    return curve || bits >= PGP_STRONG_BITS;
}

static bool is_strong_hash(struct arena *a, rnp_op_verify_signature_t one)
{
    char *text = NULL;
    const char *hash = taken(a, rnp_op_verify_signature_get_hash(one, &text), &text);
    return hash && strncmp(hash, "SHA", 3) == 0 && strcmp(hash, "SHA1") != 0;
}

/* Whether the key held when it signed. Of one that did not the library does not say whether anything was changed. */
static bool held_then(rnp_key_handle_t key, rnp_op_verify_signature_t one)
{
    uint32_t made = 0, expires = 0;
    uint64_t until = 0;
    rnp_op_verify_signature_get_times(one, &made, &expires);
    return rnp_key_valid_till64(key, &until) == RNP_SUCCESS && made <= until;
}

static void judge_one(struct arena *a, const struct signature_case *c, rnp_op_verify_signature_t one,
                      struct signature *best)
{
    rnp_key_handle_t key = NULL;
    rnp_result_t status = rnp_op_verify_signature_get_status(one);
    if (rnp_op_verify_signature_get_key(one, &key) != RNP_SUCCESS || !key)
        return;
    const struct signer *by = signer_by(c->signers, fingerprint_of_primary(a, key));
    bool in_time = held_then(key, one) && status != RNP_ERROR_SIGNATURE_EXPIRED;
    bool fine = status == RNP_SUCCESS || status == RNP_ERROR_SIGNATURE_EXPIRED;
    if (by && fine)
        signature_add(
            best, signature_holds(signer_speaks(by, c->from), in_time, is_strong_hash(a, one) && is_strong_key(a, key)),
            by->label);
    else if (by && status == RNP_ERROR_SIGNATURE_INVALID)
        signature_add(best, in_time ? SIGNATURE_INVALID : SIGNATURE_EXPIRED, by->label);
    rnp_key_handle_destroy(key);
}

static void judge_all(struct arena *a, const struct signature_case *c, rnp_op_verify_t op, struct signature *best)
{
    size_t n = 0;
    rnp_op_verify_execute(op); /* says whether all hold */
    rnp_op_verify_get_signature_count(op, &n);
    for (size_t i = 0; i < n && n <= PGP_SIGNATURES_MAX; i++) {
        rnp_op_verify_signature_t one = NULL;
        if (rnp_op_verify_get_signature_at(op, i, &one) == RNP_SUCCESS)
            judge_one(a, c, one, best);
    }
}

static bool input_of(rnp_input_t *input, struct mime_bytes bytes)
{
    return rnp_input_from_memory(input, (const uint8_t *)bytes.at, bytes.n, false) == RNP_SUCCESS;
}

static void verify_beside(struct arena *a, rnp_ffi_t ffi, const struct signature_case *c, struct signature *best)
{
    rnp_input_t content = NULL, signature = NULL;
    rnp_op_verify_t op = NULL;
    if (input_of(&content, mime_signed_lines(a, c->what->content)) && input_of(&signature, c->what->signature) &&
        rnp_op_verify_detached_create(&op, ffi, content, signature) == RNP_SUCCESS)
        judge_all(a, c, op, best);
    rnp_op_verify_destroy(op);
    rnp_input_destroy(content);
    rnp_input_destroy(signature);
}

static void verify_text(struct arena *a, rnp_ffi_t ffi, const struct signature_case *c, struct signature *best)
{
    rnp_input_t input = NULL;
    rnp_output_t none = NULL;
    rnp_op_verify_t op = NULL;
    if (input_of(&input, c->what->signature) && rnp_output_to_null(&none) == RNP_SUCCESS &&
        rnp_op_verify_create(&op, ffi, input, none) == RNP_SUCCESS)
        judge_all(a, c, op, best);
    rnp_op_verify_destroy(op);
    rnp_input_destroy(input);
    rnp_output_destroy(none);
}

void pgp_verify(struct arena *a, const struct signature_case *c, struct signature *best)
{
    const struct signer *items = c->signers->items;
    rnp_ffi_t ffi = open_library();
    for (size_t i = 0; i < c->signers->n && i < SIGNERS_MAX; i++)
        if (items[i].kind == MAIL_KEY_PGP)
            load_key(ffi, items[i].material);
    if (c->what->how == SIGNED_PGP)
        verify_beside(a, ffi, c, best);
    else
        verify_text(a, ffi, c, best);
    close_library(ffi);
}
