#include "arena_kit.h"
#include "form_kit.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#define ENTRY "0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f"
#define OPEN "{\"user\":\"sendgrid\",\"password\":\"p:w\",\"address\":\"help@shop.example\"}"
#define SIGNATURE "x-twilio-email-event-webhook-signature"
#define TIMESTAMP "x-twilio-email-event-webhook-timestamp"
#define NOW_S "1795000000"

static struct channel_account *account_of(const char *settings)
{
    return test_account(arena, &CHANNEL_SENDGRID, settings);
}

/* ---- who calls ------------------------------------------------------------------------------------------------------ */

static const char *base64(const void *data, size_t n)
{
    char *text = arena_alloc(arena, (n + 2) / 3 * 4 + 1);
    crypto_base64_encode(data, n, text);
    return text;
}

static const char *public_key(EVP_PKEY *key)
{
    uint8_t *der = NULL;
    int n = i2d_PUBKEY(key, &der);
    const char *text = base64(der, (size_t)n);
    OPENSSL_free(der);
    return text;
}

/* As SendGrid signs: ECDSA with SHA-256 over the timestamp and the body, DER in base64. */
static const char *signed_with(EVP_PKEY *key, const char *timestamp, const char *body)
{
    const char *data = arena_printf(arena, "%s%s", timestamp, body);
    uint8_t der[200];
    size_t n = sizeof(der);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(md, der, &n, (const uint8_t *)data, strlen(data)), 1);
    EVP_MD_CTX_free(md);
    return base64(der, n);
}

static bool lets_in(const char *settings, const char *type, const char *body, const char *authorization,
                    const char *signature, const char *timestamp)
{
    struct error err = {0};
    struct web_request request = test_post(arena, body, strlen(body), "authorization", authorization, SIGNATURE,
                                           signature, TIMESTAMP, timestamp, NULL);
    request.content_type = type;
    size_t n = 0;
    struct web_header *headers = (struct web_header *)(uintptr_t)request.headers;
    for (size_t i = 0; i < request.n_headers; i++)
        if (headers[i].value)
            headers[n++] = headers[i];
    request.n_headers = n;
    return CHANNEL_SENDGRID.verify(account_of(settings), &request, &err);
}

static void test_signature(void **state)
{
    (void)state;
    static const char JSON[] = "application/json", BODY[] = "[{\"event\":\"open\"}]\r\n";
    EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256"), *curve = EVP_EC_gen("P-384");
    const char *settings =
        arena_printf(arena, "{\"user\":\"sendgrid\",\"password\":\"p:w\",\"event_key\":\"%s\"}", public_key(key));
    const char *good = signed_with(key, NOW_S, BODY), *in = basic_auth(arena, "sendgrid:p:w");
    assert_true(lets_in(settings, JSON, BODY, NULL, good, NOW_S));
    assert_false(lets_in(settings, JSON, BODY, in, NULL, NULL)); /* with a key, the password is not enough */
    assert_false(lets_in(settings, JSON, BODY, in, good, NULL));
    assert_false(lets_in(settings, JSON, "[{\"event\":\"open\"}]", NULL, good, NOW_S)); /* the last line break counts */
    assert_false(lets_in(settings, JSON, BODY, NULL, good, "1795000001"));
    assert_false(lets_in(settings, JSON, BODY, NULL, signed_with(other, NOW_S, BODY), NOW_S));
    assert_false(lets_in(settings, JSON, BODY, NULL, "", NOW_S));
    assert_false(lets_in(settings, JSON, BODY, NULL, "!!!!", NOW_S));
    assert_false(lets_in(settings, JSON, BODY, NULL, "AAAA", NOW_S));
    assert_false(lets_in(settings, JSON, BODY, NULL, arena_printf(arena, "%0500d", 7), NOW_S));
    assert_false(lets_in(settings, JSON, BODY, NULL, good, "17950000000000000000000000"));
    /* what is not signed with a key of its own is let in by the password */
    assert_true(lets_in(settings, FORM_TYPE, BODY, in, NULL, NULL));
    assert_false(lets_in(settings, FORM_TYPE, BODY, NULL, good, NOW_S));
    const char *wrong = arena_printf(arena, "{\"password\":\"p:w\",\"event_key\":\"%s\"}", public_key(curve));
    assert_false(lets_in(wrong, JSON, BODY, in, signed_with(curve, NOW_S, BODY), NOW_S));
    assert_false(lets_in("{\"password\":\"p:w\",\"event_key\":\"rubbish\"}", JSON, BODY, in, good, NOW_S));
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    EVP_PKEY_free(curve);
}

