#include "arena_kit.h"
#include "base/certificate.h"
#include "base/text.h"
#include "channel/mail.h"
#include "channel/ses_ask.h"
#include "channel/sigv4.h"
#include "channel_kit.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#define TOPIC "arn:aws:sns:eu-west-1:123456789012:mail"
#define SETTINGS                                                                                                       \
    "{\"address\":\"help@shop.example\",\"topics\":\"" TOPIC "\",\"access_key\":\"AKIDEXAMPLE\",\"secret_key\":\"s\"," \
    "\"region\":\"eu-west-1\"}"

static struct channel_account *account(void)
{
    return test_account(arena, &CHANNEL_SES, SETTINGS);
}

/* ---- Signature Version 4: the example of Amazon's own documentation, "GET object" ---- */

static void test_the_published_signature(void **state)
{
    static const struct aws_key KEY = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL};
    static const struct aws_call CALL = {.host = "examplebucket.s3.amazonaws.com",
                                         .path = "/test.txt",
                                         .region = "us-east-1",
                                         .service = "s3",
                                         .now = 1369353600000LL};
    struct send_request request = {.how = SEND_GET};
    (void)state;
    send_header_add(&request, "Range", "bytes=0-9");
    sigv4_sign(&KEY, &CALL, arena, &request);
    assert_string_equal(test_sent_header(&request, "x-amz-date"), "20130524T000000Z");
    assert_string_equal(test_sent_header(&request, "x-amz-content-sha256"),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(test_sent_header(&request, "Authorization"),
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

static void test_the_session_token_is_signed(void **state)
{
    static const struct aws_key KEY = {"id", "secret", "token"};
    struct send_request request = {.how = SEND_GET};
    (void)state;
    sigv4_sign(&KEY, &(struct aws_call){.host = "h", .path = "/", .region = "r-1", .service = "s3", .now = 1}, arena,
               &request);
    assert_string_equal(test_sent_header(&request, "x-amz-security-token"), "token");
    assert_non_null(strstr(test_sent_header(&request, "Authorization"), ";x-amz-security-token,"));
}

static void test_a_path_is_encoded_byte_by_byte(void **state)
{
    (void)state;
    assert_string_equal(url_encoded(arena, "/in/a b+ü~.eml", "/"), "/in/a%20b%2B%C3%BC~.eml");
}

/* ---- SNS ---- */

static void test_where_a_topic_is(void **state)
{
    static const struct {
        const char *topic, *region, *suffix; /* region NULL: none */
    } ROWS[] = {
        {TOPIC, "eu-west-1", "amazonaws.com"},
        {"arn:aws-cn:sns:cn-north-1:1:x", "cn-north-1", "amazonaws.com.cn"},
        {"arn:aws-us-gov:sns:us-gov-west-1:1:x", "us-gov-west-1", "amazonaws.com"},
        {"arn:aws:sqs:eu-west-1:1:x", NULL, NULL},
        {"arn:other:sns:eu-west-1:1:x", NULL, NULL},
        {"arn:aws:sns:evil.example/:1:x", NULL, NULL},
        {"arn:aws:sns:EU:1:x", NULL, NULL},
        {"arn:aws:sns::1:x", NULL, NULL},
        {"arn:aws:sns", NULL, NULL},
        {"", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct aws_place place = {0};
        assert_int_equal(sns_place(arena, ROWS[i].topic, &place), ROWS[i].region != NULL);
        if (ROWS[i].region) {
            assert_string_equal(place.region, ROWS[i].region);
            assert_string_equal(place.suffix, ROWS[i].suffix);
        }
    }
}

#define PEM "SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"

static void test_which_address_is_a_certificate(void **state)
{
    static const struct {
        const char *url;
        bool fits;
    } ROWS[] = {
        {"https://sns.eu-west-1.amazonaws.com/" PEM, true},
        {"http://sns.eu-west-1.amazonaws.com/" PEM, false},
        {"https://sns.eu-west-2.amazonaws.com/" PEM, false},
        {"https://sns.eu-west-1.amazonaws.com.cn/" PEM, false},
        {"https://sns.eu-west-1.amazonaws.com.evil.example/" PEM, false},
        {"https://sns.eu-west-1.amazonaws.com@evil.example/" PEM, false},
        {"https://sns.eu-west-1.amazonaws.com:8443/" PEM, false},
        {"https://x.sns.eu-west-1.amazonaws.com/" PEM, false},
        {"https://s3.amazonaws.com/sns.eu-west-1.amazonaws.com/" PEM, false},
        {"https://sns.eu-west-1.s3.amazonaws.com/" PEM, false},
        {"https://sns.eu-west-1.amazonaws.com/" PEM "?x", false},
        {"https://sns.eu-west-1.amazonaws.com/x/" PEM, false},
        {"https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem", false},
        {"https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-", false},
        {"", false},
    };
    static const struct aws_place PLACE = {"eu-west-1", "amazonaws.com"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        if (sns_certificate_fits(ROWS[i].url, &PLACE) != ROWS[i].fits)
            fail_msg("%s", ROWS[i].url);
    assert_true(sns_certificate_fits("https://sns.cn-north-1.amazonaws.com.cn/" PEM,
                                     &(struct aws_place){"cn-north-1", "amazonaws.com.cn"}));
}

static void test_how_a_subscription_is_confirmed(void **state)
{
    (void)state;
    assert_string_equal(sns_confirm_url(arena, "a " TOPIC, TOPIC, "2336abc"),
                        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn%3Aaws%3Asns%3Aeu-"
                        "west-1%3A123456789012%3Amail&Token=2336abc");
    assert_null(sns_confirm_url(arena, "a " TOPIC "2", TOPIC, "2336abc"));
    assert_null(sns_confirm_url(arena, TOPIC, TOPIC, "2336abc&Action=DeleteTopic"));
    assert_null(sns_confirm_url(arena, TOPIC, TOPIC, ""));
    assert_null(sns_confirm_url(arena, "", "", "x"));
}

/* ---- a certificate ---- */

static const char *new_certificate(EVP_PKEY *key, long days)
{
    X509 *x = X509_new();
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -86400);
    X509_gmtime_adj(X509_getm_notAfter(x), days * 86400);
    X509_set_pubkey(x, key);
    X509_sign(x, key, EVP_sha256());
    PEM_write_bio_X509(bio, x);
    long n = BIO_get_mem_data(bio, &text);
    const char *pem = arena_strndup(arena, text, (size_t)n);
    BIO_free(bio);
    X509_free(x);
    return pem;
}

static const char *sign_text(EVP_PKEY *key, const EVP_MD *hash, const char *text)
{
    uint8_t raw[512];
    size_t n = sizeof(raw);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(context, NULL, hash, NULL, key), 1);
    assert_int_equal(EVP_DigestSign(context, raw, &n, (const uint8_t *)text, strlen(text)), 1);
    EVP_MD_CTX_free(context);
    char *out = arena_alloc(arena, (n + 2) / 3 * 4 + 1);
    crypto_base64_encode(raw, n, out);
    return out;
}

static void test_a_certificate(void **state)
{
    EVP_PKEY *key = EVP_RSA_gen(2048), *weak = EVP_RSA_gen(1024), *curve = EVP_EC_gen("P-256");
    int64_t from = 0, until = 0;
    (void)state;
    const char *pem = new_certificate(key, 3), *one = sign_text(key, EVP_sha1(), "hello"),
               *two = sign_text(key, EVP_sha256(), "hello");
    assert_true(certificate_times(pem, &from, &until));
    assert_true(until - from == 4 * DAY_MS);
    assert_true(certificate_verifies(pem, HMAC_SHA1, one, "hello", 5));
    assert_true(certificate_verifies(pem, HMAC_SHA256, two, "hello", 5));
    assert_false(certificate_verifies(pem, HMAC_SHA256, one, "hello", 5));
    assert_false(certificate_verifies(pem, HMAC_SHA256, two, "hellp", 5));
    assert_false(certificate_verifies(pem, HMAC_SHA256, "", "hello", 5));
    assert_false(certificate_verifies(pem, HMAC_SHA256, "%", "hello", 5));
    assert_false(certificate_verifies("no certificate", HMAC_SHA256, two, "hello", 5));
    assert_false(certificate_times("", &from, &until));
    assert_false(certificate_times(new_certificate(weak, 3), &from, &until));
    assert_false(certificate_times(new_certificate(curve, 3), &from, &until));
    assert_false(certificate_verifies(new_certificate(curve, 3), HMAC_SHA256, sign_text(curve, EVP_sha256(), "hello"),
                                      "hello", 5));
    EVP_PKEY_free(key);
    EVP_PKEY_free(weak);
    EVP_PKEY_free(curve);
}

/* A certificate that does not hold now is not kept. */
static void test_which_certificate_is_kept(void **state)
{
    static const struct errand CERTIFICATE = {.kind = ERRAND_KEPT,
                                              .handle = "https://sns.eu-west-1.amazonaws.com/" PEM};
    EVP_PKEY *key = EVP_RSA_gen(2048);
    int64_t now = clock_now();
    (void)state;
    const struct {
        int status;
        const char *body;
        int64_t at;
        enum errand_outcome outcome;
    } rows[] = {
        {200, new_certificate(key, 3), now, ERRAND_DONE},
        {200, new_certificate(key, 3), now + 4 * DAY_MS, ERRAND_NEVER},
        {200, new_certificate(key, 3), now - 2 * DAY_MS, ERRAND_NEVER},
        {200, "<html>", now, ERRAND_NEVER},
        {404, new_certificate(key, 3), now, ERRAND_NEVER},
        {503, "", now, ERRAND_NEVER},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct errand_result result = {0};
        const struct send_reply reply = {
            .status = rows[i].status, .body = rows[i].body, .body_len = strlen(rows[i].body)};
        ses_read_errand(account(), &CERTIFICATE, &reply, rows[i].at, arena, &result);
        assert_int_equal(result.outcome, rows[i].outcome);
        assert_int_equal(result.kept_until > now, rows[i].outcome == ERRAND_DONE);
    }
    EVP_PKEY_free(key);
}

/* ---- what is asked for, whatever the handle says ---- */

static const char *asked(const char *settings, enum errand_kind kind, const char *handle)
{
    struct send_request request = {0};
    struct error err = {0};
    const struct errand errand = {.kind = kind, .handle = handle};
    bool fine =
        ses_ask_errand(test_account(arena, &CHANNEL_SES, settings), &errand, RECEIVED_AT, arena, &request, &err);
    assert_true(fine || err.code || err.text[0]);
    return fine ? request.url : NULL;
}

static const char *handle_of(const char *bucket, const char *key)
{
    const struct ses_object object = {.topic = TOPIC, .bucket = bucket, .key = key};
    return ses_object_handle(arena, &object);
}

static void test_what_is_asked_for(void **state)
{
    static const char NO_KEY[] = "{\"address\":\"help@shop.example\",\"topics\":\"" TOPIC "\"}";
    static const char ELSEWHERE[] =
        "{\"topics\":\"" TOPIC "\",\"access_key\":\"a\",\"secret_key\":\"b\",\"bucket_region\":\"us-east-1\","
        "\"aws_url\":\"http://proxy:1/\"}";
    (void)state;
    assert_string_equal(asked(SETTINGS, ERRAND_CONTENT, handle_of("inbox", "in/ü 1")),
                        "https://inbox.s3.eu-west-1.amazonaws.com/in/%C3%BC%201");
    assert_string_equal(asked(SETTINGS, ERRAND_CONTENT, handle_of("in.box", "1")),
                        "https://s3.eu-west-1.amazonaws.com/in.box/1");
    assert_string_equal(asked(ELSEWHERE, ERRAND_CONTENT, handle_of("inbox", "1")),
                        "http://proxy:1/inbox.s3.us-east-1.amazonaws.com/1");
    assert_null(asked(NO_KEY, ERRAND_CONTENT, handle_of("inbox", "1")));
    assert_null(asked(SETTINGS, ERRAND_CONTENT, handle_of("evil.example/", "1")));
    assert_null(asked(SETTINGS, ERRAND_CONTENT, handle_of("ab", "1")));
    assert_null(asked(SETTINGS, ERRAND_CONTENT, handle_of("inbox", "a/../../b")));
    assert_null(asked(SETTINGS, ERRAND_CONTENT, handle_of("inbox", "..")));
    assert_null(asked(SETTINGS, ERRAND_CONTENT,
                      "{\"topic\":\"arn:aws:sns:eu-west-1:1:else\",\"bucket\":\"inbox\",\"key\":\"1\"}"));
    assert_null(asked(SETTINGS, ERRAND_CONTENT, "no JSON"));
    assert_string_equal(asked(SETTINGS, ERRAND_KEPT, "https://sns.eu-west-1.amazonaws.com/" PEM),
                        "https://sns.eu-west-1.amazonaws.com/" PEM);
    assert_null(asked(SETTINGS, ERRAND_KEPT, "https://sns.us-west-1.amazonaws.com/" PEM));
    assert_null(asked(SETTINGS, ERRAND_VISIT, "http://169.254.169.254/ x"));
    assert_null(asked(SETTINGS, ERRAND_VISIT, TOPIC));
}

static void test_a_handle_is_read_as_it_was_written(void **state)
{
    const char *const to[] = {"help@shop.example"};
    const struct ses_object object = {TOPIC,  "inbox", "k/ü\"",       "id",           "PASS",
                                      "FAIL", "GRAY",  "example.com", {(void *)to, 1}};
    struct ses_object got;
    (void)state;
    assert_true(ses_object_read(arena, ses_object_handle(arena, &object), &got));
    assert_string_equal(got.key, object.key);
    assert_string_equal(got.dkim, "FAIL");
    assert_string_equal(got.from, "example.com");
    assert_int_equal(got.recipients.n, 1);
    assert_string_equal(((const char **)got.recipients.items)[0], to[0]);
    assert_false(ses_object_read(arena, "{}", &got));
    assert_false(ses_object_read(arena, "[]", &got));
}

/* ---- the Message-ID that leaves ---- */

static void test_which_id_leaves(void **state)
{
    static const char SMTP[] =
        "{\"address\":\"help@shop.example\",\"smtp_url\":\"smtp://email-smtp.us-east-1.amazonaws.com:587\"}";
    static const char OTHER[] = "{\"address\":\"help@shop.example\",\"smtp_url\":\"smtp://127.0.0.1:25\"}";
    static const struct {
        const char *settings;
        enum send_how how;
        const char *body, *id;
    } ROWS[] = {
        {SETTINGS, SEND_HTTP, "{\"MessageId\":\"0102-a\"}", "<0102-a@eu-west-1.amazonses.com>"},
        {SETTINGS, SEND_HTTP, "{}", "<ours@shop.example>"},
        {SETTINGS, SEND_HTTP, "{\"MessageId\":\"a> b\"}", "<ours@shop.example>"},
        {SMTP, SEND_SMTP, "Ok 0100-b", "<0100-b@email.amazonses.com>"},
        {SMTP, SEND_SMTP, "2.0.0 queued as 0100-b", "<ours@shop.example>"},
        {OTHER, SEND_SMTP, "Ok 0100-b", "<ours@shop.example>"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        const struct send_request request = {.how = ROWS[i].how, .external_id = "<ours@shop.example>"};
        struct channel_account *one = test_account(arena, &CHANNEL_SES, ROWS[i].settings);
        struct send_result result =
            test_reply(arena, one, &request, ROWS[i].how == SEND_SMTP ? 250 : 200, ROWS[i].body);
        assert_int_equal(result.outcome, SEND_DONE);
        assert_string_equal(result.external_id, ROWS[i].id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_published_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_session_token_is_signed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_path_is_encoded_byte_by_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_where_a_topic_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_which_address_is_a_certificate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_how_a_subscription_is_confirmed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_certificate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_which_certificate_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_handle_is_read_as_it_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_which_id_leaves, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
