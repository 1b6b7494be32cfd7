/* What signatures on mail are worth by the keys that are known, and which keys are taken. The mails are signed by OpenSSL and GnuPG:
 * tests/data/signed/make.ts. */
#include "arena_kit.h"
#include "channel_kit.h"

#include "apart/sandbox.h"
#include "channel/mail_signature.h"
#include "channel/mime_secure.h"
#include "channel/mime_signed.h"
#include "channel/signature_pgp.h"
#include "channel/signature_smime.h"
#include "channel/signer_read.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <rnp/rnp.h>
#include <rnp/rnp_err.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MONTH_MS (30 * 86400000LL)

static char *signed_file(const char *name, size_t *ret_n)
{
    return test_data(arena, arena_printf(arena, "../../data/signed/%s", name), ret_n);
}

static struct list signers;

/* Knows the keys of these files, up to NULL. */
static void know(const char *name, ...)
{
    va_list ap;
    signers = (struct list){0};
    va_start(ap, name);
    for (; name; name = va_arg(ap, const char *)) {
        size_t n;
        const char *text = signed_file(name, &n);
        struct signer_facts facts;
        signer_read(arena, text, &facts);
        assert_int_equal(facts.fault, SIGNER_FINE);
        *(struct signer *)list_grow(arena, &signers, sizeof(struct signer)) =
            (struct signer){facts.kind, name, facts.fingerprint, text, facts.addresses};
    }
    va_end(ap);
}

static struct signature of_bytes(const char *raw, size_t n)
{
    struct mime_mail mail;
    mime_parse(raw, n, arena, &mail);
    return mail_signature(arena, &mail, &signers, RECEIVED_AT + MONTH_MS);
}

static void expect(struct signature is, enum signature_state state, const char *by)
{
    assert_string_equal(SIGNATURE_STATE_NAMES[is.state], SIGNATURE_STATE_NAMES[state]);
    if (by)
        assert_string_equal(is.by, by);
    else
        assert_null(is.by);
}

static void expect_file(const char *name, enum signature_state state, const char *by)
{
    size_t n;
    const char *raw = signed_file(name, &n);
    expect(of_bytes(raw, n), state, by);
}

/* The file with the first `from` made `to`. */
static struct signature of_changed(const char *name, const char *from, const char *to)
{
    size_t n;
    char *raw = signed_file(name, &n), *at = strstr(raw, from);
    assert_non_null(at);
    const char *changed = arena_printf(arena, "%.*s%s%s", (int)(at - raw), raw, to, at + strlen(from));
    return of_bytes(changed, strlen(changed));
}

static void test_smime_is_verified(void **state)
{
    (void)state;
    know("ann.pem", NULL);
    expect_file("smime.eml", SIGNATURE_VALID, "ann.pem");
    expect_file("smime-around.eml", SIGNATURE_VALID, "ann.pem");
    expect(of_changed("smime.eml", "order 1042", "order 1043"), SIGNATURE_INVALID, "ann.pem");
    expect(of_changed("smime.eml", "From: Ann <ann@", "From: Ann <eve@"), SIGNATURE_OTHER, "ann.pem");
    expect(of_changed("smime.eml", "From: Ann <ann@", "From: Ann <ANN@"), SIGNATURE_VALID, "ann.pem");
    expect_file("smime-sha1.eml", SIGNATURE_WEAK, "ann.pem");
    expect_file("smime-two.eml", SIGNATURE_VALID, "ann.pem");
    know("short.pem", NULL);
    expect_file("smime-short.eml", SIGNATURE_WEAK, "short.pem");
    know("old.pem", NULL);
    expect_file("smime-old.eml", SIGNATURE_EXPIRED, "old.pem");
}

/* One byte of what is signed within is another. */
static void test_a_changed_byte_within_is_found(void **state)
{
    (void)state;
    size_t n;
    const char *raw = signed_file("smime-around.eml", &n), *body = strstr(raw, "\r\n\r\n") + 4;
    size_t len = n - (size_t)(body - raw);
    uint8_t *der = arena_alloc(arena, len + 3);
    long m = crypto_base64_decode(body, len, der);
    uint8_t *word = memmem(der, (size_t)m, "1042", 4);
    assert_non_null(word);
    word[3] = '3';
    char *text = arena_alloc(arena, 2 * len);
    crypto_base64_encode(der, (size_t)m, text);
    const char *changed = arena_printf(arena, "%.*s%s\r\n", (int)(body - raw), raw, text);
    know("ann.pem", NULL);
    expect(of_bytes(changed, strlen(changed)), SIGNATURE_INVALID, "ann.pem");
}

