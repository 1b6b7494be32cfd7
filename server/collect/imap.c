#include "collect/imap.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "deliver/network.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <strings.h>

#define LOGIN_MS 30000L
#define CONNECT_MS 10000L
#define LOOK_MS 1000
#define CHUNK (32 * 1024)
#define KEPT_BUFFER_MAX (1024 * 1024)
#define WORDS_SIZE 500

/* What is wrong where nobody has words for it. */
enum imap_why { WHY_IN_WORDS, WHY_SILENT, WHY_CLOSED, WHY_NO_IMAP };

struct imap {
    CURL *curl; /* NULL: closed */
    curl_socket_t fd;
    struct network network;
    struct box_owner owner;
    int64_t asked_at; /* the owner, whether it goes on; monotonic */
    struct buf in;    /* what has come and was not read yet */
    struct imap_frame frame;
    unsigned command;
    unsigned skills;
    CURLcode code;          /* of the log-in */
    enum imap_why why;      /* of what went wrong last */
    char words[WORDS_SIZE]; /* what was said last of what went wrong */
};

struct imap *imap_new(const struct outgoing_rules *rules, const struct box_owner *owner)
{
    struct imap *m = mem_alloc(sizeof(*m));
    *m = (struct imap){.network = {.rules = rules, .mail = true}, .owner = *owner};
    return m;
}

void imap_close(struct imap *m)
{
    curl_easy_cleanup(m->curl);
    m->curl = NULL;
    buf_free(&m->in);
    m->frame = (struct imap_frame){0};
    m->skills = 0;
}

void imap_free(struct imap *m)
{
    if (!m)
        return;
    imap_close(m);
    free(m);
}

bool imap_is_open(const struct imap *m)
{
    return m->curl != NULL;
}

bool imap_can(const struct imap *m, enum imap_skill skill)
{
    return m->skills & skill;
}

const char *imap_said(const struct imap *m, struct arena *a)
{
    switch (m->why) {
    case WHY_SILENT:
        return said(a, mailbox_silent);
    case WHY_CLOSED:
        return said(a, mailbox_closed);
    case WHY_NO_IMAP:
        return said(a, mailbox_no_imap);
    case WHY_IN_WORDS:
        break;
    }
    return network_said(&m->network, a, m->code);
}

const char *imap_words(const struct imap *m, struct arena *a)
{
    return utf8_clean(a, m->words[0] ? m->words : "…", strlen(m->words[0] ? m->words : "…"), 0);
}

static enum box_fault fail_imap(struct imap *m, enum box_fault fault, const char *words)
{
    m->why = WHY_IN_WORDS;
    snprintf(m->words, sizeof(m->words), "%s", words);
    if (fault != BOX_REFUSED)
        imap_close(m);
    return fault;
}

static enum box_fault lose_imap(struct imap *m, enum imap_why why)
{
    fail_imap(m, BOX_GONE, "");
    m->why = why;
    return BOX_GONE;
}

/* ---- bytes ---- */

/* Once a second, also of a server that never stops talking. */
static enum box_fault ask_owner(struct imap *m)
{
    int64_t now = clock_monotonic();
    if (now < m->asked_at + LOOK_MS)
        return BOX_FINE;
    m->asked_at = now;
    return m->owner.goes_on(m->owner.arg) ? BOX_FINE : fail_imap(m, BOX_GIVEN_UP, "");
}

/* Until there is something to read, or room to write. FINE: there is, or the second is over. */
static enum box_fault wait_for_socket(struct imap *m, short events, int ms)
{
    struct pollfd p = {.fd = m->fd, .events = events};
    enum box_fault fault = ask_owner(m);
    if (!fault)
        poll(&p, 1, ms);
    return fault;
}

static enum box_fault send_bytes(struct imap *m, const char *data, size_t n)
{
    int64_t until = clock_monotonic() + SILENT_MS;
    while (n > 0) {
        size_t sent = 0;
        CURLcode code = curl_easy_send(m->curl, data, n, &sent);
        if (code == CURLE_AGAIN) {
            enum box_fault fault =
                clock_monotonic() > until ? lose_imap(m, WHY_SILENT) : wait_for_socket(m, POLLOUT, LOOK_MS);
            if (fault)
                return fault;
            continue;
        }
        if (code != CURLE_OK)
            return fail_imap(m, BOX_GONE, curl_easy_strerror(code));
        data += sent;
        n -= sent;
        until = clock_monotonic() + SILENT_MS;
    }
    return BOX_FINE;
}

/* What is there now. *ret_n 0: nothing. libcurl may hold what poll does not know of, so it is asked first. */
static enum box_fault receive_bytes(struct imap *m, size_t *ret_n)
{
    char chunk[CHUNK];
    *ret_n = 0;
    CURLcode code = curl_easy_recv(m->curl, chunk, sizeof(chunk), ret_n);
    if (code == CURLE_AGAIN)
        return BOX_FINE;
    if (code != CURLE_OK)
        return fail_imap(m, BOX_GONE, curl_easy_strerror(code));
    if (*ret_n == 0)
        return lose_imap(m, WHY_CLOSED);
    buf_add(&m->in, chunk, *ret_n);
    return BOX_FINE;
}

