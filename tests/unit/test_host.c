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
        cmocka_unit_test(all_go_on_to_the_next_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
