/* The list of database hosts. */
#include "db/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void check(const char *hosts, size_t n, const char *name, unsigned port)
{
    struct db_config config = {.host = hosts, .port = 3306};
    struct host host;
    assert_true(host_at(&config, n, &host));
    assert_string_equal(host.name, name);
    assert_int_equal(host.port, port);
}

static void hosts_are_read(void **state)
{
    const char *hosts = " db1, db2:3307 [::1]:3308,[fe80::2] ";
    struct host host;
    (void)state;
    assert_int_equal(host_count(hosts), 4);
    check(hosts, 0, "db1", 3306);
    check(hosts, 1, "db2", 3307);
    check(hosts, 2, "::1", 3308);
    check(hosts, 3, "fe80::2", 3306);
    assert_false(host_at(&(struct db_config){.host = hosts}, 4, &host));
    assert_int_equal(host_count(""), 0);
    assert_int_equal(host_count(" , "), 0);
}

static void an_address_may_stand_without_brackets(void **state)
{
    (void)state;
    check("::1", 0, "::1", 3306);
    check("db1,2001:db8::5", 1, "2001:db8::5", 3306);
}

static void wrong_ones_are_told(void **state)
{
    static const char *const WRONG[] = {"db1:",   "db1:x",  "db1:0",     "db1:65536", ":3306",  "[::1",          "[]",
                                        "[::1]x", "[::1]:", "db1, db2:", " , ",       "db1:+5", "db1:4294970602"};
    struct error err;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        err = (struct error){0};
        assert_false(hosts_check(&(struct db_config){.host = WRONG[i], .port = 3306}, &err));
        assert_string_equal(err.field, "host");
    }
    assert_true(hosts_check(&(struct db_config){.host = "", .port = 3306}, &err));
    assert_true(hosts_check(&(struct db_config){.host = "a, b:1 [::1]:65535", .port = 3306}, &err));
}

static void all_go_on_to_the_next_once(void **state)
{
    (void)state;
    host_good(0);
    host_bad(0, 3);
    host_bad(0, 3); /* another connection that had it */
    assert_int_equal(host_first(), 1);
    host_bad(1, 3);
    host_bad(2, 3);
    assert_int_equal(host_first(), 0);
    host_bad(0, 0); /* by the socket */
    assert_int_equal(host_first(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_read),
        cmocka_unit_test(an_address_may_stand_without_brackets),
        cmocka_unit_test(wrong_ones_are_told),
        cmocka_unit_test(all_go_on_to_the_next_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
