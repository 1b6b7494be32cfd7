/* The floor of pushing to many screens: libwebsockets on libuv and nothing else. Every connection gets the same message,
 * written at once, framed by the library.
 *
 *   broadcast PORT    prints "ready"; commands on standard input:
 *   send SIZE…        a message of each size to every connection; "sent FRAMES"
 *   one SIZE          a message to the connection that came first; "sent 1" */
#include <libwebsockets.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#define MESSAGE_MAX 65536

struct client {
    struct client *next, **self;
    struct lws *wsi;
};

static struct client *clients, **clients_end = &clients;
static unsigned char message[LWS_PRE + MESSAGE_MAX];

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct client *c = user;
    if (reason == LWS_CALLBACK_ESTABLISHED) {
        *c = (struct client){.wsi = wsi, .self = clients_end};
        *clients_end = c;
        clients_end = &c->next;
    } else if (reason == LWS_CALLBACK_RECEIVE) { /* whoever asks is answered: the driver waits for it */
        static const char ANSWER[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
        unsigned char answer[LWS_PRE + sizeof(ANSWER)];
        memcpy(answer + LWS_PRE, ANSWER, sizeof(ANSWER) - 1);
        lws_write(wsi, answer + LWS_PRE, sizeof(ANSWER) - 1, LWS_WRITE_TEXT);
    } else if (reason == LWS_CALLBACK_CLOSED) {
        *c->self = c->next;
        if (c->next)
            c->next->self = c->self;
        else
            clients_end = c->self;
    }
    (void)in;
    (void)len;
    return 0;
}

static bool send_to(struct client *c, size_t size)
{
    return !lws_partial_buffered(c->wsi) && lws_write(c->wsi, message + LWS_PRE, size, LWS_WRITE_TEXT) >= 0;
}

static void run(char *line)
{
    size_t n = 0;
    bool all = strncmp(line, "send", 4) == 0;
    strtok(line, " \n");
    for (const char *word; (word = strtok(NULL, " \n"));) {
        size_t size = strtoul(word, NULL, 10);
        if (size > MESSAGE_MAX)
            continue;
        for (struct client *c = clients; c; c = all ? c->next : NULL)
            n += send_to(c, size);
    }
    printf("sent %zu\n", n);
    fflush(stdout);
}

static void on_input(uv_poll_t *handle, int status, int events)
{
    char line[4096];
    (void)status;
    (void)events;
    if (!fgets(line, sizeof(line), stdin))
        uv_stop(handle->loop);
    else
        run(line);
}

int main(int argc, char **argv)
{
    static const struct lws_protocols PROTOCOLS[] = {
        {.name = "throughline", .callback = callback, .per_session_data_size = sizeof(struct client)}, {0}};
    static const lws_retry_bo_t NO_PINGS = {0};
    struct rlimit r;
    uv_loop_t loop;
    uv_poll_t input;
    getrlimit(RLIMIT_NOFILE, &r);
    r.rlim_cur = r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    lws_set_log_level(LLL_ERR, NULL);
    uv_loop_init(&loop);
    void *loops[] = {&loop};
    struct lws_context_creation_info info = {.port = argc > 1 ? atoi(argv[1]) : 0,
                                             .iface = "127.0.0.1",
                                             .protocols = PROTOCOLS,
                                             .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_DISABLE_IPV6,
                                             .foreign_loops = loops,
                                             .retry_and_idle_policy = &NO_PINGS,
                                             .gid = (gid_t)-1,
                                             .uid = (uid_t)-1};
    if (!lws_create_context(&info))
        return 1;
    memset(message, 'x', sizeof(message));
    setvbuf(stdin, NULL, _IONBF, 0);
    uv_poll_init(&loop, &input, STDIN_FILENO);
    uv_poll_start(&input, UV_READABLE, on_input);
    puts("ready");
    fflush(stdout);
    uv_run(&loop, UV_RUN_DEFAULT);
    return 0;
}
