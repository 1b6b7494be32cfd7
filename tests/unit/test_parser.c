/* What a parser's thread and its process say to each other: what was written is read, whatever it holds, and what was cut or
 * spoilt is refused. */
#include "arena_kit.h"
#include "channel_kit.h"

#include "apart/sandbox.h"
#include "parser/message.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- random records: every member of every struct gets something, by the same table ---- */

static uint32_t seed;

static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static const char *some_text(void)
{
    static const char *const TEXTS[] = {"", "a", "日本語\n", "<p>x</p>", "0123456789 0123456789 0123456789"};
    uint32_t i = dice(COUNT_OF(TEXTS) + 1);
    return i < COUNT_OF(TEXTS) ? TEXTS[i] : NULL;
}

static void fill(const struct record *record, void *to, int depth);

static char *some_items(const struct record *record, size_t max, int depth, size_t *ret_n)
{
    *ret_n = depth < RECORD_DEPTH_MAX - 2 ? dice((uint32_t)max + 1) : 0;
    char *items = *ret_n ? arena_alloc(arena, *ret_n * record->size) : NULL;
    for (size_t i = 0; i < *ret_n; i++)
        fill(record, items + i * record->size, depth + 1);
    return items;
}

static void fill_field(const struct record_field *f, char *base, int depth)
{
    char *at = base + f->offset;
    size_t n;
    switch (f->kind) {
    case RECORD_TEXT:
    case RECORD_STRING:
        *(const char **)at = some_text();
        break;
    case RECORD_DATA:
        *(const char **)at = some_text() ? "da\0ta" : NULL;
        *(size_t *)(base + f->count) = *(const char **)at ? 5 : 0;
        break;
    case RECORD_NUMBER:
        *(int64_t *)at = dice(2) ? -(int64_t)dice(1000) : INT64_MAX - dice(1000);
        break;
    case RECORD_ENUM:
        *(unsigned *)at = dice((uint32_t)f->max + 1);
        break;
    case RECORD_BOOL:
        *(bool *)at = dice(2);
        break;
    case RECORD_UUID:
        for (int i = 0; i < 16; i++)
            at[i] = (char)dice(256);
        break;
    case RECORD_WITHIN:
        fill(f->record, at, depth + 1);
        break;
    case RECORD_POINTER:
        *(char **)at = some_items(f->record, 1, depth, &n);
        break;
    case RECORD_ITEMS:
        *(char **)at = some_items(f->record, 3, depth, (size_t *)(base + f->count));
        break;
    case RECORD_ARRAY:
        n = dice((uint32_t)f->max + 1);
        for (size_t i = 0; i < n; i++)
            fill(f->record, at + i * f->record->size, depth + 1);
        *(size_t *)(base + f->count) = n;
        break;
    case RECORD_TEXTS:
        n = dice(4);
        *(struct list *)at = (struct list){arena_alloc(arena, n * sizeof(char *)), n};
        for (size_t i = 0; i < n; i++)
            ((const char **)((struct list *)at)->items)[i] = some_text();
        break;
    }
}

static void fill(const struct record *record, void *to, int depth)
{
    for (size_t i = 0; i < record->n; i++)
        fill_field(&record->fields[i], to, depth);
}

static bool take(const struct buf *bytes, size_t n, const struct record *record, void *ret)
{
    struct frame f = {.at = (const uint8_t *)bytes->data, .end = (const uint8_t *)bytes->data + n};
    return record_take(&f, record, arena, ret) && f.at == f.end;
}

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    for (seed = 1; seed < 2000000; seed += 4001) {
        struct parse_answer answer = {0}, got;
        AUTO_BUF struct buf bytes = {0}, again = {0};
        fill(&PARSE_ANSWER_RECORD, &answer, 1);
        record_put(&bytes, &PARSE_ANSWER_RECORD, &answer);
        assert_true(take(&bytes, bytes.len, &PARSE_ANSWER_RECORD, &got));
        record_put(&again, &PARSE_ANSWER_RECORD, &got);
        assert_int_equal(bytes.len, again.len);
        assert_memory_equal(bytes.data, again.data, bytes.len);
    }
}

