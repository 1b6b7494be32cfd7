#include "base/clock.h"
#include "base/config.h"
#include "base/crypto.h"
#include "base/field.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/map.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static void test_utf8(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    (void)state;
    assert_true(utf8_valid("\xe6\x97\xa5\xf0\x9f\x8d\xb5", 7));
    static const char *const BAD[] = {"\x80",         "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xf0\x9f\x8d", "\xff"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(utf8_valid(BAD[i], strlen(BAD[i])));
    assert_string_equal(utf8_clean(a, "a\0b\xff\r\nc\rd\x01", 10, 0), "a\xef\xbf\xbd"
                                                                      "b\xef\xbf\xbd\nc\nd");
    assert_string_equal(utf8_clean(a, "\xe6\x97\xa5\xe6\x9c\xac", 6, 5), "\xe6\x97\xa5");
    assert_null(utf8_clean(a, NULL, 0, 0));
    assert_int_equal(utf8_count("\xe6\x97\xa5x"), 2);
    assert_int_equal(utf8_utf16_units("\xf0\x9f\x8d\xb5x"), 3);
    assert_string_equal(text_preview(a, "  a \n\t b  ", 10), "a b");
    assert_string_equal(text_preview(a, "abcdef", 3), "abc\xe2\x80\xa6");
    assert_true(text_is_blank(" \n"));
    assert_true(text_is_blank(NULL));
}

/* The vectors of draft-eastlake-fnv. */
static void test_hash(void **state)
{
    (void)state;
    assert_true(hash_bytes(HASH_BEGIN, "", 0) == HASH_BEGIN);
    assert_true(hash_bytes(HASH_BEGIN, "a", 1) == 0xaf63dc4c8601ec8cu);
    assert_true(hash_bytes(HASH_BEGIN, "foobar", 6) == 0x85944171f73967e8u);
    assert_true(hash_bytes(hash_bytes(HASH_BEGIN, "foo", 3), "bar", 3) == 0x85944171f73967e8u);
}

static void test_only_web_addresses_become_links(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"https://a.example", "HTTP://a", "https://a.example/x?y=1#z"};
    static const char *const BAD[] = {
        "",    "https://", "javascript:alert(1)", "data:text/html,x", " https://a", "https://a b",
        "//a", "ftp://a",  "https://a\nb"};
    for (size_t i = 0; i < COUNT_OF(GOOD); i++)
        assert_true(text_is_web_url(GOOD[i]));
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(text_is_web_url(BAD[i]));
    assert_true(text_names_url("url") && text_names_url("recording_url"));
    assert_false(text_names_url("curl") || text_names_url("_url"));
}

/* The flags of the mapping that an address is in, from /proc/self/smaps. */
static bool mapping_has_flag(const void *at, const char *flag)
{
    char line[1000];
    unsigned long from, to;
    bool inside = false, has = false;
    FILE *maps = fopen("/proc/self/smaps", "r");
    assert_non_null(maps);
    while (fgets(line, sizeof(line), maps)) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            inside = (unsigned long)at >= from && (unsigned long)at < to;
        if (inside && strncmp(line, "VmFlags:", 8) == 0)
            has = strstr(line, flag) != NULL;
    }
    fclose(maps);
    return has;
}

static void test_keys_are_in_no_core_dump(void **state)
{
    (void)state;
    assert_true(mapping_has_flag(crypto_secret_new(SECRET_KEY_SIZE), " dd"));
}

static void test_errors_look_the_same_everywhere(void **state)
{
    struct error err;
    AUTO_BUF struct buf plain = {0}, full = {0};
    (void)state;
    error_encode(&(struct error){.code = ERR_BUSY}, &plain);
    assert_string_equal(plain.data, "{\"code\":-32007,\"message\":\"The server is busy. Try again in a moment.\","
                                    "\"data\":{\"kind\":\"busy\",\"field\":null}}");
    error_set(&err, "pass\"word", missing, "pass\"word");
    err.retry_after_ms = 1001;
    error_encode(&err, &full);
    assert_string_equal(full.data,
                        "{\"code\":-32602,\"message\":\"pass\\\"word is missing.\",\"data\":{\"kind\":\"invalid\","
                        "\"field\":\"pass\\\"word\",\"reason\":\"missing\",\"params\":{\"field\":\"pass\\\"word\"},"
                        "\"retry_after\":2}}");
}

static void test_error_texts_stay_utf8(void **state)
{
    (void)state;
    struct error err;
    error_english(&err, ERR_INVALID, "f", "%.4s|%s", "\xe3\x81\x82\xe3\x81\x84", "\xe3\x81\x82");
    assert_string_equal(err.text, "\xe3\x81\x82?|\xe3\x81\x82");
    char ends_cut[] = "a\xf0\x9f\x93";
    utf8_mend(ends_cut);
    assert_string_equal(ends_cut, "a???");
}

