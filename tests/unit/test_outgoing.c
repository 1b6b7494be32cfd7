/* What waits for a WebSocket: its frames' heads (RFC 6455 §5.2), and how many go into one write. */

#include "base/mem.h"
#include "web/socket/outgoing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct message *of_size(size_t n)
{
    AUTO_FREE char *text = mem_alloc(n + 1);
    memset(text, 'x', n);
    return message_new(text, n);
}

static void a_frame_says_its_length(void **state)
{
    static const struct {
        size_t n, n_head;
        unsigned char head[10];
    } CASES[] = {{0, 2, {0x81, 0}},
                 {125, 2, {0x81, 125}},
                 {126, 4, {0x81, 126, 0, 126}},
                 {65535, 4, {0x81, 126, 0xff, 0xff}},
                 {65536, 10, {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct message *m = of_size(CASES[i].n);
        assert_int_equal(m->n, CASES[i].n + CASES[i].n_head);
        assert_memory_equal(m->data, CASES[i].head, CASES[i].n_head);
        assert_true(CASES[i].n == 0 || m->data[m->n - 1] == 'x');
        message_unref(m);
    }
    struct message *ping = message_ping();
    assert_int_equal(ping->n, 3);
    assert_memory_equal(ping->data, "\x89\x01?", 3);
    message_unref(ping);
}

static void add_all(struct outgoing *o, struct message *const *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        outgoing_add(o, all[i]);
}

static void what_sockets_get_alike_is_joined_once(void **state)
{
    struct message *all[] = {of_size(3), of_size(200), of_size(7)};
    struct outgoing first = {0}, second = {0}, other = {0};
    struct joint joint = {0};
    (void)state;
    add_all(&first, all, 3);
    add_all(&second, all, 3);
    add_all(&other, all, 2);
    struct message *a = outgoing_take(&first, &joint), *b = outgoing_take(&second, &joint);
    struct message *c = outgoing_take(&other, &joint);
    assert_ptr_equal(a, b);
    assert_int_equal(a->frames, 3);
    assert_int_equal(a->n, all[0]->n + all[1]->n + all[2]->n);
    assert_memory_equal(a->data + all[0]->n, all[1]->data, all[1]->n);
    assert_ptr_not_equal(a, c);
    assert_int_equal(c->frames, 2);
    assert_null(outgoing_take(&first, &joint));
    assert_int_equal(first.bytes, 0);
    message_unref(a);
    message_unref(b);
    message_unref(c);
    joint_clear(&joint);
    outgoing_clear(&first);
    outgoing_clear(&second);
    outgoing_clear(&other);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        message_unref(all[i]);
}

/* In their order, whatever the ring has been through: a large one alone, without a copy. */
static void a_write_has_a_bound(void **state)
{
    struct outgoing o = {0};
    struct joint joint = {0};
    struct message *large = of_size(OUTGOING_JOINED_MAX), *small = of_size(20000);
    static const size_t FRAMES[] = {1, 3, 2, 1};
    (void)state;
    outgoing_add(&o, large);
    for (int i = 0; i < 5; i++)
        outgoing_add(&o, small);
    outgoing_add(&o, large);
    for (size_t i = 0; i < COUNT_OF(FRAMES); i++) {
        struct message *m = outgoing_take(&o, &joint);
        assert_int_equal(m->frames, FRAMES[i]);
        assert_true(m == large || m->n <= OUTGOING_JOINED_MAX);
        message_unref(m);
    }
    assert_int_equal(o.n, 0);
    outgoing_clear(&o);
    joint_clear(&joint);
    message_unref(large);
    message_unref(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_says_its_length),
        cmocka_unit_test(what_sockets_get_alike_is_joined_once),
        cmocka_unit_test(a_write_has_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
