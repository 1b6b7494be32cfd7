#include "scan/clamd.h"

#include "base/clock.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PIECE 65536         /* bytes of the content at once */
#define LOOK_MS 200         /* so often it is asked whether to stop */
#define CONNECT_MS 5000     /* to one address */
#define ANSWER_SIZE 1024    /* bytes; a longer answer is none of clamd's */
#define COMMAND "zINSTREAM" /* "z": commands and answers end with a NUL */

/* ---- where it is ---- */

bool clamd_place(const char *setting, struct clamd *ret, struct error *err)
{
    const char *colon = strrchr(setting, ':'), *host = setting;
    size_t n = colon ? (size_t)(colon - host) : 0;
    *ret = (struct clamd){0};
    if (setting[0] == '/' && strlen(setting) < sizeof(ret->path))
        return snprintf(ret->path, sizeof(ret->path), "%s", setting) > 0;
    bool brackets = n > 2 && host[0] == '[' && host[n - 1] == ']';
    host += brackets;
    n -= brackets ? 2 : 0;
    bool port = colon && colon[1] && strlen(colon + 1) < sizeof(ret->port) &&
                strspn(colon + 1, "0123456789") == strlen(colon + 1);
    bool name = n > 0 && n < sizeof(ret->host) && strchr("/[", host[0]) == NULL && (brackets || !memchr(host, ':', n));
    if (!port || !name)
        return error_english(err, ERR_INVALID, "scanner",
                             "[storage] scanner is \"%.80s\"; it must be the path of a socket (up to %zu bytes) or "
                             "host:port.",
                             setting, sizeof(ret->path) - 1);
    memcpy(ret->host, host, n);
    memcpy(ret->port, colon + 1, strlen(colon + 1));
    return true;
}

/* ---- what it says ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), n_end = strlen(end);
    return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

/* Printable ASCII of it, cut to what there is room for. */
static void keep_words(struct clamd_verdict *ret, const char *words, size_t n)
{
    size_t kept = n < sizeof(ret->words) - 1 ? n : sizeof(ret->words) - 1;
    for (size_t i = 0; i < kept; i++)
        ret->words[i] = words[i] >= ' ' && words[i] <= '~' ? words[i] : '?';
    ret->words[kept] = '\0';
}

void clamd_read(const char *answer, struct clamd_verdict *ret)
{
    static const char STREAM[] = "stream: ", FOUND[] = " FOUND";
    bool stream = strncmp(answer, STREAM, sizeof(STREAM) - 1) == 0;
    const char *said = stream ? answer + sizeof(STREAM) - 1 : answer;
    size_t n = strlen(said);
    *ret = (struct clamd_verdict){.answer = CLAMD_FAILED};
    if (stream && strcmp(said, "OK") == 0)
        ret->answer = CLAMD_CLEAN;
    else if (stream && ends_with(said, FOUND) && n >= sizeof(FOUND) - 1)
        ret->answer = CLAMD_FOUND;
    else if (strcmp(answer, "INSTREAM size limit exceeded. ERROR") == 0)
        ret->answer = CLAMD_TOO_LARGE;
    if (ret->answer == CLAMD_FOUND)
        keep_words(ret, said, n - (sizeof(FOUND) - 1));
    else if (ret->answer == CLAMD_FAILED)
        keep_words(ret, said, n);
}

/* ---- talking ---- */

struct talk {
    const struct clamd_ask *ask;
    int socket;
    int64_t until; /* monotonic */
};