/* ---- responses ---- */

/* The first response of what has come; *ret_n 0: it is not whole yet. */
static enum box_fault next_frame(struct imap *m, size_t max, size_t *ret_n)
{
    *ret_n = 0;
    if (imap_frame(&m->frame, m->in.data ? m->in.data : "", m->in.len, max, ret_n) != IMAP_FRAME_TOO_LARGE)
        return BOX_FINE;
    return fail_imap(m, BOX_TOO_LARGE, "");
}

static void drop_frame(struct imap *m, size_t n)
{
    m->frame = (struct imap_frame){0};
    memmove(m->in.data, m->in.data + n, m->in.len - n);
    m->in.len -= n;
    if (m->in.len == 0 && m->in.cap > KEPT_BUFFER_MAX)
        buf_free(&m->in);
}

struct imap_reading {
    size_t max;
    int64_t until; /* monotonic: so long it is waited for */
    bool patient;  /* … and on, while anything comes */
};

/* The next response, which the caller drops; *ret_n 0: the time is over. */
static enum box_fault next_response(struct imap *m, struct arena *a, struct imap_reading *r, struct imap_response *ret,
                                    size_t *ret_n)
{
    for (;;) {
        size_t got = 0;
        enum box_fault fault = ask_owner(m);
        if (!fault)
            fault = next_frame(m, r->max, ret_n);
        if (fault)
            return fault;
        if (*ret_n)
            return imap_response(m->in.data, *ret_n, a, ret) ? BOX_FINE : lose_imap(m, WHY_NO_IMAP);
        fault = receive_bytes(m, &got);
        if (fault)
            return fault;
        if (got && r->patient)
            r->until = clock_monotonic() + SILENT_MS;
        int64_t left = r->until - clock_monotonic();
        if (left <= 0)
            return BOX_FINE;
        fault = got ? BOX_FINE : wait_for_socket(m, POLLIN, left < LOOK_MS ? (int)left : LOOK_MS);
        if (fault)
            return fault;
    }
}

/* ---- commands ---- */

static enum box_fault end_of(struct imap *m, const struct imap_response *r)
{
    if (r->status == IMAP_OK)
        return BOX_FINE;
    return fail_imap(m, BOX_REFUSED, r->words);
}

/* Reads to the tagged response; `go_ahead`: or to the server's "+". */
static enum box_fault read_to_end(struct imap *m, const struct imap_command *c, bool go_ahead)
{
    struct imap_reading r = {.max = c->max, .until = clock_monotonic() + SILENT_MS, .patient = true};
    int64_t until = clock_monotonic() + COMMAND_MS;
    for (;;) {
        AUTO_ARENA struct arena *a = arena_new(); /* there may be no end of responses */
        struct imap_response response;
        size_t n = 0;
        enum box_fault fault = next_response(m, a, &r, &response, &n);
        if (fault)
            return fault;
        if (n == 0 || clock_monotonic() > until)
            return lose_imap(m, WHY_SILENT);
        bool ours = response.tag == 't' && response.command == m->command;
        if (response.tag == '*' && response.status == IMAP_BYE)
            return fail_imap(m, BOX_GONE, response.words);
        if (response.tag == '*' && c->take)
            c->take(c->arg, a, &response);
        drop_frame(m, n);
        if (ours)
            return end_of(m, &response);
        if (response.tag == '+' && go_ahead)
            return BOX_FINE;
    }
}

static enum box_fault begin_command(struct imap *m, struct arena *a, const struct imap_command *c)
{
    const char *literal = c->data ? arena_printf(a, " {%zu}", c->n_data) : "";
    const char *line = arena_printf(a, "t%u %s%s\r\n", ++m->command, c->text, literal);
    if (!m->curl)
        return BOX_GONE;
    return send_bytes(m, line, strlen(line));
}

enum box_fault imap_run(struct imap *m, struct arena *a, const struct imap_command *c)
{
    enum box_fault fault = begin_command(m, a, c);
    if (!fault && c->data) {
        fault = read_to_end(m, c, true);
        fault = fault ? fault : send_bytes(m, c->data, c->n_data);
        fault = fault ? fault : send_bytes(m, "\r\n", 2);
    }
    return fault ? fault : read_to_end(m, c, false);
}

/* ---- waiting ---- */

/* Until the server tells of something; that it is still there is nothing. */
static enum box_fault wait_for_news(struct imap *m, int64_t ms)
{
    struct imap_reading r = {.max = IMAP_RESPONSE_MAX, .until = clock_monotonic() + ms};
    for (;;) {
        AUTO_ARENA struct arena *a = arena_new();
        struct imap_response response;
        size_t n = 0;
        enum box_fault fault = next_response(m, a, &r, &response, &n);
        if (fault || n == 0)
            return fault;
        if (response.tag != '*' || response.status == IMAP_BYE)
            return fail_imap(m, BOX_GONE, response.words ? response.words : "");
        drop_frame(m, n);
        if (response.status == IMAP_DATA || clock_monotonic() > r.until)
            return BOX_FINE;
    }
}