static void test_an_authority_vouches_for_whom_it_has_issued(void **state)
{
    (void)state;
    know("authority.pem", NULL);
    expect_file("smime.eml", SIGNATURE_VALID, "ann");
    expect_file("smime-around.eml", SIGNATURE_VALID, "ann");
    expect_file("smime-old.eml", SIGNATURE_EXPIRED, "old");
    expect_file("smime-short.eml", SIGNATURE_WEAK, "short");
    expect(of_changed("smime.eml", "order 1042", "order 1043"), SIGNATURE_INVALID, "ann");
    expect(of_changed("smime.eml", "From: Ann <ann@", "From: Ann <eve@"), SIGNATURE_OTHER, "ann");
    expect_file("smime-bob.eml", SIGNATURE_UNKNOWN, NULL);    /* he has issued his himself */
    expect_file("smime-server.eml", SIGNATURE_UNKNOWN, NULL); /* that is for a server, not for mail */
    know("bob.pem", NULL);
    expect_file("smime-bob.eml", SIGNATURE_OTHER, "bob.pem");
    expect_file("smime.eml", SIGNATURE_UNKNOWN, NULL);
}

static void test_pgp_is_verified(void **state)
{
    (void)state;
    know("ann-pgp.asc", "bob.asc", "short-pgp.asc", "old-pgp.asc", NULL);
    expect_file("pgp.eml", SIGNATURE_VALID, "ann-pgp.asc");
    expect_file("pgp-text.eml", SIGNATURE_VALID, "ann-pgp.asc");
    expect(of_changed("pgp.eml", "order 1042", "order 1043"), SIGNATURE_INVALID, "ann-pgp.asc");
    expect(of_changed("pgp-text.eml", "order 1042", "order 1043"), SIGNATURE_INVALID, "ann-pgp.asc");
    expect(of_changed("pgp.eml", "From: Ann <ann@", "From: Ann <eve@"), SIGNATURE_OTHER, "ann-pgp.asc");
    expect(of_changed("pgp-text.eml", "From: Ann <ann@", "From: Ann <eve@"), SIGNATURE_OTHER, "ann-pgp.asc");
    expect_file("pgp-bob.eml", SIGNATURE_OTHER, "bob.asc");
    expect(of_changed("pgp-bob.eml", "From: Ann <ann@", "From: Bob <bob@"), SIGNATURE_VALID, "bob.asc");
    expect(of_changed("pgp-sha1.eml", "From: Ann <ann@", "From: Bob <bob@"), SIGNATURE_WEAK, "bob.asc");
    expect_file("pgp-short.eml", SIGNATURE_WEAK, "short-pgp.asc");
    expect_file("pgp-old.eml", SIGNATURE_EXPIRED, "old-pgp.asc");
    know("bob.asc", NULL);
    expect_file("pgp.eml", SIGNATURE_UNKNOWN, NULL);
    expect_file("pgp-text.eml", SIGNATURE_UNKNOWN, NULL);
}

static void test_without_keys_nobody_is_known(void **state)
{
    (void)state;
    know(NULL);
    expect_file("smime.eml", SIGNATURE_UNKNOWN, NULL);
    expect_file("pgp-text.eml", SIGNATURE_UNKNOWN, NULL);
    expect(of_bytes("From: a@b.example\r\n\r\nHello", 26), SIGNATURE_NONE, NULL);
}

/* A pipe of a mail server gives lines without CR. */
static void test_line_breaks_do_not_count(void **state)
{
    (void)state;
    const char *const FILES[] = {"smime.eml", "pgp.eml", "pgp-text.eml"};
    know("ann.pem", "ann-pgp.asc", NULL);
    for (size_t i = 0; i < COUNT_OF(FILES); i++) {
        size_t n, m = 0;
        char *raw = signed_file(FILES[i], &n);
        for (size_t k = 0; k < n; k++)
            if (raw[k] != '\r')
                raw[m++] = raw[k];
        assert_int_equal(of_bytes(raw, m).state, SIGNATURE_VALID);
    }
}