/* False: the time is over, or it shall stop. */
static bool wait_until(const struct talk *t, short events, int64_t until, short *ret_events)
{
    for (;;) {
        int64_t left = until - clock_monotonic();
        struct pollfd p = {.fd = t->socket, .events = events};
        if (left <= 0 || t->ask->stops(t->ask->arg))
            return false;
        int n = poll(&p, 1, left < LOOK_MS ? (int)left : LOOK_MS);
        *ret_events = p.revents;
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
}

static bool connect_within(struct talk *t, const struct sockaddr *address, socklen_t n)
{
    int64_t soon = clock_monotonic() + CONNECT_MS;
    int error = 0;
    socklen_t size = sizeof(error);
    short events;
    t->socket = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (t->socket < 0)
        return false;
    if (connect(t->socket, address, n) == 0)
        return true;
    bool done = errno == EINPROGRESS && wait_until(t, POLLOUT, soon < t->until ? soon : t->until, &events) &&
                getsockopt(t->socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0;
    if (done && error == 0)
        return true;
    errno = done ? error : errno == EINPROGRESS ? ETIMEDOUT : errno;
    close(t->socket);
    t->socket = -1;
    return false;
}

static bool connect_by_tcp(struct talk *t)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG}, *all = NULL;
    if (getaddrinfo(t->ask->clamd->host, t->ask->clamd->port, &hints, &all) != 0) {
        errno = EHOSTUNREACH;
        return false;
    }
    bool connected = false;
    for (struct addrinfo *one = all; one && !connected; one = one->ai_next)
        connected = connect_within(t, one->ai_addr, one->ai_addrlen);
    int error = errno;
    freeaddrinfo(all);
    errno = error;
    return connected;
}

static bool connect_to_clamd(struct talk *t)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!t->ask->clamd->path[0])
        return connect_by_tcp(t);
    memcpy(address.sun_path, t->ask->clamd->path, strlen(t->ask->clamd->path));
    return connect_within(t, (struct sockaddr *)&address, sizeof(address));
}

/* False: it takes no more; it may have said why. */
static bool clamd_send(const struct talk *t, const void *data, size_t n)
{
    const char *at = data;
    while (n) {
        short events = 0;
        ssize_t sent = send(t->socket, at, n, MSG_NOSIGNAL);
        if (sent > 0) {
            at += sent;
            n -= (size_t)sent;
        } else if (errno != EINTR &&
                   (errno != EAGAIN || !wait_until(t, POLLOUT | POLLIN, t->until, &events) || events & POLLIN)) {
            return false; /* what it says before the end is why it does not want the rest */
        }
    }
    return true;
}

/* Its length in network order, and the piece; one of no length is the end. */
static bool clamd_send_piece(const struct talk *t, const char *data, size_t n)
{
    uint32_t length = htonl((uint32_t)n);
    return clamd_send(t, &length, sizeof(length)) && clamd_send(t, data, n);
}

/* False: the content cannot be read. What clamd takes no more of is no fault of it. */
static bool send_content(const struct talk *t)
{
    AUTO_FREE char *piece = mem_alloc(PIECE);
    ssize_t got;
    bool taken = clamd_send(t, COMMAND, sizeof(COMMAND));
    while (taken && (got = read(t->ask->fd, piece, PIECE)) > 0)
        taken = clamd_send_piece(t, piece, (size_t)got);
    if (taken && got < 0)
        return false;
    if (taken)
        clamd_send_piece(t, "", 0);
    return true;
}

/* Up to the NUL. False: it ended without one. */
static bool receive_answer(const struct talk *t, char answer[ANSWER_SIZE])
{
    for (size_t n = 0; n < ANSWER_SIZE;) {
        short events;
        ssize_t got = recv(t->socket, answer + n, ANSWER_SIZE - n, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        if (got < 0 && !wait_until(t, POLLIN, t->until, &events)) {
            errno = ETIMEDOUT;
            return false;
        }
        if (got > 0 && memchr(answer + n, '\0', (size_t)got))
            return true;
        n += got > 0 ? (size_t)got : 0;
    }
    return false;
}

static void say_away(struct clamd_verdict *ret, int error)
{
    const char *why = error ? strerror(error) : "it ended without an answer";
    *ret = (struct clamd_verdict){.answer = CLAMD_AWAY};
    keep_words(ret, why, strlen(why));
}

void clamd_scan(const struct clamd_ask *ask, struct clamd_verdict *ret)
{
    struct talk t = {.ask = ask, .socket = -1, .until = clock_monotonic() + ask->within_ms};
    char answer[ANSWER_SIZE];
    errno = 0;
    if (!connect_to_clamd(&t)) {
        say_away(ret, errno);
        return;
    }
    bool sent = send_content(&t);
    if (sent)
        errno = 0;
    if (sent && receive_answer(&t, answer))
        clamd_read(answer, ret);
    else
        say_away(ret, errno);
    close(t.socket);
}
