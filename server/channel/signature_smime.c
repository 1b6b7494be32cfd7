#include "channel/signature_smime.h"

#include "channel/channel.h"
#include "channel/kit.h"
#include "channel/mime_signed.h"

#include "base/crypto.h"
#include "base/text.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <time.h>

#define CMS_SIGNERS_MAX 10
#define CMS_CERTIFICATES_MAX 50
#define CHAIN_MAX 5              /* authorities between a certificate and one that is known */
#define CHAIN_LEVEL 1            /* of OpenSSL: no certificate by MD5 or SHA-1 */
#define STRONG_BITS 112          /* NIST SP 800-57: RSA with 2048 bits */
#define NEVER_MS 253402300799000 /* RFC 5280 §4.1.2.5: 99991231235959Z is no end */
#define READ_SIZE 16384

/* ---- certificates --------------------------------------------------------------------------------------------------- */

static X509 *certificate_of(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    return x;
}

static bool time_in_ms(const ASN1_TIME *at, int64_t *ret)
{
    struct tm tm;
    if (!ASN1_TIME_to_tm(at, &tm))
        return false;
    *ret = (int64_t)timegm(&tm) * 1000;
    return true;
}

static bool holds_at(const X509 *x, int64_t at)
{
    int64_t from, until;
    return time_in_ms(X509_get0_notBefore(x), &from) && time_in_ms(X509_get0_notAfter(x), &until) && from <= at &&
           at <= until;
}

/* subjectAltName rfc822Name, and emailAddress in the subject. */
static struct list addresses_in(struct arena *a, X509 *x)
{
    struct list all = {0};
    STACK_OF(OPENSSL_STRING) *found = X509_get1_email(x);
    for (int i = 0; i < sk_OPENSSL_STRING_num(found) && all.n < SIGNER_ADDRESSES_MAX; i++) {
        const char *text = sk_OPENSSL_STRING_value(found, i);
        const char *address = identity_normalise(a, IDENTITY_EMAIL, utf8_clean(a, text, strlen(text), 0), NULL);
        if (address)
            *(const char **)list_grow(a, &all, sizeof(address)) = address;
    }
    X509_email_free(found);
    return all;
}

/* What it calls its owner: the common name, or an address, or all of the subject. */
static const char *certificate_owner(struct arena *a, X509 *x)
{
    char text[PERSON_NAME_MAX * 4] = "";
    struct list addresses = addresses_in(a, x);
    X509_NAME *subject = X509_get_subject_name(x);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    ASN1_STRING *name = at >= 0 ? X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)) : NULL;
    unsigned char *utf8 = NULL;
    int n = name ? ASN1_STRING_to_UTF8(&utf8, name) : -1;
    const char *said = n > 0 ? line_cut(a, utf8_clean(a, (char *)utf8, (size_t)n, 0), PERSON_NAME_MAX) : NULL;
    OPENSSL_free(utf8);
    if (!said && addresses.n)
        said = *(const char **)addresses.items;
    if (!said && X509_NAME_oneline(subject, text, sizeof(text)))
        said = line_cut(a, utf8_clean(a, text, strlen(text), 0), PERSON_NAME_MAX);
    return said ? said : "?";
}

static const char *fingerprint_of(struct arena *a, const X509 *x)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
    unsigned n = 0;
    if (X509_digest(x, EVP_sha256(), digest, &n))
        crypto_hex(digest, n, hex);
    return arena_strdup(a, hex);
}

void smime_signer_read(struct arena *a, const char *pem, struct signer_facts *ret)
{
    X509 *x = certificate_of(pem);
    int64_t from, until;
    if (x && time_in_ms(X509_get0_notBefore(x), &from) && time_in_ms(X509_get0_notAfter(x), &until) &&
        X509_get0_pubkey(x)) {
        bool authority = X509_check_ca(x) > 0;
        bool signs = authority || !(X509_get_extension_flags(x) & EXFLAG_KUSAGE) ||
                     (X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION));
        *ret = (struct signer_facts){.fault = signs ? SIGNER_FINE : SIGNER_NO_SIGNER,
                                     .kind = authority ? MAIL_KEY_AUTHORITY : MAIL_KEY_SMIME,
                                     .name = certificate_owner(a, x),
                                     .fingerprint = fingerprint_of(a, x),
                                     .expires_at = until >= NEVER_MS ? 0 : until,
                                     .addresses = authority ? (struct list){0} : addresses_in(a, x)};
    }
    X509_free(x);
}

