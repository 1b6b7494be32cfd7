/* Whose page and whose address a request comes from. */
#include "base/mem.h"
#include "web/http/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void only_our_own_site_is_ours(void **state)
{
    static const struct {
        const char *url, *origin;
        bool own;
    } CASES[] = {
        {"https://desk.example", "https://desk.example", true},
        {"https://desk.example/support", "https://desk.example", true},
        {"https://desk.example/", "https://DESK.example:443", true},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080", true},
        {"http://[::1]:8080/", "http://[::1]:8080", true},
        {"http://desk.example:80", "http://desk.example", true},
        /* a part of our own is another's */
        {"https://desk.example", "https://desk.exampl", false},
        {"https://desk.example", "https://desk", false},
        {"https://desk.example", "https:", false},
        {"https://desk.example", "h", false},
        {"https://desk.example:8443", "https://desk.example", false},
        {"https://desk.example/support", "https://desk.example/", false},
        {"https://desk.example", "https://desk.example.evil.example", false},
        {"https://desk.example", "https://desk.example:8443", false},
        {"https://desk.example", "https://desk.example:", false},
        {"https://desk.example", "https://desk.example:4430000", false},
        {"https://desk.example", "https://evil@desk.example", false},
        {"https://desk.example", "http://desk.example", false},
        {"https://desk.example", "http://desk.example:443", false},
        {"http://[::1]:8080", "http://[::1]", false},
        {"https://desk.example", "null", false},
        {"https://desk.example", "", false},
        {"", "", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++)
        if (origin_is_own(CASES[i].url, CASES[i].origin) != CASES[i].own)
            fail_msg("%s, %s", CASES[i].url, CASES[i].origin);
}

static void client_is(const char *trusted, const char *peer, const char *forwarded, const char *expected)
{
    char address[ADDRESS_TEXT_SIZE];
    address_of_client(trusted, peer, forwarded, forwarded ? strlen(forwarded) : 0, address);
    assert_string_equal(address, expected);
}

static void a_forwarded_address_is_believed_from_trusted_proxies_only(void **state)
{
    (void)state;
    client_is("127.0.0.1 ::1", "127.0.0.1", "203.0.113.9", "203.0.113.9");
    client_is("127.0.0.1", "198.51.100.7", "203.0.113.9", "198.51.100.7");
    client_is("127.0.0.11", "127.0.0.1", "203.0.113.9", "127.0.0.1");
    client_is("", "127.0.0.1", "203.0.113.9", "127.0.0.1");
    client_is("127.0.0.1", "127.0.0.1", NULL, "127.0.0.1");
}

static void only_the_end_of_the_list_is_the_proxys_word(void **state)
{
    (void)state;
    client_is("127.0.0.1", "127.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9");
    client_is("127.0.0.1 10.0.0.1", "127.0.0.1", "6.6.6.6 , 203.0.113.9,10.0.0.1 ", "203.0.113.9");
    client_is("127.0.0.1 10.0.0.1", "127.0.0.1", "10.0.0.1", "10.0.0.1");
    client_is("127.0.0.1", "127.0.0.1", "6.6.6.6, unknown", "127.0.0.1");
    client_is("127.0.0.1", "127.0.0.1", "6.6.6.6,", "127.0.0.1");
    client_is("127.0.0.1", "127.0.0.1", "2001:DB8::1", "2001:db8::1");
    client_is("127.0.0.1", "127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9");
    client_is("::ffff:127.0.0.1", "127.0.0.1", "[2001:db8::2]", "2001:db8::2");
}

static void a_port_behind_an_address_is_left_out(void **state)
{
    (void)state;
    client_is("127.0.0.1", "127.0.0.1", "203.0.113.9:4711", "203.0.113.9");
    client_is("127.0.0.1", "127.0.0.1", "6.6.6.6, [2001:db8::2]:443", "2001:db8::2");
    client_is("127.0.0.1 10.0.0.1", "127.0.0.1", "203.0.113.9, 10.0.0.1:80", "203.0.113.9");
    client_is("127.0.0.1", "127.0.0.1", "2001:db8::2:443", "2001:db8::2:443");
    static const char *const GARBAGE[] = {
        "203.0.113.9:",     "203.0.113.9:x",          "203.0.113.9:123456", ":80",          "[]:80",
        "[2001:db8::2]443", "[2001:db8::2]:",         "203.0.113.9:80:80",  "fe80::1%eth0", "\"[2001:db8::2]\"",
        "_hidden",          "203.0.113.9 203.0.113.8"};
    for (size_t i = 0; i < COUNT_OF(GARBAGE); i++)
        client_is("127.0.0.1", "127.0.0.1", GARBAGE[i], "127.0.0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_our_own_site_is_ours),
        cmocka_unit_test(a_forwarded_address_is_believed_from_trusted_proxies_only),
        cmocka_unit_test(only_the_end_of_the_list_is_the_proxys_word),
        cmocka_unit_test(a_port_behind_an_address_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
