/* Many WebSocket clients in one thread (epoll, frames by RFC 6455), cheap enough to share a machine with what is measured.
 *
 * Reads commands from standard input and answers each with one line:
 *   open PORT N PATH PROTOCOL HEADER   opens N more connections; "{n}" in HEADER is the connection's number from 1, "-" none
 *   each TEXT                          sends TEXT on every connection that this has not been said on, and waits for an answer
 *                                      ("id" in front) on each; "{n}" is 12 hexadecimal digits that come of the number, scattered as those of an id are
 *   reset                              begins to count anew
 *   wait FRAMES MS                     until so many text frames have come; "count FRAMES BYTES", as `count` does
 *   count                              "count FRAMES BYTES": text frames that are no answers, and their payload
 *   calls FILE                         sends each line of the file on the first connection and waits for its answer; a line
 *                                      that begins with "-" is not timed. "calls N P50_US P95_US BYTES"
 *   sizes                              "sizes N…": of the frames that the first connection has got, by arrival
 * A command that fails answers "failed …". */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SOCKETS_MAX 20000
#define WINDOW 64 /* hand-shakes or calls under way at once */
#define PREFIX 32 /* of a payload, to tell an answer from a push */
#define SIZES_MAX 64
#define CALLS_MAX 100000
#define WITHIN_MS 60000

enum state { CONNECTING, HANDSHAKE, OPEN, GONE };

struct client {
    int fd;
    enum state state;
    unsigned char head[10], prefix[PREFIX]; /* of the frame that is coming */
    unsigned n_head, n_prefix;
    uint64_t length, left; /* of its payload, and what is still to come of it */
    bool answered;
    uint32_t matched; /* of "\r\n\r\n" in the hand-shake */
};

static struct client clients[SOCKETS_MAX];
static size_t n_clients, n_open, n_answered, n_gone;
static uint64_t frames, bytes, answer_bytes;
static unsigned sizes[SIZES_MAX];
static size_t n_sizes;
static int poller;
static char request_path[256], request_protocol[64], request_header[512];

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A number of 48 bits for each number, as in frame/people.ts. */
static size_t scattered(size_t number)
{
    return number * 0x9e3779b97f & 0xffffffffffff;
}

/* `text` with {n} replaced. */
static void fill_in(char *out, size_t size, const char *text, bool hex, size_t number)
{
    const char *hole = strstr(text, "{n}");
    if (!hole) {
        snprintf(out, size, "%s", text);
        return;
    }
    int n = snprintf(out, size, "%.*s", (int)(hole - text), text);
    n += snprintf(out + n, size - (size_t)n, hex ? "%012zx" : "%zu", number);
    snprintf(out + n, size - (size_t)n, "%s", hole + 3);
}

static void gone(struct client *c)
{
    if (c->state != GONE) {
        close(c->fd);
        n_gone++;
    }
    c->state = GONE;
}

static void write_all(struct client *c, const void *data, size_t n)
{
    if (send(c->fd, data, n, MSG_NOSIGNAL) != (ssize_t)n)
        gone(c);
}

/* Masked with a key of zeros, which RFC 6455 allows a test and which costs nothing. */
static void send_frame(struct client *c, unsigned opcode, const char *text, size_t n)
{
    unsigned char out[4096] = {(unsigned char)(0x80 | opcode)};
    size_t at = 2;
    out[1] = 0x80 | (unsigned char)(n < 126 ? n : 126);
    if (n >= 126) {
        out[2] = (unsigned char)(n >> 8);
        out[3] = (unsigned char)n;
        at = 4;
    }
    at += 4;
    if (n > sizeof(out) - at)
        return;
    memcpy(out + at, text, n);
    write_all(c, out, at + n);
}

static void send_handshake(struct client *c)
{
    char out[2048], header[600] = "";
    size_t number = (size_t)(c - clients) + 1;
    if (strcmp(request_header, "-") != 0)
        fill_in(header, sizeof(header), request_header, false, number);
    int n = snprintf(out, sizeof(out),
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Protocol: %s\r\n%s%s\r\n",
                     request_path, request_protocol, header, header[0] ? "\r\n" : "");
    c->state = HANDSHAKE;
    write_all(c, out, (size_t)n);
}

