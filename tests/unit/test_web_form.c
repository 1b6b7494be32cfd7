/* Forms: what is read of them, and what is none. */
#include "arena_kit.h"
#include "form_kit.h"

#include "channel/web_form.h"

static bool read_as(const char *type, const char *body, size_t n, struct web_form *ret)
{
    struct error err = {0};
    struct web_request request = test_post(arena, body, n, NULL);
    request.content_type = type;
    bool good = web_form_read(&request, arena, ret, &err);
    assert_int_equal(good, err.code == ERR_NONE);
    return good;
}

static void value_is(const struct web_form *form, const char *name, const char *value, size_t n)
{
    const struct web_field *field = web_form_last(form, name);
    if (!field || field->n != n || memcmp(field->value, value, n) != 0)
        fail_msg("%s is not '%s'", name, value);
}

static void test_fields(void **state)
{
    (void)state;
    struct web_form form;
    AUTO_BUF struct buf body = {0};
    form_text(&body, "a", "1");
    form_text(&body, "empty", "");
    form_part(&body, "file", "; filename=\"r\xc3\xa9sum\xc3\xa9.txt\"\r\nContent-Type: Text/Plain; charset=iso-8859-1",
              "a\0b\r\n--xYzZ", 12);
    form_part(&body, "other", "; filename=\"\"", "\r\n", 2);
    form_text(&body, "a", "2");
    form_end(&body);
    assert_true(read_as(FORM_TYPE, body.data, body.len, &form));
    assert_int_equal(form.n, 5);
    value_is(&form, "a", "2", 1); /* the last one counts */
    value_is(&form, "empty", "", 0);
    value_is(&form, "file", "a\0b\r\n--xYzZ", 12);
    value_is(&form, "other", "\r\n", 2);
    const struct web_field *file = web_form_last(&form, "file");
    assert_string_equal(file->file, "r\xc3\xa9sum\xc3\xa9.txt");
    assert_string_equal(file->type, "text/plain");
    assert_string_equal(file->charset, "iso-8859-1");
    assert_string_equal(web_form_last(&form, "other")->file, "");
    assert_null(web_form_last(&form, "a")->file);
    assert_null(web_form_last(&form, "none"));
}

static void test_values_are_not_copied(void **state)
{
    (void)state;
    struct web_form form;
    struct error err = {0};
    AUTO_BUF struct buf body = {0};
    form_text(&body, "a", "value");
    form_end(&body);
    struct web_request request = test_post(arena, body.data, body.len, NULL);
    request.content_type = FORM_TYPE;
    assert_true(web_form_read(&request, arena, &form, &err));
    assert_in_range((uintptr_t)form.fields[0].value, (uintptr_t)request.body, (uintptr_t)request.body + body.len);
}

#define PART "Content-Disposition: form-data; name=\"a\"\r\n\r\n"

static void test_framing(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body;
        int n; /* -1: no form */
    } CASES[] = {
        {"multipart/form-data; boundary=b", "--b\r\n" PART "1\r\n--b--\r\n", 1},
        {"multipart/form-data; boundary=\"b b\"", "--b b\r\n" PART "1\r\n--b b--", 1},
        {"Multipart/Form-Data;charset=utf-8; boundary=b", "--b  \r\n" PART "1\r\n--b\t\r\n" PART "2\r\n--b--anything",
         2},
        {"multipart/form-data; boundary=b", "preamble\r\n--b\r\n" PART "1\r\n--b--", 1},
        {"multipart/form-data; boundary=b", "--b--\r\n", 0},
        {"multipart/form-data; boundary=b", "--b\r\n--b--\r\n", 0},
        {"multipart/form-data; boundary=b", "--b\r\n\r\n--b--\r\n", 0},
        {"multipart/form-data; boundary=b", "--b\r\nX: y\r\n\r\nno name\r\n--b--\r\n", 0},
        {"multipart/form-data; boundary=b", "--b\r\n" PART "--b--\r\n--b--\r\n",
         1}, /* not at the beginning of a line's end */
        {"multipart/form-data; boundary=b", "--b\r\n" PART "1\r\n--bb\r\n--b--\r\n", 1},
        {"multipart/form-data; boundary=b", "--b\r\n" PART "1\r\n", -1}, /* cut off */
        {"multipart/form-data; boundary=b", "--b\r\n" PART "1\r\n--b", -1},
        {"multipart/form-data; boundary=b", "--b\r\n" PART "1\r\n--b\r\n", -1},
        {"multipart/form-data; boundary=b", "--b\r\n" PART "1\r\n--b\r\n" PART "2", -1},
        {"multipart/form-data; boundary=b", "--b\n" PART "1\n--b--\n", -1},
        {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n--b--", -1},
        {"multipart/form-data; boundary=c", "--b\r\n" PART "1\r\n--b--\r\n", -1},
        {"multipart/form-data; boundary=b", "", -1},
        {"multipart/form-data", "--b\r\n" PART "1\r\n--b--\r\n", -1},
        {"multipart/form-data; boundary=\"\"", "--\r\n" PART "1\r\n----\r\n", -1},
        {"multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890x", "",
         -1},
        {"multipart/mixed; boundary=b", "--b\r\n" PART "1\r\n--b--\r\n", -1},
        {"text/plain", "a=1", -1},
        {"", "a=1", -1},
        {"application/x-www-form-urlencodedx", "a=1", -1},
        {"application/x-www-form-urlencoded", "a=1&b=2&&a", 3},
        {"application/x-www-form-urlencoded; charset=utf-8", "", 0},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct web_form form;
        bool good = read_as(CASES[i].type, CASES[i].body, strlen(CASES[i].body), &form);
        if ((good ? (int)form.n : -1) != CASES[i].n)
            fail_msg("case %zu: %d", i, good ? (int)form.n : -1);
    }
}

