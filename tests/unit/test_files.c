/* Which file a path names, and what part of it is asked for. */
#include "base/mem.h"
#include "web/http/file.h"
#include "web/http/range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void place_is(const char *path, bool demo, const char *root, const char *below)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct file_place place;
    assert_true(file_find(a, "/web", demo, path, &place));
    assert_string_equal(place.root, root);
    if (below)
        assert_string_equal(place.path, below);
    else
        assert_null(place.path);
}

static void a_path_names_a_file_of_its_folder(void **state)
{
    (void)state;
    place_is("/", false, "/web/console/dist", "index.html");
    place_is("/index.html", false, "/web/console/dist", "index.html");
    place_is("/assets/a.js", false, "/web/console/dist/assets", "a.js");
    place_is("/widget/x", false, "/web/widget/dist", "x");
    place_is("/widget.js", false, "/web/widget/dist", "widget.js");
    place_is("/widget.js/x", false, "/web/console/dist", "widget.js/x");
    place_is("/demo/", true, "/web/widget/demo", "index.html");
    place_is("/demo/", false, "/web/console/dist", "demo/index.html");
    place_is("/demo", true, "/demo/", NULL);
    place_is("//evil.example", true, "/web/console/dist", "/evil.example");
}

static void types_are_known_by_the_names_end(void **state)
{
    (void)state;
    assert_string_equal(file_type("a.b/c.HTML"), "text/html; charset=utf-8");
    assert_string_equal(file_type("x.js"), "text/javascript; charset=utf-8");
    assert_string_equal(file_type("x.js.map"), "application/json");
    assert_string_equal(file_type("js"), "application/octet-stream");
}

static void range_is(const char *value, enum file_part part, int64_t begin, int64_t n)
{
    int64_t got_begin, got_n;
    if (range_read(value, 1000, &got_begin, &got_n) != part)
        fail_msg("%s", value);
    if (part != FILE_OUTSIDE && (got_begin != begin || got_n != n))
        fail_msg("%s: %lld, %lld", value, (long long)got_begin, (long long)got_n);
}

static void a_range_is_read(void **state)
{
    (void)state;
    range_is("bytes=0-0", FILE_PART, 0, 1);
    range_is("bytes=10-19", FILE_PART, 10, 10);
    range_is("Bytes=999-", FILE_PART, 999, 1);
    range_is("bytes=500-5000", FILE_PART, 500, 500);
    range_is("bytes=-1", FILE_PART, 999, 1);
    range_is("bytes=-5000", FILE_PART, 0, 1000);
    range_is("bytes=1000-", FILE_OUTSIDE, 0, 0);
    range_is("bytes=1000-2000", FILE_OUTSIDE, 0, 0);
    range_is("bytes=-0", FILE_OUTSIDE, 0, 0);
    static const char *const NONE[] = {NULL,
                                       "",
                                       "bytes",
                                       "bytes=",
                                       "bytes=-",
                                       "bytes=a-b",
                                       "bytes=5-4",
                                       "bytes=0-1,3-4",
                                       "lines=0-1",
                                       "bytes=+1-2",
                                       "bytes=1-2 ",
                                       "bytes= 1-2",
                                       "bytes=--5",
                                       "bytes=9999999999999999999-",
                                       "bytes=0-9999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(NONE); i++)
        range_is(NONE[i], FILE_WHOLE, 0, 1000);
    int64_t begin, n;
    assert_int_equal(range_read("bytes=0-", 0, &begin, &n), FILE_OUTSIDE);
    assert_int_equal(range_read("bytes=-5", 0, &begin, &n), FILE_OUTSIDE);
}

static void an_etag_is_found_whole(void **state)
{
    (void)state;
    assert_true(etag_listed("\"a-1\"", "\"a-1\""));
    assert_true(etag_listed("W/\"a-1\"", "\"a-1\""));
    assert_true(etag_listed("\"x\", \"a-1\" , \"y\"", "\"a-1\""));
    assert_true(etag_listed("*", "\"a-1\""));
    assert_false(etag_listed(NULL, "\"a-1\""));
    assert_false(etag_listed("", "\"a-1\""));
    assert_false(etag_listed("\"a-12\"", "\"a-1\""));
    assert_false(etag_listed("a-1", "\"a-1\""));
}

#define BR 1U
#define GZIP 2U

static void packed_is_taken_by_who_says_so(void **state)
{
    (void)state;
    assert_string_equal(CODINGS[0].name, "br");
    assert_string_equal(CODINGS[1].name, "gzip");
    assert_int_equal(codings_accepted("gzip"), GZIP);
    assert_int_equal(codings_accepted("br, GZIP;q=0.5"), BR | GZIP);
    assert_int_equal(codings_accepted("deflate,gzip , br"), BR | GZIP);
    assert_int_equal(codings_accepted(NULL), 0);
    assert_int_equal(codings_accepted(""), 0);
    assert_int_equal(codings_accepted("identity"), 0);
    assert_int_equal(codings_accepted("gzip;q=0"), 0);
    assert_int_equal(codings_accepted("gzip; q=0.000, br"), BR);
    assert_int_equal(codings_accepted("x-gzip, brr, b"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_names_a_file_of_its_folder),
        cmocka_unit_test(types_are_known_by_the_names_end),
        cmocka_unit_test(a_range_is_read),
        cmocka_unit_test(an_etag_is_found_whole),
        cmocka_unit_test(packed_is_taken_by_who_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