/* SendGrid tries for three days; our clock may be behind. */
static void test_age_of_a_signature(void **state)
{
    (void)state;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    const char *settings = arena_printf(arena, "{\"parse_key\":\"%s\"}", public_key(key));
    static const struct {
        int64_t after_s;
        bool good;
    } CASES[] = {
        {0, true}, {-3 * 86400, true}, {-4 * 86400 - 1, false}, {-400LL * 86400, false}, {400LL * 86400, true}};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *at = arena_printf(arena, "%lld", (long long)(RECEIVED_AT / 1000 + CASES[i].after_s));
        assert_int_equal(lets_in(settings, FORM_TYPE, "x", NULL, signed_with(key, at, "x"), at), CASES[i].good);
    }
    EVP_PKEY_free(key);
}

static void test_password(void **state)
{
    (void)state;
    assert_true(lets_in(OPEN, FORM_TYPE, "x", basic_auth(arena, "sendgrid:p:w"), NULL, NULL));
    assert_true(lets_in(OPEN, "application/json", "x", basic_auth(arena, "sendgrid:p:w"), NULL, NULL));
    assert_false(lets_in(OPEN, FORM_TYPE, "x", basic_auth(arena, "sendgrid:p"), NULL, NULL));
    assert_false(lets_in(OPEN, FORM_TYPE, "x", NULL, "x", NOW_S));
    assert_false(lets_in("{}", FORM_TYPE, "x", basic_auth(arena, "sendgrid:"), NULL, NULL)); /* never neither */
    assert_false(lets_in("{}", FORM_TYPE, "x", NULL, NULL, NULL));
}

static void test_no_answer_loses_mail(void **state)
{
    (void)state;
    assert_int_equal(CHANNEL_SENDGRID.refused.status, 503);
    assert_int_equal(CHANNEL_SENDGRID.later.status, 503);
}

/* ---- mail ----------------------------------------------------------------------------------------------------------- */

static struct inbound_list parse_typed(const char *type, const char *body, size_t n)
{
    struct web_request request = test_post(arena, body, n, NULL);
    request.content_type = type;
    return test_parse(arena, account_of(OPEN), &request);
}

static void put_parsed_mail(struct buf *body)
{
    form_text(body, "headers",
              "Received: by mx1.sendgrid.net; Mon, 16 Nov 2026 10:00:01 +0000 (UTC)\n"
              "From: =?utf-8?q?Op=C3=A9rateur?= <ann@mail.example.com>\n"
              "To: Help <help@shop.example>\nCc: b@example.com\nMessage-ID: <1@example.com>\n"
              "Subject: =?iso-8859-1?q?Gr=F6=DFe?=\nDate: Mon, 16 Nov 2026 19:00:00 +0900\n"
              "In-Reply-To: <0@shop.example>\nContent-Type: multipart/mixed; boundary=\"x\"\n");
    form_part(body, "text", "", "sm\x81rt \x82\xa0", 8);
    form_part(body, "html", "", "<p>caf\xe9 <img src=\"cid:pic\"></p>", 32);
    form_text(body, "charsets", "{\"text\":\"shift_jis\",\"html\":\"iso-8859-1\"}");
    form_text(body, "envelope",
              "{\"to\":[\"help+1@shop.example\",\"b@shop.example\"],\"from\":\"bounce@example.com\"}");
    form_text(body, "attachments", "3");
    form_text(body, "attachment-info",
              "{\"attachment1\":{\"filename\":\"メモ.txt\",\"type\":\"text/plain\"},"
              "\"attachment2\":{\"filename\":\"p.png\",\"type\":\"image/png\",\"content-id\":\"pic\"}}");
    form_text(body, "content-ids", "{\"pic\":\"attachment2\",\"unseen\":\"attachment3\"}");
    form_part(body, "attachment1", "; filename=\"memo.txt\"\r\nContent-Type: text/plain", "hello", 5);
    form_part(body, "attachment2", "; filename=\"p.png\"\r\nContent-Type: image/png", "\x89PNG\0\r\n", 7);
    form_part(body, "attachment3", "; filename=\"q.pdf\"\r\nContent-Type: application/pdf", "%PDF", 4);
}