static void test_parts_are_the_same_bytes(void **state)
{
    (void)state;
    size_t large = RECORD_LARGE, n;
    struct attachment files[] = {
        {.name = "a", .data = arena_alloc(arena, large), .size = (int64_t)large},
        {.name = "b", .data = "small", .size = 5},
        {.name = "c", .data = arena_alloc(arena, large + 1), .size = (int64_t)large + 1},
        {.name = "d"},
    };
    struct inbound in = {.external_id = "<1@a>", .text = "Hello", .attachments = {files, COUNT_OF(files)}};
    AUTO_BUF struct buf whole = {0}, few = {0}, joined = {0};
    record_put(&whole, &INBOUND_RECORD, &in);
    const struct iovec *parts = record_parts(&INBOUND_RECORD, &in, &few, arena, &n);
    for (size_t i = 0; i < n; i++)
        buf_add(&joined, parts[i].iov_base, parts[i].iov_len);
    assert_int_equal(n, 5);
    assert_ptr_equal(parts[1].iov_base, files[0].data);
    assert_true(few.len < large);
    assert_int_equal(joined.len, whole.len);
    assert_memory_equal(joined.data, whole.data, whole.len);
}

static const struct record_field *field_at(const struct record *record, size_t offset)
{
    for (size_t i = 0; i < record->n; i++)
        if (record->fields[i].offset == offset)
            return &record->fields[i];
    fail_msg("there is no row for the member at %zu", offset);
    return NULL;
}

/* A value that the words know and the table does not would make an input "not understood". */
static void test_all_values_pass(void **state)
{
    const struct record *inbound = &INBOUND_RECORD;
    const struct record *identity = field_at(inbound, offsetof(struct inbound, from))->record;
    const struct record *order = field_at(inbound, offsetof(struct inbound, order))->record;
    const struct {
        const struct record *record;
        size_t offset;
        const char *const *names;
    } ENUMS[] = {
        {inbound, offsetof(struct inbound, kind), ENTRY_KIND_NAMES},
        {inbound, offsetof(struct inbound, direction), DIRECTION_NAMES},
        {inbound, offsetof(struct inbound, delivery), DELIVERY_NAMES},
        {identity, offsetof(struct identity_ref, kind), IDENTITY_KIND_NAMES},
        {identity, offsetof(struct identity_ref, proof), PROOF_NAMES},
        {identity, offsetof(struct identity_ref, consent), CONSENT_NAMES},
        {order, offsetof(struct order_facts, state), ORDER_STATE_NAMES},
        {order, offsetof(struct order_facts, payment), ORDER_PAYMENT_NAMES},
        {order, offsetof(struct order_facts, place), ORDER_PLACE_NAMES},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ENUMS); i++) {
        const struct record_field *f = field_at(ENUMS[i].record, ENUMS[i].offset);
        int64_t n = 0;
        while (ENUMS[i].names[n])
            n++;
        assert_int_equal(f->kind, RECORD_ENUM);
        assert_int_equal(f->max, n - 1);
    }
}

/* Whoever adds a member to struct inbound and forgets the table meets this: what no row names stays zero. */
static void test_no_member_is_forgotten(void **state)
{
    static const struct {
        const struct record *record;
        size_t unnamed; /* bytes of padding, and of members that are not for the way */
    } RECORDS[] = {{&INBOUND_RECORD, 0}, {&INBOUND_LIST_RECORD, 0}};
    static const size_t SIZES[] = {
        [RECORD_TEXT] = 8,   [RECORD_STRING] = 8, [RECORD_DATA] = 8,   [RECORD_NUMBER] = 8,
        [RECORD_ENUM] = 4,   [RECORD_BOOL] = 1,   [RECORD_UUID] = 16,  [RECORD_POINTER] = 8,
        [RECORD_ITEMS] = 16, [RECORD_TEXTS] = 16, [RECORD_WITHIN] = 0, [RECORD_ARRAY] = 8,
    };
    (void)state;
    for (size_t r = 0; r < COUNT_OF(RECORDS); r++) {
        const struct record *record = RECORDS[r].record;
        size_t at = 0;
        for (size_t i = 0; i < record->n; i++) { /* the rows are in the order of the members */
            const struct record_field *f = &record->fields[i];
            if (f->offset < at || f->offset - at >= 8)
                fail_msg("row %zu leaves out %zu bytes before offset %zu", i, f->offset - at, f->offset);
            size_t size = SIZES[f->kind];
            size += f->kind == RECORD_WITHIN  ? f->record->size
                    : f->kind == RECORD_ARRAY ? (size_t)f->max * f->record->size
                                              : 0;
            at = f->offset + size;
        }
        assert_true(record->size - at < 8);
    }
}

