/* Days and clocks on walls, where clocks are changed, where they are not, and where a day was left out. */
#include "base/clock.h"
#include "base/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
    int64_t ret = -1;
    assert_true(time_parse(text, &ret));
    return ret;
}

static void assert_time(int64_t moment, const char *expected)
{
    char text[TIME_TEXT_SIZE];
    time_format(moment, text);
    assert_string_equal(text, expected);
}

static void test_a_zone_is_known_by_its_name(void **state)
{
    static const char *const NAMES[] = {"Asia/Tokyo", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+5", "Japan"};
    static const char *const NONE[] = {"",
                                       "Asia/Atlantis",
                                       "Tokyo",
                                       "+09:00",
                                       "JST-9",
                                       "asia/../UTC",
                                       "/etc/group",
                                       "Asia/Tokyo ",
                                       "EST5EDT,M3.2.0/2",
                                       "日本/東京",
                                       "Asia//Tokyo",
                                       "posix/Asia/Tokyo",
                                       "right/UTC",
                                       "posixrules",
                                       "localtime",
                                       "leapseconds",
                                       "Factory",
                                       "Asia"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        assert_non_null(zone_find(NAMES[i]));
        assert_string_equal(zone_find(NAMES[i])->name, NAMES[i]);
        assert_ptr_equal(zone_find(NAMES[i]), zone_find(NAMES[i]));
    }
    for (size_t i = 0; i < COUNT_OF(NONE); i++)
        assert_null(zone_find(NONE[i]));
}

static void test_the_machine_has_a_zone(void **state)
{
    (void)state;
    setenv("TZ", "Asia/Kathmandu", 1);
    assert_string_equal(zone_of_machine()->name, "Asia/Kathmandu");
    setenv("TZ", "JST-9", 1); /* no browser knows it */
    assert_string_equal(zone_of_machine()->name, "UTC");
    unsetenv("TZ");
    assert_non_null(zone_of_machine());
}

static void test_days_begin_where_the_desk_is(void **state)
{
    static const struct {
        const char *zone, *day, *begins, *ends;
    } DAYS[] = {
        {"UTC", "2026-11-21", "2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"},
        {"Asia/Tokyo", "2026-11-21", "2026-11-20T15:00:00.000Z", "2026-11-21T15:00:00.000Z"},
        {"Asia/Kathmandu", "2026-11-21", "2026-11-20T18:15:00.000Z", "2026-11-21T18:15:00.000Z"},      /* +05:45 */
        {"Pacific/Tongatapu", "2026-07-01", "2026-06-30T11:00:00.000Z", "2026-07-01T11:00:00.000Z"},   /* +13 */
        {"Pacific/Chatham", "2026-01-10", "2026-01-09T10:15:00.000Z", "2026-01-10T10:15:00.000Z"},     /* +13:45 */
        {"America/New_York", "2026-03-08", "2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z"},    /* 23 hours */
        {"America/New_York", "2026-11-01", "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"},    /* 25 hours */
        {"America/New_York", "2061-07-01", "2061-07-01T04:00:00.000Z", "2061-07-02T04:00:00.000Z"},    /* by the rule */
        {"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00.000Z", "2026-04-05T13:30:00.000Z"}, /* 24.5 */
        {"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00.000Z",
         "2018-11-05T02:00:00.000Z"}, /* it has no midnight */
        {"America/Havana", "2026-11-01", "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"}, /* … two of them */
        {"Africa/Cairo", "2010-08-11", "2010-08-10T21:00:00.000Z",
         "2010-08-11T22:00:00.000Z"}, /* four changes a year */
        {"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00.000Z",
         "2011-12-30T10:00:00.000Z"}, /* the 30th was left out */
        {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z", "2011-12-31T10:00:00.000Z"},
        {"America/St_Johns", "2010-11-07", "2010-11-07T02:30:00.000Z",
         "2010-11-08T03:30:00.000Z"}, /* back over midnight */
        {"Asia/Tokyo", "1969-12-31", "1969-12-30T15:00:00.000Z", "1969-12-31T15:00:00.000Z"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(DAYS); i++) {
        const struct zone *z = zone_find(DAYS[i].zone);
        char midnight[TIME_TEXT_SIZE];
        snprintf(midnight, sizeof(midnight), "%sT00:00:00Z", DAYS[i].day);
        int64_t begins = at(DAYS[i].begins), ends = at(DAYS[i].ends), noon = at(midnight) + DAY_MS / 2;
        int64_t day = (noon - DAY_MS * (noon < 0)) / DAY_MS;
        assert_int_equal(zone_day_begins(z, day), begins);
        assert_int_equal(zone_day(z, begins), day);
        assert_true(zone_day(z, begins - 1) < day);
        assert_int_equal(zone_day(z, ends - 1), day);
        assert_true(zone_day(z, ends) > day);
    }
}

#define HALF_HOUR (30 * MINUTE_MS)

/* Whatever clocks are changed to. */
static void test_days_never_go_back(void **state)
{
    static const char *const ZONES[] = {"America/St_Johns", "America/Havana", "Africa/Casablanca", "Pacific/Apia",
                                        "Asia/Beirut",      "Asia/Gaza",      "America/Asuncion",  "Antarctica/Troll"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ZONES); i++) {
        const struct zone *z = zone_find(ZONES[i]);
        assert_true(z->n_steps > 1);
        int64_t end = at("2036-01-01T00:00:00Z"), last = zone_day(z, 0);
        for (int64_t t = 0; t < end; t += HALF_HOUR) {
            int64_t day = zone_day(z, t);
            assert_true(day >= last);
            if (day != last)
                assert_true(zone_day_begins(z, day) > t - HALF_HOUR && zone_day_begins(z, day) <= t);
            last = day;
        }
    }
}

static void test_a_time_on_the_wall(void **state)
{
    static const struct {
        const char *zone, *wall, *moment;
    } TIMES[] = {
        {"UTC", "2026-11-02T14:30:00Z", "2026-11-02T14:30:00.000Z"},
        {"Asia/Tokyo", "2026-11-02T00:00:00Z", "2026-11-01T15:00:00.000Z"},
        {"Pacific/Tongatapu", "2026-11-02T00:00:00Z", "2026-11-01T11:00:00.000Z"},
        {"America/New_York", "2026-11-02T14:30:00Z", "2026-11-02T19:30:00.000Z"},
        {"America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00.000Z"}, /* there twice: the first */
        {"America/New_York", "2026-03-08T02:30:00Z", "2026-03-08T07:30:00.000Z"}, /* never there */
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(TIMES); i++)
        assert_time(zone_moment(zone_find(TIMES[i].zone), at(TIMES[i].wall)), TIMES[i].moment);
    const struct zone *tokyo = zone_find("Asia/Tokyo");
    assert_time(zone_wall(tokyo, at("2026-11-01T15:00:00Z")), "2026-11-02T00:00:00.000Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_zone_is_known_by_its_name),  cmocka_unit_test(test_the_machine_has_a_zone),
        cmocka_unit_test(test_days_begin_where_the_desk_is), cmocka_unit_test(test_days_never_go_back),
        cmocka_unit_test(test_a_time_on_the_wall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