/* What no signature covers must not stand under its mark. */
static void test_a_part_is_not_the_mail(void **state)
{
    (void)state;
    know("ann.pem", "ann-pgp.asc", NULL);
    /* a part behind the signature */
    expect(of_changed("smime.eml", "--b1--", "--b1\r\nContent-Type: text/plain\r\n\r\nand pay Eve\r\n--b1--"),
           SIGNATURE_PARTIAL, NULL);
    /* the signed one within another, as lists do */
    size_t n;
    const char *raw = signed_file("smime.eml", &n), *type = strstr(raw, "Content-Type: multipart/signed");
    const char *wrapped = arena_printf(arena,
                                       "From: ann@customer.example\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
                                       "--m\r\n%s\r\n--m\r\nContent-Type: text/plain\r\n\r\nfooter\r\n--m--\r\n",
                                       type);
    expect(of_bytes(wrapped, strlen(wrapped)), SIGNATURE_PARTIAL, NULL);
    /* words before, behind and within the armour */
    expect(of_changed("pgp-text.eml", "-----END PGP SIGNATURE-----", "-----END PGP SIGNATURE-----\r\nand pay Eve"),
           SIGNATURE_PARTIAL, NULL);
    expect(of_changed("pgp-text.eml", "Hash: SHA256", "Hash: SHA256\r\nComment: pay Eve"), SIGNATURE_PARTIAL, NULL);
    expect(of_changed("pgp-text.eml", "Hash: SHA256", "Hash: SHA256 (pay Eve)"), SIGNATURE_PARTIAL, NULL);
    /* the signature of one kind under the name of another */
    expect(
        of_changed("smime.eml", "Content-Type: application/pkcs7-signature", "Content-Type: application/pgp-signature"),
        SIGNATURE_PARTIAL, NULL);
}

static void test_bytes_that_are_signed(void **state)
{
    (void)state;
    size_t n;
    const char *raw = signed_file("smime.eml", &n);
    struct mime_mail mail;
    mime_parse(raw, n, arena, &mail);
    assert_int_equal(mail.signed_all.how, SIGNED_SMIME);
    struct mime_bytes content = mail.signed_all.content;
    assert_memory_equal(content.at, "Content-Type: text/plain", 24);
    assert_memory_equal(content.at + content.n - 5, "Ann\r\n", 5);
    assert_memory_equal(content.at + content.n, "\r\n--b1\r\n", 8);
}

/* ---- keys ---- */

static struct signer_facts facts_of(const char *text)
{
    struct signer_facts facts;
    signer_read(arena, text, &facts);
    return facts;
}

static void test_keys_say_whom_they_are_for(void **state)
{
    (void)state;
    size_t n;
    struct signer_facts ann = facts_of(signed_file("ann.pem", &n)), ca = facts_of(signed_file("authority.pem", &n)),
                        pgp = facts_of(signed_file("ann-pgp.asc", &n)), old = facts_of(signed_file("old-pgp.asc", &n));
    assert_int_equal(ann.kind, MAIL_KEY_SMIME);
    assert_string_equal(ann.name, "ann");
    assert_int_equal(ann.addresses.n, 1);
    assert_string_equal(*(const char **)ann.addresses.items, "ann@customer.example");
    assert_int_equal(strlen(ann.fingerprint), 64);
    assert_int_equal(ann.expires_at, 4733510400000); /* 2120-01-01 */
    assert_int_equal(ca.kind, MAIL_KEY_AUTHORITY);
    assert_int_equal(ca.addresses.n, 0);
    assert_int_equal(pgp.kind, MAIL_KEY_PGP);
    assert_string_equal(pgp.name, "ann-pgp <Ann@customer.example>");
    assert_string_equal(*(const char **)pgp.addresses.items, "ann@customer.example");
    assert_int_equal(strlen(pgp.fingerprint), 40);
    assert_int_equal(pgp.expires_at, 0);
    assert_int_equal(old.fault, SIGNER_FINE);
    assert_int_equal(old.addresses.n, 1);
    assert_true(old.expires_at > 0 && old.expires_at < RECEIVED_AT);
}