/* ---- who has signed ------------------------------------------------------------------------------------------------- */

struct smime {
    struct arena *arena;
    const struct signature_case *c;
    CMS_ContentInfo *cms;
    STACK_OF(X509) * brought; /* that the signature brings along */
    X509 *known[SIGNERS_MAX]; /* of each signer of the case; NULL: it is no certificate */
    X509_STORE *authorities;  /* NULL: none is known */
};

/* Who one of the signatures is by, as far as that is known. */
struct smime_by {
    X509 *certificate; /* NULL: by nobody who is known */
    const char *name;
    bool speaks, in_time;
};

static void open_signers(struct smime *s)
{
    const struct signer *items = s->c->signers->items;
    for (size_t i = 0; i < s->c->signers->n && i < SIGNERS_MAX; i++) {
        s->known[i] = items[i].kind == MAIL_KEY_PGP ? NULL : certificate_of(items[i].material);
        if (!s->known[i] || items[i].kind != MAIL_KEY_AUTHORITY)
            continue;
        s->authorities = s->authorities ? s->authorities : X509_STORE_new();
        X509_STORE_add_cert(s->authorities, s->known[i]);
    }
}

static void close_signers(struct smime *s)
{
    for (size_t i = 0; i < SIGNERS_MAX; i++)
        X509_free(s->known[i]);
    X509_STORE_free(s->authorities);
    sk_X509_pop_free(s->brought, X509_free);
    CMS_ContentInfo_free(s->cms);
}

static bool find_listed(const struct smime *s, CMS_SignerInfo *one, struct smime_by *ret)
{
    const struct signer *items = s->c->signers->items;
    for (size_t i = 0; i < s->c->signers->n && i < SIGNERS_MAX; i++) {
        if (!s->known[i] || items[i].kind != MAIL_KEY_SMIME || CMS_SignerInfo_cert_cmp(one, s->known[i]) != 0)
            continue;
        *ret = (struct smime_by){.certificate = s->known[i],
                                 .name = items[i].label,
                                 .speaks = signer_speaks(&items[i], s->c->from),
                                 .in_time = holds_at(s->known[i], s->c->at)};
        return true;
    }
    return false;
}

/* Whether an authority that is known stands behind it, whenever that was; *ret_in_time: and all between them held when the mail was
 * written. */
static bool is_issued(const struct smime *s, X509 *x, bool *ret_in_time)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    bool issued = false;
    if (context && X509_STORE_CTX_init(context, s->authorities, x, s->brought)) {
        X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param(context);
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
        X509_VERIFY_PARAM_set_depth(rules, CHAIN_MAX);
        X509_VERIFY_PARAM_set_auth_level(rules, CHAIN_LEVEL);
        X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SMIME_SIGN);
        issued = X509_verify_cert(context) == 1;
        STACK_OF(X509) *chain = issued ? X509_STORE_CTX_get0_chain(context) : NULL;
        *ret_in_time = issued;
        for (int i = 0; i < sk_X509_num(chain); i++)
            *ret_in_time = *ret_in_time && holds_at(sk_X509_value(chain, i), s->c->at);
    }
    X509_STORE_CTX_free(context);
    return issued;
}

static bool names_address(struct arena *a, X509 *x, const char *address)
{
    struct list all = addresses_in(a, x);
    for (size_t i = 0; address && i < all.n; i++)
        if (strcmp(((const char **)all.items)[i], address) == 0)
            return true;
    return false;
}

