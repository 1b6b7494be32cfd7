#include "handover/post.h"

#include "handover/order.h"
#include "handover/trace.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#define PIECE (64 * 1024) /* what is read at once; the lines that mail servers put at the top are in the first */
#define CONNECT_WITHIN_S 30L

struct mail {
    char piece[PIECE]; /* of standard input */
    size_t n, at;
    size_t trace_at; /* where in the first piece the lines of the trace belong */
    struct buf trace;
    size_t trace_sent;
    int error; /* of reading; 0: none */
};

struct answer_row {
    long from, to; /* status */
    int exit;
    const char *said;
};

/* The first row that fits. None bounces but what can never be taken: a wrong token, or a URL that is not there, is our own mistake
 * and no reason to send customers' mail back. */
static const struct answer_row ANSWERS[] = {
    {200, 299, EX_OK, NULL},
    {413, 413, EX_UNAVAILABLE, "5.3.4 The mail is larger than the support desk takes"},
    {401, 403, EX_TEMPFAIL, "4.3.5 The support desk refuses the token"},
    {404, 404, EX_TEMPFAIL, "4.3.5 The support desk has no such channel at the URL"},
    {429, 429, EX_TEMPFAIL, "4.3.2 The support desk takes no more for the moment"},
    {500, 599, EX_TEMPFAIL, "4.3.2 The support desk takes nothing for the moment"},
    {0, 999, EX_TEMPFAIL, "4.3.0 The support desk gives an answer that is none of its own"},
};

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static bool read_piece(struct mail *m)
{
    ssize_t n = 0;
    m->n = m->at = 0;
    while (m->n < PIECE && (n = read(STDIN_FILENO, m->piece + m->n, PIECE - m->n)) != 0) {
        if (n < 0 && errno != EINTR) {
            m->error = errno;
            return false;
        }
        m->n += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* What is left of it: a mail server may take a pipe that is not read to its end for a failure. */
static void read_rest(struct mail *m)
{
    while (!m->error && m->n && read_piece(m))
        continue;
}

static size_t give(char *to, size_t max, const char *from, size_t n)
{
    size_t given = n < max ? n : max;
    memcpy(to, from, given);
    return given;
}

static size_t on_wanted(char *to, size_t size, size_t count, void *arg)
{
    struct mail *m = arg;
    size_t max = size * count, given;
    if (m->at == m->trace_at && m->trace_sent < m->trace.len) {
        given = give(to, max, m->trace.data + m->trace_sent, m->trace.len - m->trace_sent);
        m->trace_sent += given;
        return given;
    }
    if (m->at == m->n && !read_piece(m))
        return CURL_READFUNC_ABORT;
    size_t until = m->trace_sent < m->trace.len ? m->trace_at : m->n;
    given = give(to, max, m->piece + m->at, until - m->at);
    m->at += given;
    return given;
}

/* ---- sending -------------------------------------------------------------------------------------------------------- */

static size_t on_answer(char *data, size_t size, size_t count, void *arg)
{
    (void)data;
    (void)arg;
    return size * count;
}

static void set_post_options(CURL *curl, const struct order *order, struct curl_slist *headers, struct mail *m)
{
    curl_easy_setopt(curl, CURLOPT_URL, order->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1); /* in chunks: how long it is nobody knows */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, order->timeout_s);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_WITHIN_S);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_wanted);
    curl_easy_setopt(curl, CURLOPT_READDATA, m);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
    if (order->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, order->ca_file);
}

static int tell_answer(long status)
{
    const struct answer_row *row = ANSWERS;
    while (status < row->from || status > row->to)
        row++;
    if (row->said)
        fprintf(stderr, "%s (HTTP %ld).\n", row->said, status);
    return row->exit;
}

static int tell_failure(const struct mail *m, CURLcode code, const char *words)
{
    if (m->error)
        fprintf(stderr, "4.3.0 The mail cannot be read from standard input: %s.\n", strerror(m->error));
    else
        fprintf(stderr, "4.4.1 The support desk cannot be reached: %.300s.\n",
                words[0] ? words : curl_easy_strerror(code));
    return EX_TEMPFAIL;
}

static int send_mail(CURL *curl, const struct order *order, const struct buf *token, struct mail *m)
{
    char words[CURL_ERROR_SIZE] = "";
    AUTO_BUF struct buf authorization = {0};
    long status = 0;
    buf_printf(&authorization, "Authorization: Bearer %s", token->data);
    struct curl_slist *headers = curl_slist_append(NULL, authorization.data);
    headers = curl_slist_append(headers, "Content-Type: message/rfc822");
    headers = curl_slist_append(headers, "Transfer-Encoding: chunked");
    headers = curl_slist_append(headers, "Expect:");
    set_post_options(curl, order, headers, m);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    return code == CURLE_OK ? tell_answer(status) : tell_failure(m, code, words);
}

int post_mail(const struct order *order, const struct buf *token)
{
    static struct mail m;
    if (!read_piece(&m) || m.n == 0) {
        fprintf(stderr, "4.3.0 There is no mail on standard input.\n");
        return EX_TEMPFAIL;
    }
    m.trace_at = trace_add(&m.trace, order, m.piece, m.n);
    CURL *curl = curl_easy_init();
    int status = curl ? send_mail(curl, order, token, &m) : EX_TEMPFAIL;
    curl_easy_cleanup(curl);
    buf_free(&m.trace);
    read_rest(&m);
    return status;
}
