/* base/net: what lies where, and what a list of networks holds. */
#include "base/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct sockaddr *address(const char *text)
{
    static struct sockaddr_storage s;
    struct sockaddr_in *v4 = (struct sockaddr_in *)&s;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&s;
    memset(&s, 0, sizeof(s));
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
        v4->sin_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
        v6->sin6_family = AF_INET6;
    else
        fail_msg("%s is no address", text);
    return (struct sockaddr *)&s;
}

static void test_places(void **state)
{
    static const struct {
        const char *text;
        enum net_place place;
    } CASES[] = {
        {"8.8.8.8", NET_PUBLIC},
        {"172.15.255.255", NET_PUBLIC},
        {"172.32.0.0", NET_PUBLIC},
        {"2606:4700::1", NET_PUBLIC},
        {"127.0.0.1", NET_LOOPBACK},
        {"127.255.0.9", NET_LOOPBACK},
        {"::1", NET_LOOPBACK},
        {"::ffff:127.0.0.1", NET_LOOPBACK},
        {"10.255.255.255", NET_PRIVATE},
        {"172.16.0.1", NET_PRIVATE},
        {"172.31.255.255", NET_PRIVATE},
        {"192.168.0.1", NET_PRIVATE},
        {"100.100.100.200", NET_PRIVATE},
        {"fd00:ec2::254", NET_PRIVATE},
        {"64:ff9b::10.0.0.1", NET_PRIVATE},
        {"2002:0a00:0001::", NET_PRIVATE},
        {"169.254.169.254", NET_FORBIDDEN},
        {"::ffff:169.254.169.254", NET_FORBIDDEN},
        {"64:ff9b::a9fe:a9fe", NET_FORBIDDEN},
        {"fe80::1", NET_FORBIDDEN},
        {"febf::1", NET_FORBIDDEN},
        {"0.0.0.0", NET_FORBIDDEN},
        {"::", NET_FORBIDDEN},
        {"::127.0.0.1", NET_FORBIDDEN},
        {"::169.254.169.254", NET_FORBIDDEN},
        {"2001:0:7f00:1::", NET_FORBIDDEN},
        {"2001:db8::1", NET_PUBLIC},
        {"2001:4860:4860::8888", NET_PUBLIC},
        {"64:ff9b:1::a00:1", NET_PRIVATE},
        {"100::1", NET_FORBIDDEN},
        {"168.63.129.16", NET_FORBIDDEN},
        {"::ffff:168.63.129.16", NET_FORBIDDEN},
        {"168.63.129.17", NET_PUBLIC},
        {"224.0.0.1", NET_FORBIDDEN},
        {"255.255.255.255", NET_FORBIDDEN},
        {"ff02::1", NET_FORBIDDEN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        if (net_place(address(CASES[i].text)) != CASES[i].place)
            fail_msg("%s is in place %d", CASES[i].text, (int)net_place(address(CASES[i].text)));
}

static void test_a_unix_socket_is_no_place(void **state)
{
    const struct sockaddr s = {.sa_family = AF_UNIX};
    (void)state;
    assert_int_equal(net_place(&s), NET_FORBIDDEN);
}

static bool loopback(const char *host)
{
    return net_is_loopback_host(host, strlen(host));
}

static void test_loopback_hosts(void **state)
{
    (void)state;
    assert_true(loopback("localhost"));
    assert_true(loopback("LocalHost"));
    assert_true(loopback("127.0.0.1"));
    assert_true(loopback("127.9.9.9"));
    assert_true(loopback("::1"));
    assert_true(loopback("[::1]"));
    assert_false(loopback("mail.localhost"));
    assert_false(loopback("localhost.example"));
    assert_false(loopback("127.0.0.1.example"));
    assert_false(loopback("128.0.0.1"));
    assert_false(loopback("10.0.0.1"));
    assert_false(loopback(""));
    assert_false(loopback("[]"));
}

static void test_hosts_of_urls(void **state)
{
    static const struct {
        const char *url, *host;
    } CASES[] = {
        {"smtp://mail.example:25", "mail.example"},
        {"smtps://mail.example", "mail.example"},
        {"https://u:p@host.example:8/a@b", "host.example"},
        {"nats://u:p@w@host:4222", "host"},
        {"http://[::1]:80/x", "[::1]"},
        {"http://127.0.0.1@evil.example/", "evil.example"},
        {"http://evil.example#@127.0.0.1/", "evil.example"},
    };
    const char *host;
    size_t n;
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        assert_true(net_url_host(CASES[i].url, &host, &n));
        assert_int_equal(n, strlen(CASES[i].host));
        assert_memory_equal(host, CASES[i].host, n);
    }
    assert_false(net_url_host("mail.example:25", &host, &n));
    assert_false(net_url_host("smtp://", &host, &n));
    assert_false(net_url_host("smtp://:25", &host, &n));
}

static void test_lists(void **state)
{
    static const char LIST[] = " 10.1.0.0/16  192.168.1.5 fd00::/8 ";
    struct error err;
    (void)state;
    assert_true(net_list_has(LIST, address("10.1.255.1")));
    assert_false(net_list_has(LIST, address("10.2.0.1")));
    assert_true(net_list_has(LIST, address("192.168.1.5")));
    assert_false(net_list_has(LIST, address("192.168.1.6")));
    assert_true(net_list_has(LIST, address("fd12::1")));
    assert_true(net_list_has(LIST, address("::ffff:10.1.0.1")));
    assert_false(net_list_has("", address("10.1.0.1")));
    assert_false(net_list_has(NULL, address("10.1.0.1")));
    assert_true(net_list_has("0.0.0.0/0", address("8.8.8.8")));
    assert_false(net_list_has("0.0.0.0/0", address("2606::1")));
    assert_true(net_list_check(LIST, "networks", &err));
    assert_true(net_list_check("", "networks", &err));
    static const char *const WRONG[] = {"10.1.0.0/33", "10.1.0.0/", "10.1.0.0/x", "10.1.0.0/8x",
                                        "example.com", "/8",        "fd00::/129"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        if (net_list_check(WRONG[i], "networks", &err))
            fail_msg("%s passes", WRONG[i]);
}

static bool needs(enum net_tls tls, const char *host)
{
    return net_needs_tls(tls, host, strlen(host));
}

static void test_tls_is_needed_beyond_this_machine(void **state)
{
    (void)state;
    assert_true(needs(NET_TLS_AUTO, "db.example"));
    assert_true(needs(NET_TLS_AUTO, "10.0.0.5"));
    assert_false(needs(NET_TLS_AUTO, "127.0.0.1"));
    assert_true(needs(NET_TLS_REQUIRED, "127.0.0.1"));
    assert_false(needs(NET_TLS_OFF, "db.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),         cmocka_unit_test(test_a_unix_socket_is_no_place),
        cmocka_unit_test(test_loopback_hosts), cmocka_unit_test(test_hosts_of_urls),
        cmocka_unit_test(test_lists),          cmocka_unit_test(test_tls_is_needed_beyond_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
