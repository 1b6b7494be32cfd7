/* Plays WhatsApp: signed webhooks of one text message each, some 500 bytes, over kept HTTP/1.1 connections.
 *
 *   webhooks PORT PATH SECRET CONNECTIONS SECONDS RATE PEOPLE SEED
 *
 * RATE 0: each connection sends the next message when it has the answer to the last. Otherwise RATE messages a second are
 * due at even times, whether a connection is free or not, and a message's time counts from when it was due. PEOPLE numbers
 * write, in a random order that SEED gives; every message has an id of its own. One line of JSON on standard output:
 * messages acknowledged (2xx), put off (503), other answers, seconds, times in microseconds, the driver's own CPU. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4096
#define BUFFER_SIZE 4096
#define HEX_SIZE 65
#define STEPS_PER_DOUBLING 32 /* of the histogram: a time is known to 3 % */
#define STEPS (STEPS_PER_DOUBLING * 32)

struct connection {
    int fd;
    bool busy;
    int64_t due; /* of the message under way */
    size_t got;
    char in[BUFFER_SIZE];
};

static struct {
    int port, connections, people;
    const char *path, *secret;
    double seconds, rate;
    uint64_t random, serial, run;
} run;

static struct connection connections[CONNECTIONS_MAX];
static uint64_t histogram[STEPS];
static uint64_t accepted, put_off, other, sent;
static EVP_MD_CTX *inner, *outer, *scratch; /* HMAC with the key already taken in */

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void die(const char *what)
{
    fprintf(stderr, "webhooks: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t next_random(void) /* xorshift64* */
{
    run.random ^= run.random >> 12;
    run.random ^= run.random << 25;
    run.random ^= run.random >> 27;
    return run.random * 2685821657736338717ULL;
}

/* ---- times ---- */

static size_t step_of(int64_t us)
{
    if (us < STEPS_PER_DOUBLING)
        return us < 0 ? 0 : (size_t)us;
    int doubling = 63 - __builtin_clzll((uint64_t)us) - 5;
    size_t step = (size_t)(doubling + 1) * STEPS_PER_DOUBLING + (size_t)((us >> doubling) - STEPS_PER_DOUBLING);
    return step < STEPS ? step : STEPS - 1;
}

static int64_t us_of(size_t step)
{
    if (step < STEPS_PER_DOUBLING)
        return (int64_t)step;
    size_t doubling = step / STEPS_PER_DOUBLING - 1;
    return (int64_t)(STEPS_PER_DOUBLING + step % STEPS_PER_DOUBLING) << doubling;
}

static int64_t percentile(double part)
{
    uint64_t all = 0, seen = 0;
    for (size_t i = 0; i < STEPS; i++)
        all += histogram[i];
    for (size_t i = 0; i < STEPS; i++)
        if ((seen += histogram[i]) >= (uint64_t)((double)all * part) && seen)
            return us_of(i);
    return 0;
}

/* ---- messages ---- */

static void hmac_begin(void)
{
    unsigned char pad[64];
    EVP_MD_CTX **both[] = {&inner, &outer};
    for (int k = 0; k < 2; k++) {
        memset(pad, k ? 0x5c : 0x36, sizeof(pad));
        for (size_t i = 0; run.secret[i] && i < sizeof(pad); i++)
            pad[i] ^= (unsigned char)run.secret[i];
        *both[k] = EVP_MD_CTX_new();
        EVP_DigestInit_ex(*both[k], EVP_sha256(), NULL);
        EVP_DigestUpdate(*both[k], pad, sizeof(pad));
    }
    scratch = EVP_MD_CTX_new();
}

static void sign(const char *body, size_t n, char hex[HEX_SIZE])
{
    unsigned char digest[32];
    EVP_MD_CTX_copy_ex(scratch, inner);
    EVP_DigestUpdate(scratch, body, n);
    EVP_DigestFinal_ex(scratch, digest, NULL);
    EVP_MD_CTX_copy_ex(scratch, outer);
    EVP_DigestUpdate(scratch, digest, sizeof(digest));
    EVP_DigestFinal_ex(scratch, digest, NULL);
    for (size_t i = 0; i < sizeof(digest); i++) {
        hex[i * 2] = "0123456789abcdef"[digest[i] >> 4];
        hex[i * 2 + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    hex[64] = '\0';
}

static size_t write_message(char *out, size_t size)
{
    static const char *const TEXTS[] = {"Hello, I ordered the blue kettle last week.",
                                        "Where is my parcel? It should have been here on Tuesday.",
                                        "Thank you!",
                                        "Can I still change the address?",
                                        "The second cup came with a crack in it, sorry to bother you.",
                                        "Do you ship to Sweden as well?",
                                        "I would like to send it back.",
                                        "ok"};
    char body[1024], hex[HEX_SIZE];
    uint64_t r = next_random(), person = (r >> 32) % (uint64_t)run.people;
    const char *text = TEXTS[r % (sizeof(TEXTS) / sizeof(TEXTS[0]))];
    int n = snprintf(
        body, sizeof(body),
        "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"102290129340398\",\"changes\":[{\"value\":"
        "{\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":\"81312345678\","
        "\"phone_number_id\":\"106540352242922\"},\"contacts\":[{\"profile\":{\"name\":\"Person %" PRIu64 "\"},"
        "\"wa_id\":\"4917%08" PRIu64 "\"}],\"messages\":[{\"from\":\"4917%08" PRIu64 "\",\"id\":\"wamid.%08" PRIx64
        "%08" PRIx64
        "\",\"timestamp\":\"%lld\",\"type\":\"text\",\"text\":{\"body\":\"%s\"}}]},\"field\":\"messages\"}]}]}",
        person, person, person, run.run, ++run.serial, (long long)time(NULL), text);
    sign(body, (size_t)n, hex);
    return (size_t)snprintf(out, size,
                            "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nContent-Type: "
                            "application/json\r\nX-Hub-Signature-256: sha256=%s\r\nContent-Length: %d\r\n\r\n%s",
                            run.path, hex, n, body);
}

/* ---- connections ---- */

static void dial(struct connection *c, int epoll)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)run.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        die("connect");
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
        die("epoll");
    c->busy = false;
    c->got = 0;
}

static void send_one(struct connection *c, int64_t due)
{
    char out[BUFFER_SIZE];
    size_t n = write_message(out, sizeof(out));
    if (write(c->fd, out, n) != (ssize_t)n)
        die("write");
    c->busy = true;
    c->due = due;
    sent++;
}

/* True: the answer is whole. Our answers have a Content-Length. */
static bool answer_whole(struct connection *c)
{
    c->in[c->got] = '\0';
    char *end = strstr(c->in, "\r\n\r\n"), *length = strcasestr(c->in, "content-length:");
    if (!end)
        return false;
    size_t body = length && length < end ? (size_t)atoi(length + 15) : 0;
    return c->got >= (size_t)(end + 4 - c->in) + body;
}

static void take_answer(struct connection *c, int epoll)
{
    ssize_t n = read(c->fd, c->in + c->got, sizeof(c->in) - 1 - c->got);
    if (n <= 0) {
        if (n < 0 && errno == EAGAIN)
            return;
        other += c->busy;
        close(c->fd);
        dial(c, epoll);
        return;
    }
    c->got += (size_t)n;
    if (!answer_whole(c))
        return;
    int status = atoi(c->in + 9);
    if (status >= 200 && status < 300) {
        accepted++;
        histogram[step_of(now_us() - c->due)]++;
    } else if (status == 503 || status == 429) {
        put_off++;
    } else {
        other++;
    }
    c->busy = false;
    c->got = 0;
}

/* ---- the run ---- */

static int64_t due_at(int64_t begun, uint64_t i)
{
    return begun + (int64_t)((double)i * 1e6 / run.rate);
}

static void send_due(int64_t begun, int64_t now)
{
    for (int i = 0; i < run.connections; i++) {
        if (connections[i].busy)
            continue;
        int64_t due = run.rate > 0 ? due_at(begun, sent) : now;
        if (due > now)
            return;
        send_one(&connections[i], due);
    }
}

static int wait_ms(int64_t begun, int64_t now)
{
    if (run.rate <= 0)
        return 100;
    int64_t until = due_at(begun, sent) - now;
    return until <= 0 ? 1 : (int)((until + 999) / 1000);
}

static int busy_connections(void)
{
    int n = 0;
    for (int i = 0; i < run.connections; i++)
        n += connections[i].busy;
    return n;
}

static void report(double seconds)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("{\"accepted\":%" PRIu64 ",\"put_off\":%" PRIu64 ",\"other\":%" PRIu64
           ",\"seconds\":%.3f,\"p50_us\":%" PRId64 ",\"p90_us\":%" PRId64 ",\"p99_us\":%" PRId64 ",\"max_us\":%" PRId64
           ",\"driver_cpu_s\":%.3f}\n",
           accepted, put_off, other, seconds, percentile(0.5), percentile(0.9), percentile(0.99), percentile(1), cpu);
}

int main(int argc, char **argv)
{
    if (argc != 9) {
        fprintf(stderr, "usage: webhooks PORT PATH SECRET CONNECTIONS SECONDS RATE PEOPLE SEED\n");
        return 2;
    }
    run.port = atoi(argv[1]);
    run.path = argv[2];
    run.secret = argv[3];
    run.connections = atoi(argv[4]);
    run.seconds = atof(argv[5]);
    run.rate = atof(argv[6]);
    run.people = atoi(argv[7]);
    run.random = strtoull(argv[8], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1;
    if (run.connections < 1 || run.connections > CONNECTIONS_MAX || run.people < 1 || strlen(run.secret) > 64)
        return 2;
    run.run = (uint64_t)now_us();
    hmac_begin();
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < run.connections; i++)
        dial(&connections[i], epoll);
    int64_t begun = now_us(), until = begun + (int64_t)(run.seconds * 1e6), now = begun;
    while ((now = now_us()) < until || (busy_connections() && now < until + 10000000)) {
        if (now < until)
            send_due(begun, now);
        struct epoll_event events[256];
        int n = epoll_wait(epoll, events, 256, wait_ms(begun, now_us()));
        for (int i = 0; i < n; i++)
            take_answer(events[i].data.ptr, epoll);
    }
    report((double)(now_us() - begun) / 1e6);
    return 0;
}
