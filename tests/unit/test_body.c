/* Bodies of requests: memory, disk, whose they are, and what they cost. */
#include "base/mem.h"
#include "web/http/body.h"
#include "web/loop/index.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct bodies all;
static char folder[] = "/tmp/throughline-body-XXXXXX";

static int set_up(void **state)
{
    char path[64];
    (void)state;
    all = (struct bodies){.by_group = index_new()};
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/tmp", folder);
    return mkdir(path, 0700);
}

static int tear_down(void **state)
{
    char path[64];
    (void)state;
    index_free(all.by_group);
    snprintf(path, sizeof(path), "%s/tmp", folder);
    rmdir(path);
    return rmdir(folder);
}

static char byte_at(size_t i)
{
    return (char)(i * 31 + i / 1000);
}

static void fill(struct body *b, size_t n, size_t piece)
{
    AUTO_FREE char *bytes = malloc(piece);
    for (size_t at = 0; at < n; at += piece) {
        size_t now = n - at < piece ? n - at : piece;
        for (size_t i = 0; i < now; i++)
            bytes[i] = byte_at(at + i);
        assert_int_equal(body_add(b, bytes, now, 0), ERR_NONE);
    }
}

static void what_was_kept_comes_back_whole(void **state)
{
    static const size_t SIZES[] = {0,
                                   1,
                                   BODY_MEMORY_MAX - 1,
                                   BODY_MEMORY_MAX,
                                   BODY_MEMORY_MAX + 1,
                                   BODY_MEMORY_MAX + BODY_PIECE,
                                   2 * BODY_MEMORY_MAX + 4095,
                                   2 * BODY_MEMORY_MAX + 4096};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(SIZES); i++) {
        struct body b;
        body_init(&b, &all, folder);
        fill(&b, SIZES[i], 60001);
        assert_int_equal(all.total, SIZES[i]);
        assert_int_equal(all.spooled, SIZES[i] > BODY_MEMORY_MAX);
        struct http_body whole = body_take(&b);
        assert_int_equal(whole.len, SIZES[i]);
        assert_int_equal(whole.mapped, SIZES[i] > BODY_MEMORY_MAX);
        assert_int_equal(whole.data[whole.len], '\0');
        for (size_t at = 0; at < whole.len; at++)
            if (whole.data[at] != byte_at(at))
                fail_msg("%zu bytes: another one at %zu", whole.len, at);
        http_body_free(&whole);
        body_drop(&b);
        assert_int_equal(all.total, 0);
        assert_int_equal(all.spooled, 0);
    }
}

/* System calls that write, of this process so far. */
static unsigned long writes(void)
{
    unsigned long n = 0;
    char line[100];
    FILE *io = fopen("/proc/self/io", "r");
    while (io && fgets(line, sizeof(line), io))
        if (sscanf(line, "syscw: %lu", &n) == 1)
            break;
    if (io)
        fclose(io);
    return n;
}

static void bytes_that_come_one_by_one_are_not_written_one_by_one(void **state)
{
    struct body b;
    unsigned long before = writes();
    (void)state;
    body_init(&b, &all, folder);
    fill(&b, BODY_MEMORY_MAX + 600000, 1);
    assert_true(all.spooled == 1);
    assert_true(writes() - before < 10);
    body_drop(&b);
}

static void no_address_takes_all_there_is(void **state)
{
    static char bytes[1024 * 1024];
    struct body greedy[4], other, nobody;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(greedy); i++) {
        body_init(&greedy[i], &all, folder);
        greedy[i].group = 7;
        for (size_t n = 0; n < BODIES_ADDRESS_MAX / 4; n += sizeof(bytes))
            assert_int_equal(body_add(&greedy[i], bytes, sizeof(bytes), 0), ERR_NONE);
    }
    assert_false(bodies_have_room(&all, 7, 1));
    assert_int_equal(body_add(&greedy[0], bytes, 1, 0), ERR_BUSY);
    body_init(&other, &all, folder);
    other.group = 8;
    assert_true(bodies_have_room(&all, 8, BODIES_ADDRESS_MAX));
    assert_int_equal(body_add(&other, bytes, 1, 0), ERR_NONE);
    body_init(&nobody, &all, folder);
    assert_int_equal(body_add(&nobody, bytes, 1, 0), ERR_NONE);
    for (size_t i = 0; i < COUNT_OF(greedy); i++)
        body_drop(&greedy[i]);
    assert_true(bodies_have_room(&all, 7, BODIES_ADDRESS_MAX));
    body_drop(&other);
    body_drop(&nobody);
    assert_int_equal(all.total, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_comes_back_whole),
        cmocka_unit_test(bytes_that_come_one_by_one_are_not_written_one_by_one),
        cmocka_unit_test(no_address_takes_all_there_is),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