static void test_what_is_no_key_is_refused(void **state)
{
    (void)state;
    size_t n;
    const char *ann = signed_file("ann.pem", &n), *bob = signed_file("bob.pem", &n), *pgp = signed_file("bob.asc", &n);
    assert_int_equal(facts_of("").fault, SIGNER_NO_KEY);
    assert_int_equal(facts_of("hello").fault, SIGNER_NO_KEY);
    assert_int_equal(facts_of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").fault, SIGNER_NO_KEY);
    assert_int_equal(
        facts_of("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n").fault,
        SIGNER_NO_KEY);
    assert_int_equal(facts_of("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n").fault,
                     SIGNER_SECRET);
    assert_int_equal(facts_of("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n").fault, SIGNER_SECRET);
    assert_int_equal(facts_of(arena_printf(arena, "%s%s", ann, bob)).fault, SIGNER_SEVERAL);
    assert_int_equal(facts_of(arena_printf(arena, "%s%s", ann, pgp)).fault, SIGNER_SEVERAL);
    assert_int_equal(facts_of(arena_printf(arena, "words before\n%swords behind\n", ann)).fault, SIGNER_FINE);
}

/* ---- large and hostile ---- */

static double seconds_since(clock_t begun)
{
    return (double)(clock() - begun) / CLOCKS_PER_SEC;
}

/* A CMS SignedData as its own content, again and again; and one with more signers than are looked at. */
static void test_hostile_signatures_end_soon(void **state)
{
    (void)state;
    size_t n;
    clock_t begun = clock();
    const char *raw = signed_file("smime.eml", &n), *at = strstr(raw, "base64\r\n\r\n") + 10;
    know("ann.pem", "ann-pgp.asc", NULL);
    AUTO_BUF struct buf nested = {0};
    buf_add(&nested, raw, (size_t)(at - raw));
    for (int i = 0; i < 40000; i++) /* SEQUENCE of indefinite length in another */
        buf_puts(&nested, "MIAw");
    buf_puts(&nested, "\r\n--b1--\r\n");
    expect(of_bytes(nested.data, nested.len), SIGNATURE_UNKNOWN, NULL);
    AUTO_BUF struct buf large = {0};
    buf_add(&large, raw, (size_t)(at - raw));
    for (int i = 0; i < 100000; i++)
        buf_puts(&large, "MIIB");
    buf_puts(&large, "\r\n--b1--\r\n");
    expect(of_bytes(large.data, large.len), SIGNATURE_PARTIAL, NULL); /* larger than SIGNATURE_BYTES_MAX */
    assert_true(seconds_since(begun) < 20);
}

static CMS_ContentInfo *cms_by_many(EVP_PKEY *key, int count, BIO *content)
{
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, content, CMS_PARTIAL | CMS_BINARY | CMS_DETACHED);
    for (int i = 0; i < count; i++) {
        X509 *x = X509_new();
        ASN1_INTEGER_set(X509_get_serialNumber(x), i + 1);
        X509_gmtime_adj(X509_getm_notBefore(x), 0);
        X509_gmtime_adj(X509_getm_notAfter(x), 1000000);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)"x", -1, -1, 0);
        X509_set_issuer_name(x, X509_get_subject_name(x));
        X509_set_pubkey(x, key);
        X509_sign(x, key, EVP_sha256());
        assert_non_null(CMS_add1_signer(cms, x, key, EVP_sha256(), CMS_NOCERTS | CMS_NOSMIMECAP));
        X509_free(x);
    }
    assert_int_equal(CMS_final(cms, content, NULL, CMS_BINARY | CMS_DETACHED), 1);
    return cms;
}

static void test_many_signers_are_not_looked_at(void **state)
{
    (void)state;
    size_t n;
    const char *raw = signed_file("smime.eml", &n), *at = strstr(raw, "base64\r\n\r\n") + 10;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *content = BIO_new_mem_buf("x", 1);
    CMS_ContentInfo *cms = cms_by_many(key, 1000, content);
    unsigned char *der = NULL;
    int len = i2d_CMS_ContentInfo(cms, &der);
    assert_true(len > 0 && len < SIGNATURE_BYTES_MAX);
    char *text = arena_alloc(arena, 2 * (size_t)len);
    crypto_base64_encode(der, (size_t)len, text);
    const char *mail = arena_printf(arena, "%.*s%s\r\n--b1--\r\n", (int)(at - raw), raw, text);
    know("ann.pem", "authority.pem", NULL);
    clock_t begun = clock();
    expect(of_bytes(mail, strlen(mail)), SIGNATURE_UNKNOWN, NULL);
    assert_true(seconds_since(begun) < 5);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    EVP_PKEY_free(key);
}