/* False: the server does not want to tell, or nothing can be asked any more (*ret_fault). */
static bool begin_idle(struct imap *m, struct arena *a, const struct imap_command *idle, enum box_fault *ret_fault)
{
    *ret_fault = BOX_FINE;
    if (!imap_can(m, IMAP_IDLE))
        return false;
    *ret_fault = begin_command(m, a, idle);
    if (!*ret_fault)
        *ret_fault = read_to_end(m, idle, true);
    if (*ret_fault == BOX_REFUSED) {
        m->skills &= ~(unsigned)IMAP_IDLE;
        *ret_fault = BOX_FINE;
        return false;
    }
    return *ret_fault == BOX_FINE;
}

enum box_fault imap_wait(struct imap *m, struct arena *a, int64_t ms)
{
    const struct imap_command idle = {.text = "IDLE", .max = IMAP_RESPONSE_MAX};
    enum box_fault fault;
    bool idles = begin_idle(m, a, &idle, &fault);
    if (!fault)
        fault = wait_for_news(m, ms);
    if (fault || !idles)
        return fault;
    fault = send_bytes(m, "DONE\r\n", 6);
    return fault ? fault : read_to_end(m, &idle, false);
}

/* ---- logging in ---- */

static int stop_login_if_asked(void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    const struct imap *m = arg;
    (void)total, (void)now, (void)up_total, (void)up;
    return !m->owner.goes_on(m->owner.arg);
}

/* The lines of the log-in: the last one says why it was refused. "A004 NO [AUTHENTICATIONFAILED] …" */
static size_t keep_line(char *line, size_t size, size_t n, void *arg)
{
    struct imap *m = arg;
    const char *blank = memchr(line, ' ', size * n);
    size_t behind = blank ? (size_t)(blank + 1 - line) : 0, len = size * n - behind;
    while (len && (line[behind + len - 1] == '\n' || line[behind + len - 1] == '\r'))
        len--;
    snprintf(m->words, sizeof(m->words), "%.*s", (int)(len < WORDS_SIZE ? len : WORDS_SIZE), line + behind);
    return size * n;
}

static void set_login(struct imap *m, const struct imap_login *login)
{
    CURL *c = m->curl;
    network_set(c, &m->network);
    network_set_starttls(c, login->url, !network_is_here(login->url));
    curl_easy_setopt(c, CURLOPT_URL, login->url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, LOGIN_MS);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, stop_login_if_asked);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, m);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, keep_line);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, m);
    curl_easy_setopt(c, CURLOPT_SASL_IR, 1L);
    if (login->token) { /* XOAUTH2 names whose mailbox it is, not whose token */
        curl_easy_setopt(c, CURLOPT_USERNAME, login->mailbox ? login->mailbox : login->user);
        curl_easy_setopt(c, CURLOPT_XOAUTH2_BEARER, login->token);
        return;
    }
    curl_easy_setopt(c, CURLOPT_USERNAME, login->user);
    curl_easy_setopt(c, CURLOPT_PASSWORD, login->password);
    if (login->mailbox)
        curl_easy_setopt(c, CURLOPT_SASL_AUTHZID, login->mailbox);
}

static void take_skills(void *arg, struct arena *a, const struct imap_response *r)
{
    static const struct {
        const char *name;
        enum imap_skill skill;
    } SKILLS[] = {{"IDLE", IMAP_IDLE}, {"MOVE", IMAP_MOVE}, {"UIDPLUS", IMAP_UIDPLUS}, {"X-GM-EXT-1", IMAP_GMAIL}};
    struct imap *m = arg;
    struct imap_scan s = r->rest;
    (void)a;
    if (strcmp(r->name, "CAPABILITY") != 0)
        return;
    for (struct imap_value v = imap_next(&s); v.token != IMAP_END; v = imap_next(&s))
        for (size_t i = 0; i < COUNT_OF(SKILLS); i++)
            m->skills |= imap_is(&v, SKILLS[i].name) ? SKILLS[i].skill : 0;
}

static enum box_fault login_fault(struct imap *m)
{
    CURLcode code = m->code;
    if (code == CURLE_LOGIN_DENIED) {
        imap_close(m);
        return BOX_NO_ENTRY;
    }
    return fail_imap(m, code == CURLE_ABORTED_BY_CALLBACK ? BOX_GIVEN_UP : BOX_UNREACHABLE, curl_easy_strerror(code));
}

enum box_fault imap_open(struct imap *m, struct arena *a, const struct imap_login *login)
{
    const struct imap_command capability = {
        .text = "CAPABILITY", .max = IMAP_RESPONSE_MAX, .take = take_skills, .arg = m};
    imap_close(m);
    m->why = WHY_IN_WORDS;
    m->words[0] = '\0';
    m->curl = curl_easy_init();
    set_login(m, login);
    m->code = curl_easy_perform(m->curl);
    if (m->code == CURLE_OK)
        m->code = curl_easy_getinfo(m->curl, CURLINFO_ACTIVESOCKET, &m->fd);
    if (m->code != CURLE_OK)
        return login_fault(m);
    return imap_run(m, a, &capability);
}