static void test_parsed_mail(void **state)
{
    (void)state;
    AUTO_BUF struct buf body = {0};
    put_parsed_mail(&body);
    form_text(&body, "dkim", "{@example.com : pass}");
    form_text(&body, "SPF", "softfail");
    form_end(&body);
    struct inbound_list list = parse_typed(FORM_TYPE, body.data, body.len);
    assert_null(list.problem);
    assert_int_equal(list.n, 1);
    const struct inbound *item = &list.items[0];
    assert_string_equal(item->external_id, "<1@example.com>");
    assert_string_equal(item->from.value, "ann@mail.example.com");
    assert_string_equal(item->from.name, "Opérateur");
    assert_int_equal(item->from.proof, PROOF_PROVEN);
    assert_string_equal(item->subject, "Größe");
    assert_non_null(strstr(item->text, "あ"));
    assert_non_null(strstr(item->html, "café"));
    assert_string_equal(((const char **)item->references.items)[0], "<0@shop.example>");
    assert_string_equal(test_payload(arena, item, "delivered_to"), "[\"help+1@shop.example\",\"b@shop.example\"]");
    assert_string_equal(test_payload(arena, item, "cc"), "[\"b@example.com\"]");
    assert_string_equal(test_payload(arena, item, "auth"), "pass");
    assert_string_equal(test_payload(arena, item, "spf"), "softfail");
    assert_string_equal(test_payload(arena, item, "dkim"), "pass");
    assert_null(test_payload(arena, item, "dmarc"));
    assert_int_equal(item->attachments.n, 3);
    const struct attachment *files = item->attachments.items;
    assert_string_equal(files[0].name, "メモ.txt");
    assert_memory_equal(files[0].data, "hello", 5);
    assert_int_equal(files[1].size, 7);
    assert_string_equal(files[1].cid, "pic");
    assert_true(files[1].is_inline);
    assert_false(files[2].is_inline); /* no text shows it: it is listed */
}

/* What SendGrid says of the sender, and what it comes to for ann@mail.example.com. */
static void test_checks(void **state)
{
    (void)state;
    static const struct {
        const char *dkim, *spf, *word, *auth;
    } CASES[] = {
        {"{@example.com : pass}", "pass", "pass", "pass"},
        {"{@mail.example.com : pass}", "fail", "pass", "pass"},
        {"{@evil.example : pass}", "pass", "pass", "none"}, /* a signature, but another's */
        {"{@evil.example : fail, @example.com : pass}", "pass", "pass", "pass"},
        {"{@example.com : fail}", "pass", "fail", "none"},
        {"{@com : pass}", "pass", "pass", "none"},
        {"none", "none", "none", "none"},
        {"{@evil.example; dmarc=pass : pass}", "pass", "pass", "none"}, /* no value begins another result */
        {"{@evil.example : pass; dmarc=pass}", "pass", NULL, "none"},
        {"", "pass; dmarc=pass", NULL, "none"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        AUTO_BUF struct buf body = {0};
        put_parsed_mail(&body);
        form_text(&body, "dkim", CASES[i].dkim);
        form_text(&body, "SPF", CASES[i].spf);
        form_end(&body);
        struct inbound_list list = parse_typed(FORM_TYPE, body.data, body.len);
        const char *word = test_payload(arena, list.items, "dkim"), *auth = test_payload(arena, list.items, "auth");
        if (strcmp(auth, CASES[i].auth) != 0 || strcmp(word ? word : "-", CASES[i].word ? CASES[i].word : "-") != 0)
            fail_msg("case %zu: dkim %s, auth %s", i, word, auth);
        assert_null(test_payload(arena, list.items, "dmarc"));
    }
}

static void test_raw_mail(void **state)
{
    (void)state;
    size_t n;
    const char *raw = test_data(arena, "email/iso-2022-jp.eml", &n);
    AUTO_BUF struct buf body = {0};
    form_part(&body, "email", "", raw, n);
    form_text(&body, "from", "other@example.com");
    form_text(&body, "envelope", "{\"to\":[\"help@shop.example\"],\"from\":\"\"}");
    form_text(&body, "dkim", "none");
    form_end(&body);
    struct inbound_list list = parse_typed(FORM_TYPE, body.data, body.len);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].from.value, "takahashi@example.jp");
    assert_string_equal(list.items[0].external_id, "<20261116183000.A1@example.jp>");
    assert_int_equal(list.items[0].attachments.n, 1);
    assert_string_equal(test_payload(arena, list.items, "delivered_to"), "[\"help@shop.example\"]");
    assert_string_equal(test_payload(arena, list.items, "auto"), "true"); /* nobody's mail: the envelope says so */
}

