/* How long a mail server that hands mail over may say nothing, or not read what it is told. The time is passed in. */
#include "base/mem.h"
#include "web/lmtp/relay.h"
#include "web/loop/index.h"
#include "web/state/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    struct server server;
    uv_pipe_t listener;
    struct sockaddr_un address;
    socklen_t address_len;
    char buffer[RELAY_READ_SIZE];
    struct relay *relay; /* NULL: it has ended */
    int fd;              /* the mail server's */
};

static struct world *world;

static void relay_gone(struct relay *c)
{
    assert_ptr_equal(c, world->relay);
    world->relay = NULL;
}

static void mail_done(void *arg, uint64_t serial, const struct envelope *e)
{
    (void)arg;
    (void)serial;
    (void)e;
    fail();
}

static void on_connected(uv_stream_t *stream, int status)
{
    const struct mail_owner owner = {.done = mail_done};
    assert_int_equal(status, 0);
    world->relay = relay_accept(stream, &world->server, &owner, world->buffer, relay_gone);
    assert_non_null(world->relay);
    relay_begin(world->relay);
}

static void turn(void)
{
    for (int i = 0; i < 10; i++)
        uv_run(&world->server.loop.uv, UV_RUN_NOWAIT);
}

static void heard(const char *words)
{
    char text[200];
    turn();
    ssize_t n = recv(world->fd, text, sizeof(text) - 1, MSG_DONTWAIT);
    text[n > 0 ? n : 0] = '\0';
    assert_string_equal(text, words);
}

static int set_up(void **state)
{
    (void)state;
    world = mem_alloc(sizeof(*world));
    loop_init(&world->server.loop);
    world->server.http.bodies.by_group = index_new();
    world->address.sun_family = AF_UNIX;
    int n = snprintf(world->address.sun_path + 1, sizeof(world->address.sun_path) - 1, "throughline-relay-%d",
                     (int)getpid());
    world->address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&world->address, world->address_len), 0);
    uv_pipe_init(&world->server.loop.uv, &world->listener, 0);
    assert_int_equal(uv_pipe_open(&world->listener, fd), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&world->listener, 8, on_connected), 0);
    world->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(world->fd, (struct sockaddr *)&world->address, world->address_len), 0);
    heard("220 throughline LMTP\r\n");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (world->relay)
        relay_break(world->relay);
    close(world->fd);
    uv_close((uv_handle_t *)&world->listener, NULL);
    loop_close(&world->server.loop);
    loop_run(&world->server.loop);
    loop_free(&world->server.loop);
    index_free(world->server.http.bodies.by_group);
    free(world);
    return 0;
}

static int64_t in_ms(int64_t ms)
{
    return (int64_t)uv_now(&world->server.loop.uv) + ms;
}

static void who_says_nothing_is_told_and_ended(void **state)
{
    (void)state;
    int64_t deadline = world->relay->deadline;
    assert_in_range(deadline, 1, in_ms(RELAY_SILENT_MS));
    relay_sweep(world->relay, deadline);
    heard("");
    assert_non_null(world->relay);
    relay_sweep(world->relay, deadline + 1);
    heard("421 4.4.2 Nothing has come for too long\r\n");
    assert_null(world->relay);
    char byte;
    assert_int_equal(recv(world->fd, &byte, 1, MSG_DONTWAIT), 0);
}

/* Each thing that it says is a new beginning. */
static void who_says_something_may_go_on(void **state)
{
    (void)state;
    int64_t begun = in_ms(0);
    world->relay->deadline = begun; /* as if it had been silent so long */
    assert_int_equal(send(world->fd, "NOOP\r\n", 6, 0), 6);
    heard("250 2.0.0 OK\r\n");
    relay_sweep(world->relay, begun + RELAY_SILENT_MS);
    heard("");
    assert_non_null(world->relay);
}

static void who_does_not_read_is_ended(void **state)
{
    static const char LINES[] = "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n";
    (void)state;
    while (!world->relay->writing.data) {
        if (send(world->fd, LINES, sizeof(LINES) - 1, MSG_DONTWAIT) < 0)
            turn();
    }
    assert_true(relay_answers(world->relay));
    int64_t deadline = world->relay->deadline;
    assert_in_range(deadline, 1, in_ms(RELAY_WRITE_MS));
    relay_sweep(world->relay, deadline);
    assert_non_null(world->relay);
    relay_sweep(world->relay, deadline + 1);
    assert_null(world->relay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_says_nothing_is_told_and_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_says_something_may_go_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_does_not_read_is_ended, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