/* The same by librnp: a key of its own over 25 MB. */
static void test_a_large_mail_by_pgp(void **state)
{
    (void)state;
    rnp_ffi_t ffi = NULL;
    rnp_op_generate_t make = NULL;
    rnp_op_sign_t sign = NULL;
    rnp_key_handle_t key = NULL;
    rnp_input_t input = NULL;
    rnp_output_t output = NULL;
    uint8_t *armour = NULL;
    size_t n = 0, size = 25000000;
    assert_int_equal(rnp_ffi_create(&ffi, "GPG", "GPG"), RNP_SUCCESS);
    assert_int_equal(rnp_op_generate_create(&make, ffi, "EDDSA"), RNP_SUCCESS);
    rnp_op_generate_set_userid(make, "Ann <ann@customer.example>");
    assert_int_equal(rnp_op_generate_execute(make), RNP_SUCCESS);
    assert_int_equal(rnp_op_generate_get_key(make, &key), RNP_SUCCESS);
    assert_int_equal(rnp_output_to_memory(&output, 0), RNP_SUCCESS);
    assert_int_equal(rnp_key_export(key, output, RNP_KEY_EXPORT_ARMORED | RNP_KEY_EXPORT_PUBLIC), RNP_SUCCESS);
    rnp_output_memory_get_buf(output, &armour, &n, false);
    const char *material = arena_strndup(arena, (char *)armour, n);
    rnp_output_destroy(output);

    char *words = malloc(size + 1);
    memset(words, 'x', size);
    memcpy(words, "Content-Type: text/plain\r\n\r\n", 28);
    for (size_t i = 100; i + 1 < size; i += 100)
        memcpy(words + i, "\r\n", 2);
    words[size] = '\0';
    rnp_input_from_memory(&input, (uint8_t *)words, size, false);
    rnp_output_to_memory(&output, 0);
    assert_int_equal(rnp_op_sign_detached_create(&sign, ffi, input, output), RNP_SUCCESS);
    rnp_op_sign_set_armor(sign, true);
    rnp_op_sign_set_hash(sign, "SHA256");
    rnp_op_sign_add_signature(sign, key, NULL);
    assert_int_equal(rnp_op_sign_execute(sign), RNP_SUCCESS);
    rnp_output_memory_get_buf(output, &armour, &n, false);

    struct signer_facts facts = facts_of(material);
    struct signer signer = {facts.kind, "large", facts.fingerprint, material, facts.addresses};
    struct mime_mail mail = {.secure = PGP_SIGNED,
                             .from = {.address = "ann@customer.example"},
                             .signed_all = {SIGNED_PGP, {words, size}, {(char *)armour, n}}};
    signers = (struct list){&signer, 1};
    clock_t begun = clock();
    expect(mail_signature(arena, &mail, &signers, clock_now()), SIGNATURE_VALID, "large");
    words[size / 2] = 'y';
    expect(mail_signature(arena, &mail, &signers, clock_now()), SIGNATURE_INVALID, "large");
    assert_true(seconds_since(begun) < 20);
    free(words);
    rnp_output_destroy(output);
    rnp_input_destroy(input);
    rnp_op_sign_destroy(sign);
    rnp_op_generate_destroy(make);
    rnp_key_handle_destroy(key);
    rnp_ffi_destroy(ffi);
}

/* ---- in the process that is for it ---- */

/* Both libraries, with the system calls alone that a process of parser/ has. */
static void test_libraries_work_without_rights(void **state)
{
    (void)state;
    static const char *const FILES[] = {"smime.eml", "smime-around.eml", "pgp.eml", "pgp-text.eml"};
    size_t n[COUNT_OF(FILES)];
    char *raw[COUNT_OF(FILES)];
    for (size_t i = 0; i < COUNT_OF(FILES); i++)
        raw[i] = signed_file(FILES[i], &n[i]);
    know("authority.pem", "ann-pgp.asc", NULL);
    const char *key = ((struct signer *)signers.items)[1].material;
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (!sandbox_filter(false))
            syscall(SYS_exit_group, 77);
        for (size_t i = 0; i < COUNT_OF(FILES); i++)
            if (of_bytes(raw[i], n[i]).state != SIGNATURE_VALID)
                syscall(SYS_exit_group, 1 + (int)i);
        syscall(SYS_exit_group, facts_of(key).fault == SIGNER_FINE ? 0 : 50); /* a sanitizer would ask for more first */
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77); /* a kernel without seccomp */
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test_setup_teardown(test_smime_is_verified, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_changed_byte_within_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_authority_vouches_for_whom_it_has_issued, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pgp_is_verified, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_without_keys_nobody_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_line_breaks_do_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_part_is_not_the_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bytes_that_are_signed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keys_say_whom_they_are_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_key_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_signatures_end_soon, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_signers_are_not_looked_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_large_mail_by_pgp, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_libraries_work_without_rights, set_up, tear_down),
    };
    smime_init();
    pgp_init();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