static void test_form(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct form f;
    const char *text = "a=1&b=x+y%2Bz&c&&hub.mode=sub&a=2&bad=%zz%4";
    (void)state;
    assert_true(form_parse(a, text, strlen(text), &f));
    assert_int_equal(f.n, 6);
    assert_string_equal(form_get(&f, "a"), "1");
    assert_string_equal(form_get(&f, "b"), "x y+z");
    assert_string_equal(form_get(&f, "c"), "");
    assert_string_equal(form_get(&f, "hub.mode"), "sub");
    assert_string_equal(form_get(&f, "bad"), "%zz%4");
    assert_null(form_get(&f, "none"));
    struct buf many = {0};
    for (int i = 0; i <= FORM_PAIRS_MAX; i++)
        buf_puts(&many, "a=1&");
    assert_false(form_parse(a, many.data, many.len, &f));
    buf_free(&many);
}

static void test_time(void **state)
{
    int64_t at = 7;
    char text[TIME_TEXT_SIZE];
    (void)state;
    assert_true(time_parse("2026-11-21T20:41:25.123456Z", &at));
    assert_int_equal(at, 1795293685123);
    assert_true(time_parse("2026-11-22t05:41:25+09:00", &at));
    assert_int_equal(at, 1795293685000);
    time_format(at, text);
    assert_string_equal(text, "2026-11-21T20:41:25.000Z");
    static const char *const BAD[] = {
        "",  "2026-11-21",           "2026-11-21T20:41:25",      "2026-11-21T20:41:25+9", "2026-11-21T20:41:25.Z",
        "x", "2026-11-21T25:00:00Z", "2026-11-21T20:41:25+99:00"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        at = 7;
        assert_false(time_parse(BAD[i], &at));
        assert_int_equal(at, 7);
    }
    time_format(INT64_MAX, text);
    assert_int_equal(strlen(text), TIME_TEXT_SIZE - 1);
    assert_int_equal(time_believable(0, 5000000000000), 5000000000000);
    assert_int_equal(time_believable(INT64_MAX, 1795293685000), 1795293685000);
    assert_int_equal(time_believable(1795293684000, 1795293685000), 1795293684000);
}

static void test_every_date(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 8030 * 365LL; day++) { /* nearly to the year 10000 */
        char text[TIME_TEXT_SIZE], wanted[TIME_TEXT_SIZE + 8];
        time_t seconds = (time_t)(day * 86400 + 86399 - day % 86400);
        struct tm tm;
        gmtime_r(&seconds, &tm);
        strftime(wanted, sizeof(wanted), "%Y-%m-%dT%H:%M:%S.042Z", &tm);
        time_format((int64_t)seconds * 1000 + 42, text);
        if (strcmp(text, wanted) != 0)
            fail_msg("%s instead of %s", text, wanted);
    }
}

static void test_json_strings(void **state)
{
    char text[21], wanted[64];
    (void)state;
    for (int c = 0; c < 256; c++)
        for (size_t at = 0; at < sizeof(text) - 1; at++) { /* in every place of the eight bytes looked at together */
            AUTO_BUF struct buf b = {0};
            memset(text, at % 2 ? 'a' : 0x7f, sizeof(text));
            text[at] = (char)c;
            text[sizeof(text) - 1] = '"';
            buf_json_string(&b, text, sizeof(text));
            const char *escape = c == '"'    ? "\\\""
                                 : c == '\\' ? "\\\\"
                                 : c == '\n' ? "\\n"
                                 : c == '\r' ? "\\r"
                                 : c == '\t' ? "\\t"
                                             : NULL;
            char other[8];
            snprintf(other, sizeof(other), c < 0x20 ? "\\u%04x" : "%c", c);
            snprintf(wanted, sizeof(wanted), "\"%.*s%s%.*s\\\"\"", (int)at, text, escape ? escape : other,
                     (int)(sizeof(text) - 2 - at), text + at + 1);
            assert_string_equal(b.data, wanted);
        }
}

static void test_numbers(void **state)
{
    static const int64_t NUMBERS[] = {0, 7, -7, 1795293685123, INT64_MAX, INT64_MIN};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++) {
        AUTO_BUF struct buf b = {0}, wanted = {0};
        buf_int(&b, NUMBERS[i]);
        buf_printf(&wanted, "%lld", (long long)NUMBERS[i]);
        assert_string_equal(b.data, wanted.data);
    }
}

static void test_ids(void **state)
{
    struct uuid a = uuid_v7(1795293685123), b = uuid_v7(1795293685124), c;
    char text[UUID_TEXT_SIZE];
    (void)state;
    assert_true(memcmp(a.b, b.b, 16) < 0);
    for (int i = 0; i < 10000; i++) { /* also of one moment, and when the clock steps back */
        struct uuid before = b;
        b = uuid_v7(1795293685124 - i % 3);
        assert_true(memcmp(before.b, b.b, 16) < 0);
    }
    assert_int_equal(b.b[6] >> 4, 7);
    assert_int_equal(a.b[6] >> 4, 7);
    assert_int_equal(a.b[8] >> 6, 2);
    uuid_format(&a, text);
    assert_true(uuid_parse_text(text, &c) && uuid_equal(&a, &c));
    assert_false(uuid_parse_text("0192f0c17d5e7cc398c4dc0c0c07398f", &c));
    assert_false(uuid_parse_text("0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f0", &c));
}