/* Without a Message-ID the fields of the mail count, and not what SendGrid makes anew for each try. */
static void test_a_repeat_is_the_same(void **state)
{
    (void)state;
    const char *ids[3];
    for (int i = 0; i < 3; i++) {
        AUTO_BUF struct buf body = {0};
        form_text(&body, "from", "Ann <ann@example.com>");
        form_text(&body, "subject", "Shoes");
        form_text(&body, "text", i == 2 ? "Other" : "Hello");
        form_text(&body, "spam_report", arena_printf(arena, "try %d", i));
        form_end(&body);
        struct inbound_list list = parse_typed(FORM_TYPE, body.data, body.len);
        ids[i] = list.items[0].external_id;
        assert_string_equal(list.items[0].from.value, "ann@example.com");
        assert_string_equal(list.items[0].subject, "Shoes");
    }
    assert_string_equal(ids[0], ids[1]);
    assert_string_not_equal(ids[0], ids[2]);
}

/* ---- events --------------------------------------------------------------------------------------------------------- */

static void test_events(void **state)
{
    (void)state;
    static const struct {
        const char *event;
        size_t n; /* items */
        enum delivery delivery;
        const char *code, *words; /* of the receipt's reason */
    } CASES[] = {
        {"\"event\":\"delivered\",\"response\":\"250 OK\"", 1, DELIVERY_DELIVERED, NULL, NULL},
        {"\"event\":\"deferred\",\"response\":\"450 slow down\",\"attempt\":\"5\"", 1, DELIVERY_NONE, "mail_delayed",
         "450 slow down"},
        {"\"event\":\"bounce\",\"type\":\"bounce\",\"status\":\"5.1.1\",\"reason\":\"550 no such user\"", 1,
         DELIVERY_FAILED, "mail_bounced", "bounce 5.1.1: 550 no such user"},
        {"\"event\":\"bounce\",\"type\":\"blocked\",\"reason\":\"554 listed\"", 1, DELIVERY_FAILED, "mail_bounced",
         "blocked: 554 listed"},
        {"\"event\":\"dropped\",\"reason\":\"Bounced Address\"", 1, DELIVERY_FAILED, "mail_dropped", "Bounced Address"},
        {"\"event\":\"spamreport\"", 3, DELIVERY_DELIVERED, NULL, NULL},
        {"\"event\":\"unsubscribe\"", 3, DELIVERY_DELIVERED, NULL, NULL},
        {"\"event\":\"group_unsubscribe\",\"asm_group_id\":1", 3, DELIVERY_DELIVERED, NULL, NULL},
        {"\"event\":\"processed\"", 0, 0, NULL, NULL},
        {"\"event\":\"open\"", 0, 0, NULL, NULL},
        {"\"event\":\"what_comes_next_year\"", 0, 0, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *body = arena_printf(arena,
                                        "[{\"email\":\"ann@example.com\",\"timestamp\":1794999000,\"smtp-id\":\"<" ENTRY
                                        "@shop.example>\",\"sg_message_id\":\"sg1\",%s}]\r\n",
                                        CASES[i].event);
        struct inbound_list list = parse_typed("application/json", body, strlen(body));
        if (list.problem || list.n != CASES[i].n)
            fail_msg("case %zu: %zu items, %s", i, list.n, list.problem);
        if (!list.n)
            continue;
        char entry[UUID_TEXT_SIZE];
        const struct inbound *item = &list.items[0];
        uuid_format(&item->entry_id, entry);
        assert_int_equal(item->type, INBOUND_RECEIPT);
        assert_int_equal(item->delivery, CASES[i].delivery);
        assert_string_equal(entry, ENTRY);
        assert_string_equal(item->external_id, "<" ENTRY "@shop.example>");
        assert_string_equal(item->from.value, "ann@example.com");
        assert_true(item->occurred_at == 1794999000000LL);
        assert_int_equal(!item->error, !CASES[i].code);
        if (item->error)
            assert_true(strstr(item->error, CASES[i].code) && strstr(item->error, CASES[i].words));
    }
}

static void test_who_wants_no_mail(void **state)
{
    (void)state;
    static const char BODY[] =
        "[{\"email\":\"Ann@Example.com\",\"timestamp\":1794999000,\"throughline_entry\":\"" ENTRY
        "\",\"event\":\"spamreport\"},"
        "{\"email\":\"stranger@example.com\",\"sg_message_id\":\"newsletter\",\"event\":\"spamreport\"}]";
    struct inbound_list list = parse_typed("application/json", BODY, sizeof(BODY) - 1);
    assert_int_equal(list.n, 4); /* of what is not ours a receipt alone, which finds nothing */
    assert_int_equal(list.items[1].type, INBOUND_ENTRY);
    assert_int_equal(list.items[1].kind, ENTRY_ACTIVITY);
    assert_string_equal(list.items[1].text, "Reported our mail as spam");
    assert_int_equal(list.items[2].type, INBOUND_PERSON);
    assert_int_equal(list.items[2].from.consent, CONSENT_REFUSED);
    assert_string_equal(list.items[2].from.value, "ann@example.com");
    assert_int_equal(list.items[3].type, INBOUND_RECEIPT);
    assert_string_equal(list.items[3].external_id, "newsletter");
}

/* One odd event does not lose the others. */
static void test_odd_events(void **state)
{
    (void)state;
    static const char BODY[] =
        "[null,7,{},{\"event\":\"bounce\"},{\"event\":[]},"
        "{\"event\":\"delivered\",\"sg_message_id\":\"x\",\"timestamp\":\"soon\",\"email\":\"?\"}]";
    struct inbound_list list = parse_typed("application/json", BODY, sizeof(BODY) - 1);
    assert_non_null(list.problem);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].external_id, "x");
    assert_null(list.items[0].from.value);
    assert_true(list.items[0].occurred_at == RECEIVED_AT);
}

static void test_what_is_no_input(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body;
    } BAD[] = {
        {"application/json", ""},
        {"application/json", "{}"},
        {"application/json", "[{"},
        {FORM_TYPE, ""},
        {FORM_TYPE, "--xYzZY--"},
        {FORM_TYPE, "--xYzZY\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nFrom: a@b.example"},
        {"application/x-www-form-urlencoded", "a=b"},
        {"", "From: a@b.example\r\n\r\nx"},
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct web_request request = test_post(arena, BAD[i].body, strlen(BAD[i].body), NULL);
        struct inbound_list none = {0};
        struct error err = {0};
        request.content_type = BAD[i].type;
        assert_false(CHANNEL_SENDGRID.parse(account_of(OPEN), &request, arena, &none, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_age_of_a_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_password, set_up, tear_down),
        cmocka_unit_test(test_no_answer_loses_mail),
        cmocka_unit_test_setup_teardown(test_parsed_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_checks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_raw_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_repeat_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_wants_no_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_input, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("sendgrid", tests, NULL, NULL);
}