static void frame_over(struct client *c)
{
    unsigned opcode = c->head[0] & 0x0f;
    static const char ANSWER[] = "{\"jsonrpc\":\"2.0\",\"id\":";
    if (opcode == 9) {
        send_frame(c, 10, "", 0);
    } else if (opcode == 8) {
        gone(c);
    } else if (c->n_prefix >= sizeof(ANSWER) - 1 && memcmp(c->prefix, ANSWER, sizeof(ANSWER) - 1) == 0) {
        n_answered += !c->answered;
        answer_bytes += c->length;
        c->answered = true;
    } else {
        frames++;
        bytes += c->length;
        if (c == clients && n_sizes < SIZES_MAX)
            sizes[n_sizes++] = (unsigned)c->length;
    }
    c->n_head = c->n_prefix = 0;
}

/* The head when it is whole: its payload's length. */
static bool head_whole(struct client *c)
{
    if (c->n_head < 2)
        return false;
    unsigned code = c->head[1] & 0x7f, more = code == 126 ? 2 : code == 127 ? 8 : 0;
    if (c->n_head < 2 + more)
        return false;
    c->left = more ? 0 : code;
    for (unsigned i = 0; i < more; i++)
        c->left = c->left << 8 | c->head[2 + i];
    return true;
}

static void take_frames(struct client *c, const unsigned char *p, size_t n)
{
    while (n && c->state == OPEN) {
        if (c->left == 0) {
            c->head[c->n_head++] = *p++;
            n--;
            if (!head_whole(c))
                continue;
            if (c->left == 0)
                frame_over(c);
            continue;
        }
        size_t take = n < c->left ? n : c->left;
        size_t keep = PREFIX - c->n_prefix < take ? PREFIX - c->n_prefix : take;
        if (c->n_prefix == 0)
            c->length = c->left;
        memcpy(c->prefix + c->n_prefix, p, keep);
        c->n_prefix += (unsigned)keep;
        c->left -= take;
        p += take;
        n -= take;
        if (c->left == 0)
            frame_over(c);
    }
}

/* The answer to the hand-shake ends with an empty line; frames may follow at once. */
static void take_handshake(struct client *c, const unsigned char *p, size_t n)
{
    static const char END[] = "\r\n\r\n";
    for (size_t i = 0; i < n; i++) {
        c->matched = p[i] == (unsigned char)END[c->matched] ? c->matched + 1 : p[i] == '\r';
        if (c->matched < 4)
            continue;
        c->state = OPEN;
        n_open++;
        take_frames(c, p + i + 1, n - i - 1);
        return;
    }
}

static void receive(struct client *c)
{
    static unsigned char buffer[65536];
    ssize_t n = recv(c->fd, buffer, sizeof(buffer), 0);
    if (n <= 0 && (n == 0 || (errno != EAGAIN && errno != EINTR)))
        gone(c);
    else if (n > 0 && c->state == HANDSHAKE)
        take_handshake(c, buffer, (size_t)n);
    else if (n > 0)
        take_frames(c, buffer, (size_t)n);
}