static void test_crypto(void **state)
{
    char text[89];
    uint8_t key[SECRET_KEY_SIZE] = {1}, sealed[5 + SEAL_OVERHEAD], plain[5], bytes[16];
    (void)state;
    /* RFC 4231 case 2, RFC 2202 case 2 */
    crypto_hmac_text(HMAC_SHA256, ENCODE_HEX, "Jefe", 4, "what do ya want for nothing?", 28, text);
    assert_string_equal(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    crypto_hmac_text(HMAC_SHA1, ENCODE_HEX, "Jefe", 4, "what do ya want for nothing?", 28, text);
    assert_string_equal(text, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    assert_true(crypto_hmac_verify(HMAC_SHA1, ENCODE_HEX, "Jefe", 4, "what do ya want for nothing?", 28, text));
    assert_false(crypto_hmac_verify(HMAC_SHA1, ENCODE_HEX, "Jefe", 4, "what do ya want for nothing!", 28, text));
    assert_false(crypto_hmac_verify(HMAC_SHA1, ENCODE_HEX, "Jefe", 4, "x", 1, NULL));
    crypto_seal(key, "hello", 5, sealed);
    assert_true(crypto_unseal(key, sealed, sizeof(sealed), plain));
    assert_memory_equal(plain, "hello", 5);
    sealed[30] ^= 1;
    assert_false(crypto_unseal(key, sealed, sizeof(sealed), plain));
    assert_false(crypto_unseal(key, sealed, 3, plain));
    assert_int_equal(crypto_base64_decode("aGk=", 4, bytes), 2);
    assert_int_equal(crypto_base64_decode("aG\r\nk", 5, bytes), 2);
    assert_int_equal(crypto_base64_decode("-_-_", 4, bytes), 3);
    assert_int_equal(crypto_base64_decode("a!", 2, bytes), -1);
    assert_true(crypto_unhex("00ff", bytes, 2));
    assert_false(crypto_unhex("00f", bytes, 2));
    char hash[PASSWORD_HASH_SIZE];
    assert_true(crypto_password_hash("secret", hash));
    assert_true(crypto_password_verify(hash, "secret"));
    assert_false(crypto_password_verify(hash, "Secret"));
    assert_false(crypto_password_verify("", "secret"));
}

static void test_containers(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct map *map = map_new(a);
    struct list list = {0};
    (void)state;
    for (long i = 0; i < 1000; i++) {
        map_put(map, arena_printf(a, "key %ld", i), (void *)(i + 1));
        *(long *)list_grow(a, &list, sizeof(long)) = i;
    }
    for (long i = 0; i < 1000; i++) {
        assert_ptr_equal(map_get(map, arena_printf(a, "key %ld", i)), (void *)(i + 1));
        assert_int_equal(((long *)list.items)[i], i);
    }
    assert_null(map_get(map, "key 1000"));
    struct buf b = {0};
    buf_json_string(&b, "a\"\\\n\x01\xe6\x97\xa5", 8);
    assert_string_equal(b.data, "\"a\\\"\\\\\\n\\u0001\xe6\x97\xa5\"");
    buf_free(&b);
}

static bool load(struct arena *a, const char *text, struct config *c, struct error *err)
{
    char path[] = "/tmp/throughline-config-XXXXXX";
    int fd = mkstemp(path);
    *err = (struct error){0};
    bool fine = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && config_load(a, path, c, err);
    close(fd);
    unlink(path);
    return fine;
}

static void test_config(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct config c;
    struct error err;
    struct buf sample = {0};
    (void)state;
    config_print_sample(&sample);
    assert_true(load(a, sample.data, &c, &err)); /* the sample is a valid configuration */
    buf_free(&sample);
    assert_int_equal(c.db_port, 3306);
    assert_true(load(a, "[server]\nlisten = [::1]:80\n", &c, &err));
    assert_string_equal(c.listen, "[::1]:80");
    setenv("THROUGHLINE_SERVER_LANES", "9", 1);
    assert_true(load(a, "[server]\nlanes = 3\n", &c, &err));
    unsetenv("THROUGHLINE_SERVER_LANES");
    assert_int_equal(c.lanes, 9);
    assert_false(load(a, "[server]\nlanes = many\n", &c, &err));
    assert_non_null(strstr(err.text, "line 2"));
    assert_non_null(strstr(err.text, "1 to 64"));
    assert_false(load(a, "[server]\ntypo = 1\n", &c, &err));
    assert_non_null(strstr(err.text, "typo"));
    assert_false(config_load(a, "/nowhere/throughline.conf", &c, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_errors_look_the_same_everywhere),
        cmocka_unit_test(test_error_texts_stay_utf8),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_every_date),
        cmocka_unit_test(test_json_strings),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_only_web_addresses_become_links),
        cmocka_unit_test(test_keys_are_in_no_core_dump),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_crypto),
        cmocka_unit_test(test_containers),
        cmocka_unit_test(test_config),
    };
    if (!crypto_init())
        return 1;
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