static void test_what_was_cut_or_spoilt_is_refused(void **state)
{
    (void)state;
    struct parse_answer answer = {0}, got;
    AUTO_BUF struct buf bytes = {0};
    seed = 7;
    do
        fill(&PARSE_ANSWER_RECORD, &answer, 1);
    while (answer.list.n == 0);
    record_put(&bytes, &PARSE_ANSWER_RECORD, &answer);
    for (size_t n = 0; n < bytes.len; n++)
        assert_false(take(&bytes, n, &PARSE_ANSWER_RECORD, &got));
    for (size_t i = 0; i < bytes.len; i++) { /* whatever becomes of it: it is read within its bytes, or refused */
        char was = bytes.data[i];
        bytes.data[i] = (char)0xff;
        take(&bytes, bytes.len, &PARSE_ANSWER_RECORD, &got);
        bytes.data[i] = was;
    }
}

static void test_an_answer_in_an_answer_has_an_end(void **state)
{
    (void)state;
    struct inbound chain[2 * RECORD_DEPTH_MAX] = {0}, got;
    AUTO_BUF struct buf bytes = {0};
    for (size_t i = 0; i + 1 < COUNT_OF(chain); i++)
        chain[i].or_entry = &chain[i + 1];
    record_put(&bytes, &INBOUND_RECORD, chain);
    assert_false(take(&bytes, bytes.len, &INBOUND_RECORD, &got));
}

static void test_secrets_stay_here(void **state)
{
    (void)state;
    struct channel_account *account = test_account(
        arena, &CHANNEL_EMAIL, "{\"address\":\"help@shop.example\",\"token\":\"T0ken\",\"smtp_password\":\"pass\"}");
    const char *open = settings_without_secrets(arena, account);
    assert_non_null(strstr(open, "help@shop.example"));
    assert_null(strstr(open, "T0ken"));
    assert_null(strstr(open, "pass\""));
}

/* Each is what a mail makes, but for one member: somebody has got hold of the process. */
static void test_an_answer_that_would_harm_its_reader_is_refused(void **state)
{
    struct attachment stored = {.name = "f", .type = "text/plain", .sha256 = "\"},{\"url\":\"javascript:"};
    const char *no_reference = NULL;
    struct inbound sound = {.type = INBOUND_ENTRY, .external_id = "<1@a>", .payload = "{\"a\":1}"};
    struct inbound cases[] = {sound, sound, sound, sound, sound, sound, sound};
    struct inbound no_id = {.type = INBOUND_ENTRY};
    struct order_facts no_order = {0};
    (void)state;
    cases[0].external_id = NULL;
    cases[1].payload = "{\"a\":";
    cases[2].payload = "[]";
    cases[3].attachments = (struct list){&stored, 1};
    cases[4].references = (struct list){&no_reference, 1};
    cases[5].or_entry = &no_id;
    cases[6].order = &no_order;
    assert_true(parse_answer_is_sound(&(struct parse_answer){.list = {.items = &sound, .n = 1}}));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct inbound both[] = {sound, cases[i]};
        if (parse_answer_is_sound(&(struct parse_answer){.list = {.items = both, .n = 2}}))
            fail_msg("answer %zu is taken", i);
    }
}

/* Which of them the process could do: a bit each. */
static int what_it_can_do(bool threads)
{
    struct rlimit none = {0};
    pid_t parent = getppid();
    int can = 0;
    if (!sandbox_filter(threads))
        return 0xff;
    can |= (syscall(SYS_tgkill, parent, parent, 0) == 0) << 0;
    can |= (syscall(SYS_kill, parent, 0) == 0) << 1;
    can |= (syscall(SYS_prlimit64, parent, RLIMIT_CORE, NULL, &none) == 0) << 2;
    can |= (syscall(SYS_socket, AF_INET, SOCK_STREAM, 0) >= 0) << 3;
    can |= (syscall(SYS_openat, -100, "/etc/passwd", 0) >= 0) << 4;
    can |= (syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, &none) != 0) << 5; /* its own is its own affair */
    can |= (syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0) != 0) << 6;
    can |= (syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL) >= 0) << 7;
    return can;
}

static void test_the_process_cannot_touch_its_parent(void **state)
{
    int status = 0;
    (void)state;
    for (int threads = 0; threads < 2; threads++) {
        pid_t child = fork();
        if (child == 0)
            syscall(SYS_exit_group,
                    what_it_can_do(threads)); /* a sanitizer, at the end, asks for what is no longer allowed */
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_written_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_parts_are_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_member_is_forgotten, set_up, tear_down),
        cmocka_unit_test(test_all_values_pass),
        cmocka_unit_test_setup_teardown(test_what_was_cut_or_spoilt_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_answer_in_an_answer_has_an_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_stay_here, set_up, tear_down),
        cmocka_unit_test(test_an_answer_that_would_harm_its_reader_is_refused),
        cmocka_unit_test(test_the_process_cannot_touch_its_parent),
    };
    return cmocka_run_group_tests_name("parser", tests, NULL, NULL);
}