static void test_urlencoded(void **state)
{
    (void)state;
    struct web_form form;
    static const char BODY[] = "a=1%2B2+3&b=%00%ff%zz&a=last&c&%61b=x=y";
    assert_true(read_as("application/x-www-form-urlencoded", BODY, sizeof(BODY) - 1, &form));
    value_is(&form, "a", "last", 4);
    value_is(&form, "b", "\0\xff%zz", 5);
    value_is(&form, "c", "", 0);
    value_is(&form, "ab", "x=y", 3);
    assert_string_equal(form.fields[0].value, "1+2 3");
}

static void test_charsets(void **state)
{
    (void)state;
    struct web_form form;
    AUTO_BUF struct buf body = {0};
    form_text(&body, "named", "caf\xe9");
    form_part(&body, "own", "\r\nContent-Type: text/plain; charset=shift_jis", "\x82\xa0", 2);
    form_text(&body, "utf8", "caf\xc3\xa9");
    form_end(&body);
    assert_true(read_as(FORM_TYPE, body.data, body.len, &form));
    assert_string_equal(web_form_text(arena, &form, "named", "iso-8859-1", 0), "café");
    assert_string_equal(web_form_text(arena, &form, "own", "iso-8859-1", 0), "あ");
    assert_string_equal(web_form_text(arena, &form, "utf8", NULL, 0), "café");
    assert_string_equal(web_form_text(arena, &form, "utf8", NULL, 3), "caf");
    assert_null(web_form_text(arena, &form, "none", NULL, 0));
}

static void test_bounds(void **state)
{
    (void)state;
    struct web_form form;
    AUTO_BUF struct buf many = {0}, pairs = {0}, header = {0}, name = {0};
    for (int i = 0; i < WEB_FORM_FIELDS_MAX; i++) {
        form_text(&many, "a", "1");
        buf_puts(&pairs, "a=1&");
    }
    size_t n = many.len;
    form_end(&many);
    assert_true(read_as(FORM_TYPE, many.data, many.len, &form));
    assert_int_equal(form.n, WEB_FORM_FIELDS_MAX);
    many.len = n;
    form_text(&many, "a", "1");
    form_end(&many);
    assert_false(read_as(FORM_TYPE, many.data, many.len, &form));
    assert_true(read_as("application/x-www-form-urlencoded", pairs.data, pairs.len, &form));
    buf_puts(&pairs, "b=1");
    assert_false(read_as("application/x-www-form-urlencoded", pairs.data, pairs.len, &form));

    buf_puts(&header, "--" FORM_BOUNDARY "\r\n");
    for (int i = 0; i < WEB_FORM_HEADER_MAX / 8; i++)
        buf_puts(&header, "X: 12345\r\n");
    buf_puts(&header, PART "1\r\n");
    form_end(&header);
    assert_false(read_as(FORM_TYPE, header.data, header.len, &form));

    for (int i = 0; i <= WEB_FORM_NAME_MAX; i++)
        buf_puts(&name, "n");
    AUTO_BUF struct buf body = {0};
    form_text(&body, name.data, "1");
    form_text(&body, "b", "2");
    form_end(&body);
    assert_true(read_as(FORM_TYPE, body.data, body.len, &form)); /* none of ours: left out */
    assert_int_equal(form.n, 1);
    value_is(&form, "b", "2", 1);
}

/* Many beginnings of a delimiter are looked at once each. */
static void test_linear_time(void **state)
{
    (void)state;
    struct web_form form;
    AUTO_BUF struct buf body = {0};
    buf_puts(&body, "--" FORM_BOUNDARY "\r\n" PART);
    for (int i = 0; i < 1000000; i++)
        buf_puts(&body, "\r\n--" FORM_BOUNDARY "x");
    buf_puts(&body, "\r\n");
    form_end(&body);
    int64_t before = clock_monotonic();
    assert_true(read_as(FORM_TYPE, body.data, body.len, &form));
    assert_true(clock_monotonic() - before < 10 * SECOND_MS);
    assert_int_equal(form.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_values_are_not_copied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_framing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_urlencoded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_charsets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bounds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_linear_time, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web_form", tests, NULL, NULL);
}
