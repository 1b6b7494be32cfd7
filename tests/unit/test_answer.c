/* The headers of every answer. */
#include "base/mem.h"
#include "web/http/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void head_has(struct http_answer a, const char *line, bool wanted)
{
    AUTO_BUF struct buf out = {0};
    answer_head(&out, &a);
    assert_string_equal(out.data + out.len - 4, "\r\n\r\n");
    if (!strstr(out.data, line) == wanted)
        fail_msg("%s%s: %s", wanted ? "" : "not ", line, out.data);
}

static void what_keeps_browsers_safe_is_in_every_answer(void **state)
{
    (void)state;
    for (int kind = 0; kind < ANSWER_KINDS_; kind++) {
        struct http_answer a = {.status = 200, .kind = (enum answer_kind)kind, .type = "text/plain", .length = 3};
        head_has(a, "HTTP/1.1 200 OK\r\n", true);
        head_has(a, "\r\nX-Content-Type-Options: nosniff\r\n", true);
        head_has(a, "\r\nReferrer-Policy: no-referrer\r\n", true);
        head_has(a, "\r\nX-Frame-Options: SAMEORIGIN\r\n", true);
        head_has(a, "\r\nCross-Origin-Opener-Policy: same-origin\r\n", true);
        head_has(a, "\r\nPermissions-Policy: ", true);
        head_has(a, "\r\nContent-Security-Policy: default-src ", true);
        head_has(a, "\r\nCross-Origin-Resource-Policy: same-origin\r\n", kind != ANSWER_SHARED);
        head_has(a, "\r\nCross-Origin-Resource-Policy: cross-origin\r\n", kind == ANSWER_SHARED);
        head_has(a, "\r\nAccess-Control-Allow-Origin: *\r\n", kind == ANSWER_SHARED);
        head_has(a, "Strict-Transport-Security", false);
        a.secure = true;
        head_has(a, "\r\nStrict-Transport-Security: max-age=31536000\r\n", true);
    }
}

static void a_handlers_own_header_takes_the_place_of_ours(void **state)
{
    struct http_answer a = {
        .status = 200,
        .type = "text/plain",
        .headers = "X: Referrer-Policy: x\r\nContent-Security-Policy: sandbox\r\nCache-Control: private\r\n"};
    (void)state;
    head_has(a, "\r\nContent-Security-Policy: sandbox\r\n", true);
    head_has(a, "default-src", false);
    head_has(a, "no-store", false);
    head_has(a, "\r\nReferrer-Policy: no-referrer\r\n", true);
}

static void a_length_is_told_where_there_is_one(void **state)
{
    (void)state;
    head_has((struct http_answer){.status = 200, .length = 34}, "\r\nContent-Length: 34\r\n", true);
    head_has((struct http_answer){.status = 404}, "\r\nContent-Length: 0\r\n", true);
    head_has((struct http_answer){.status = 204}, "Content-Length", false);
    head_has((struct http_answer){.status = 304, .length = 34}, "Content-Length", false);
    head_has((struct http_answer){.status = 200}, "Connection", false);
    head_has((struct http_answer){.status = 200, .close = true, .keep_alive_10 = true}, "\r\nConnection: close\r\n",
             true);
    head_has((struct http_answer){.status = 200, .keep_alive_10 = true}, "\r\nConnection: keep-alive\r\n", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_keeps_browsers_safe_is_in_every_answer),
        cmocka_unit_test(a_handlers_own_header_takes_the_place_of_ours),
        cmocka_unit_test(a_length_is_told_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
