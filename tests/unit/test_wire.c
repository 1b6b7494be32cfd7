#include "web/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct uuid CUSTOMER = {{1, 2, 3}}, IDENTITY = {{4, 5, 6}}, SENDER = {{7, 8, 9}};

static struct buf message(uint8_t kind, const struct buf *body)
{
    struct buf out = {0};
    frame_head(&out, &(struct frame_head){SENDER, 77, kind});
    buf_add(&out, body->data, body->len);
    return out;
}

static bool read_changes(const char *data, size_t n, struct changes *ret)
{
    struct frame f;
    struct frame_head head;
    return frame_open(&f, data, n, &head) && head.kind == WIRE_CHANGES && wire_take_changes(&f, ret);
}

static void test_changes_arrive_as_they_were_sent(void **state)
{
    (void)state;
    const struct change sent = {.kind = CHANGE_ENTRY,
                                .customer = CUSTOMER,
                                .identity = IDENTITY,
                                .readers = ROLE_ADMIN,
                                .json = (char[]){"{\"a\":1}"},
                                .visitor_json = (char[]){""}};
    AUTO_BUF struct buf body = {0};
    wire_change(&body, &sent);
    wire_change(&body, &sent);
    AUTO_BUF struct buf all = message(WIRE_CHANGES, &body);
    struct changes got = {0};
    assert_true(read_changes(all.data, all.len, &got));
    assert_int_equal(got.n, 2);
    const struct change *c = &got.items[1];
    assert_int_equal(c->kind, CHANGE_ENTRY);
    assert_true(uuid_equal(&c->customer, &CUSTOMER) && uuid_equal(&c->identity, &IDENTITY));
    assert_int_equal(c->readers, ROLE_ADMIN);
    assert_string_equal(c->json, "{\"a\":1}");
    assert_null(c->closed_json);
    assert_string_equal(c->visitor_json, "");
    changes_clear(&got);
}

/* The last field's every length but its own, and a kind that this release does not know. */
static void test_what_cannot_be_read_is_refused_as_a_whole(void **state)
{
    (void)state;
    AUTO_BUF struct buf body = {0};
    wire_change(&body, &(struct change){.kind = CHANGE_CUSTOMER, .customer = CUSTOMER, .json = (char[]){"{}"}});
    AUTO_BUF struct buf all = message(WIRE_CHANGES, &body);
    for (size_t n = 0; n < all.len; n++) {
        struct changes got = {0};
        assert_true(!read_changes(all.data, n, &got) || (n == FRAME_HEAD_SIZE && got.n == 0));
        changes_clear(&got);
    }
    struct changes got = {0};
    all.data[FRAME_HEAD_SIZE] = CHANGE_TASK + 1;
    assert_false(read_changes(all.data, all.len, &got));
    changes_clear(&got);
    all.data[0] = 'X';
    assert_false(read_changes(all.data, all.len, &got));
}

static bool read_presence(const struct buf *body, size_t n, struct wire_presence *ret)
{
    AUTO_BUF struct buf all = message(WIRE_PRESENCE, body);
    struct frame f;
    struct frame_head head;
    *ret = (struct wire_presence){0};
    return frame_open(&f, all.data, FRAME_HEAD_SIZE + n, &head) && head.seq == 77 && wire_take_presence(&f, ret);
}

static void test_presence(void **state)
{
    (void)state;
    struct wire_presence sent = {.customer = CUSTOMER, .visitor_types = true, .n = WIRE_PRESENT_MAX}, got;
    for (size_t i = 0; i < sent.n; i++)
        sent.agents[i] = (struct present){IDENTITY, i == 0, i ? "Mia" : NULL};
    AUTO_BUF struct buf body = {0};
    wire_presence(&body, &sent);
    assert_true(read_presence(&body, body.len, &got));
    assert_int_equal(got.n, WIRE_PRESENT_MAX);
    assert_true(got.visitor_types && got.agents[0].typing && !got.agents[1].typing);
    assert_null(got.agents[0].name);
    assert_string_equal(got.agents[1].name, "Mia");
    wire_presence_clear(&got);
    for (size_t n = 0; n < body.len; n++) {
        assert_false(read_presence(&body, n, &got));
        wire_presence_clear(&got);
    }
    body.data[sizeof(struct uuid) + 8] = WIRE_PRESENT_MAX + 1; /* their number */
    assert_false(read_presence(&body, body.len, &got));
    wire_presence_clear(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes_arrive_as_they_were_sent),
        cmocka_unit_test(test_what_cannot_be_read_is_refused_as_a_whole),
        cmocka_unit_test(test_presence),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
