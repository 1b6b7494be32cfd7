/* Messages between server processes: what was written is read, and what was cut or spoilt is refused as a whole. */
#include "base/frame.h"
#include "base/mem.h"
#include "web/hub/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct uuid PERSON = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
static const struct uuid SENDER = {{42}};

static void put_changes(struct buf *out)
{
    frame_head(out, &(struct frame_head){SENDER, 7, WIRE_CHANGES});
    wire_change(out, &(struct change){.kind = CHANGE_ENTRY,
                                      .customer = PERSON,
                                      .identity = SENDER,
                                      .json = (char *)(uintptr_t) "{\"a\":1}",
                                      .readers = ROLE_ADMIN,
                                      .closed_json = (char *)(uintptr_t) ""});
    wire_change(out, &(struct change){.kind = CHANGE_TASK, .visitor_json = (char *)(uintptr_t) "日本"});
}

static bool read_changes(const void *data, size_t n, struct changes *ret)
{
    struct frame f;
    struct frame_head head;
    return frame_open(&f, data, n, &head) && wire_take_changes(&f, ret);
}

static void changes_arrive(void **state)
{
    AUTO_BUF struct buf out = {0};
    struct changes got = {0};
    struct frame f;
    struct frame_head head;
    (void)state;
    put_changes(&out);
    assert_true(frame_open(&f, out.data, out.len, &head));
    assert_int_equal(head.seq, 7);
    assert_int_equal(head.kind, WIRE_CHANGES);
    assert_true(uuid_equal(&head.sender, &SENDER));
    assert_true(wire_take_changes(&f, &got));
    assert_int_equal(got.n, 2);
    assert_int_equal(got.items[0].kind, CHANGE_ENTRY);
    assert_int_equal(got.items[0].readers, ROLE_ADMIN);
    assert_true(uuid_equal(&got.items[0].customer, &PERSON));
    assert_string_equal(got.items[0].json, "{\"a\":1}");
    assert_string_equal(got.items[0].closed_json, "");
    assert_null(got.items[0].visitor_json);
    assert_null(got.items[1].json);
    assert_string_equal(got.items[1].visitor_json, "日本");
    changes_clear(&got);
}

static void a_cut_message_is_refused(void **state)
{
    AUTO_BUF struct buf out = {0};
    (void)state;
    put_changes(&out);
    size_t first = 0; /* a message that ends after its first change is a whole one */
    for (size_t n = 0; n < out.len; n++) {
        struct changes got = {0};
        AUTO_FREE char *exact = mem_alloc(n + !n); /* so that the sanitizer sees a step beyond */
        memcpy(exact, out.data, n);
        if (read_changes(exact, n, &got)) {
            assert_true(n == FRAME_HEAD_SIZE || !first);
            first = n > FRAME_HEAD_SIZE ? n : first;
        }
        changes_clear(&got);
    }
    assert_true(first > 0);
}

static void what_is_out_of_range_is_refused(void **state)
{
    AUTO_BUF struct buf out = {0};
    struct changes got = {0};
    (void)state;
    put_changes(&out);
    out.data[FRAME_HEAD_SIZE] = CHANGE_KINDS_;
    assert_false(read_changes(out.data, out.len, &got));
    changes_clear(&got);
    out.data[FRAME_HEAD_SIZE] = CHANGE_ENTRY;
    memset(out.data + FRAME_HEAD_SIZE + 48, 0x7f, 8); /* the length of the first text */
    assert_false(read_changes(out.data, out.len, &got));
    changes_clear(&got);
    out.data[6]++; /* another format */
    assert_false(read_changes(out.data, out.len, &got));
}

static void a_text_that_no_screen_takes_is_refused(void **state)
{
    const char *const bad[] = {"a\xff", "\xc3", "a\0b"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO_BUF struct buf out = {0};
        size_t n = strlen(bad[i]) + (i == 2 ? 2 : 0);
        frame_number(&out, n);
        buf_add(&out, bad[i], n);
        struct frame f = {(uint8_t *)out.data, (uint8_t *)out.data + out.len, false};
        assert_null(frame_take_text(&f));
        assert_true(f.broken);
    }
}

static void presence_arrives(void **state)
{
    AUTO_BUF struct buf out = {0};
    struct wire_presence p = {.customer = PERSON,
                              .visitor_types = true,
                              .visitor_here = true,
                              .readers = ROLE_SUPERVISOR,
                              .visit = "{}",
                              .n = 1,
                              .agents = {{SENDER, true, "Mia"}}},
                         got;
    (void)state;
    wire_presence(&out, &p);
    struct frame f = {(uint8_t *)out.data, (uint8_t *)out.data + out.len, false};
    assert_true(wire_take_presence(&f, &got));
    assert_true(got.visitor_here && !got.says && got.readers == ROLE_SUPERVISOR);
    assert_string_equal(got.visit, "{}");
    assert_true(got.visitor_types && got.n == 1 && got.agents[0].typing);
    assert_string_equal(got.agents[0].name, "Mia");
    wire_presence_clear(&got);
    out.data[50] = WIRE_PRESENT_MAX + 1;
    f = (struct frame){(uint8_t *)out.data, (uint8_t *)out.data + out.len, false};
    assert_false(wire_take_presence(&f, &got));
    wire_presence_clear(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_arrive),
        cmocka_unit_test(a_cut_message_is_refused),
        cmocka_unit_test(what_is_out_of_range_is_refused),
        cmocka_unit_test(a_text_that_no_screen_takes_is_refused),
        cmocka_unit_test(presence_arrives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