static void ready(struct epoll_event *e)
{
    struct client *c = e->data.ptr;
    if (c->state == CONNECTING && (e->events & EPOLLOUT)) {
        send_handshake(c);
        epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
    } else if (c->state != GONE && (e->events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
        receive(c);
    }
}

/* One turn; false: standard input has a line. */
static bool turn(int timeout_ms)
{
    struct epoll_event events[512];
    bool command = false;
    int n = epoll_wait(poller, events, 512, timeout_ms);
    for (int i = 0; i < n; i++)
        if (events[i].data.ptr)
            ready(&events[i]);
        else
            command = true;
    return !command;
}

static bool begin(int port)
{
    struct client *c = &clients[n_clients];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *c = (struct client){.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
    if (c->fd < 0 || (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS))
        return false;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &(struct epoll_event){.events = EPOLLIN | EPOLLOUT, .data.ptr = c});
    n_clients++;
    return true;
}

static void run_open(const char *line)
{
    int port;
    size_t n, until;
    int64_t late = now_ms() + WITHIN_MS;
    if (sscanf(line, "%d %zu %255s %63s %511[^\n]", &port, &n, request_path, request_protocol, request_header) != 5 ||
        (until = n_clients + n) > SOCKETS_MAX) {
        printf("failed: open PORT N PATH PROTOCOL HEADER, at most %d\n", SOCKETS_MAX);
        return;
    }
    while (n_open < until && !n_gone && now_ms() < late) {
        while (n_clients < until && n_clients - n_open < WINDOW)
            if (!begin(port)) {
                printf("failed: %s\n", strerror(errno));
                return;
            }
        turn(10);
    }
    printf(n_open == until ? "open %zu\n" : "failed: %zu open\n", n_open);
}

static void run_each(const char *text)
{
    static size_t said;
    size_t begun = said;
    int64_t late = now_ms() + WITHIN_MS;
    n_answered = 0;
    while (n_answered < n_clients - begun && !n_gone && now_ms() < late) {
        for (; said < n_clients && said - begun - n_answered < WINDOW; said++) {
            char filled[2048];
            fill_in(filled, sizeof(filled), text, true, scattered(said + 1));
            clients[said].answered = false;
            send_frame(&clients[said], 1, filled, strlen(filled));
        }
        turn(10);
    }
    printf(n_answered == n_clients - begun ? "answered %zu\n" : "failed: %zu answered\n", n_answered);
}

static void run_wait(const char *line)
{
    unsigned long long wanted, ms;
    if (sscanf(line, "%llu %llu", &wanted, &ms) != 2) {
        puts("failed: wait FRAMES MS");
        return;
    }
    for (int64_t late = now_ms() + (int64_t)ms; frames < wanted && !n_gone && now_ms() < late;)
        turn(10);
    printf("count %llu %llu\n", (unsigned long long)frames, (unsigned long long)bytes);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Microseconds till the whole answer is there; below 0: it never came. */
static double call(const char *text)
{
    struct client *c = &clients[0];
    double begun = now_us();
    c->answered = false;
    send_frame(c, 1, text, strlen(text));
    for (int64_t late = now_ms() + WITHIN_MS; !c->answered && !n_gone;) {
        turn(1000);
        if (now_ms() > late)
            return -1;
    }
    return n_gone ? -1 : now_us() - begun;
}

static void run_calls(const char *path)
{
    static double times[CALLS_MAX];
    static char line[4096];
    size_t n = 0;
    double took = 0;
    FILE *file = fopen(path, "r");
    answer_bytes = 0;
    while (file && n < CALLS_MAX && took >= 0 && fgets(line, sizeof(line), file)) {
        bool timed = line[0] != '-';
        line[strcspn(line, "\n")] = '\0';
        took = call(timed ? line : line + 1);
        if (timed)
            times[n++] = took;
    }
    qsort(times, n, sizeof(times[0]), compare);
    if (!file || !n || took < 0)
        puts("failed: calls FILE");
    else
        printf("calls %zu %.1f %.1f %llu\n", n, times[n / 2], times[n * 95 / 100], (unsigned long long)answer_bytes);
    if (file)
        fclose(file);
}

static void run(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *rest = line + strcspn(line, " ");
    if (*rest)
        *rest++ = '\0';
    if (strcmp(line, "open") == 0) {
        run_open(rest);
    } else if (strcmp(line, "each") == 0) {
        run_each(rest);
    } else if (strcmp(line, "wait") == 0) {
        run_wait(rest);
    } else if (strcmp(line, "calls") == 0) {
        run_calls(rest);
    } else if (strcmp(line, "reset") == 0) {
        frames = bytes = n_sizes = 0;
        puts("reset");
    } else if (strcmp(line, "sizes") == 0) {
        fputs("sizes", stdout);
        for (size_t i = 0; i < n_sizes; i++)
            printf(" %u", sizes[i]);
        puts("");
    } else if (n_gone) {
        printf("failed: %zu connections have ended\n", n_gone);
    } else {
        printf("count %llu %llu\n", (unsigned long long)frames, (unsigned long long)bytes);
    }
    fflush(stdout);
}

int main(void)
{
    struct rlimit r;
    char line[4096];
    getrlimit(RLIMIT_NOFILE, &r);
    r.rlim_cur = r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    setvbuf(stdin, NULL, _IONBF, 0);
    poller = epoll_create1(0);
    epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &(struct epoll_event){.events = EPOLLIN});
    for (;;)
        if (!turn(-1)) {
            if (!fgets(line, sizeof(line), stdin))
                return 0;
            run(line);
        }
}