static bool find_issued(const struct smime *s, CMS_SignerInfo *one, struct smime_by *ret)
{
    for (int i = 0; s->authorities && i < sk_X509_num(s->brought); i++) {
        X509 *x = sk_X509_value(s->brought, i);
        bool in_time;
        if (CMS_SignerInfo_cert_cmp(one, x) != 0 || !is_issued(s, x, &in_time))
            continue;
        *ret = (struct smime_by){.certificate = x,
                                 .name = certificate_owner(s->arena, x),
                                 .speaks = names_address(s->arena, x, s->c->from),
                                 .in_time = in_time};
        return true;
    }
    return false;
}

/* ---- does it hold --------------------------------------------------------------------------------------------------- */

static bool is_strong(CMS_SignerInfo *one, X509 *x)
{
    X509_ALGOR *digest = NULL;
    const ASN1_OBJECT *name = NULL;
    CMS_SignerInfo_get0_algs(one, NULL, NULL, &digest, NULL);
    X509_ALGOR_get0(&name, NULL, NULL, digest);
    const EVP_MD *md = name ? EVP_get_digestbyobj(name) : NULL;
    bool forgeable = !md || EVP_MD_get_size(md) < SHA256_SIZE - 4; /* SHA-224 is the shortest that is not */
    return !forgeable && EVP_PKEY_get_security_bits(X509_get0_pubkey(x)) >= STRONG_BITS;
}

/* The digests of what is signed; to be freed. NULL: there is nothing. */
static BIO *digest_content(const struct smime *s)
{
    static char passed[READ_SIZE]; /* a process has one thread */
    BIO *content = NULL;
    if (s->c->what->how == SIGNED_SMIME) {
        struct mime_bytes lines = mime_signed_lines(s->arena, s->c->what->content);
        content = lines.n <= INT_MAX ? BIO_new_mem_buf(lines.at, (int)lines.n) : NULL;
        if (!content)
            return NULL;
    }
    BIO *digests = CMS_dataInit(s->cms, content);
    while (digests && BIO_read(digests, passed, sizeof(passed)) > 0)
        ;
    if (!digests)
        BIO_free(content);
    return digests;
}

static bool holds(CMS_SignerInfo *one, X509 *x, BIO *digests)
{
    CMS_SignerInfo_set1_signer_cert(one, x);
    if (CMS_signed_get_attr_count(one) >= 0 && CMS_SignerInfo_verify(one) <= 0)
        return false;
    return CMS_SignerInfo_verify_content(one, digests) > 0;
}

static void judge_signers(struct smime *s, struct signature *best)
{
    STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(s->cms);
    BIO *digests = NULL;
    for (int i = 0; i < sk_CMS_SignerInfo_num(all); i++) {
        CMS_SignerInfo *one = sk_CMS_SignerInfo_value(all, i);
        struct smime_by by;
        if (!find_listed(s, one, &by) && !find_issued(s, one, &by))
            continue;
        digests = digests ? digests : digest_content(s);
        if (digests && holds(one, by.certificate, digests))
            signature_add(best, signature_holds(by.speaks, by.in_time, is_strong(one, by.certificate)), by.name);
        else
            signature_add(best, SIGNATURE_INVALID, by.name);
    }
    BIO_free_all(digests);
}

static bool is_bounded(struct smime *s)
{
    s->brought = CMS_get1_certs(s->cms);
    return sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(s->cms)) <= CMS_SIGNERS_MAX &&
           sk_X509_num(s->brought) <= CMS_CERTIFICATES_MAX;
}

void smime_verify(struct arena *a, const struct signature_case *c, struct signature *best)
{
    struct smime s = {.arena = a, .c = c};
    const unsigned char *der = (const unsigned char *)c->what->signature.at;
    if (c->what->signature.n <= LONG_MAX)
        s.cms = d2i_CMS_ContentInfo(NULL, &der, (long)c->what->signature.n);
    if (s.cms && OBJ_obj2nid(CMS_get0_type(s.cms)) == NID_pkcs7_signed && is_bounded(&s)) {
        open_signers(&s);
        judge_signers(&s, best);
    }
    close_signers(&s);
}

void smime_init(void)
{
    X509_STORE_free(X509_STORE_new());
    EVP_MD_free(EVP_MD_fetch(NULL, "SHA256", NULL));
}
