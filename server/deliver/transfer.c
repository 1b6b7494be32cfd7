#include "deliver/transfer.h"

#include "base/buf.h"
#include "base/net.h"

#include <curl/curl.h>
#include <netdb.h>

#define CONNECT_TIMEOUT_MS 10000L
#define TOTAL_TIMEOUT_MS 30000L
#define BYTES_PER_MS 1024 /* a large mail may take longer */
#define REPLY_MAX (64 * 1024)

struct transfer {
    CURL *curl;
    const struct outgoing_rules *rules;
    bool smtp;         /* the request under way */
    char refused[80];  /* the address that it may not go to, or "" */
    struct buf answer; /* what the mail server said last, without its code */
    bool answer_goes_on;
};

struct upload {
    const char *at;
    size_t left;
};

struct transfer *transfer_new(const struct outgoing_rules *rules)
{
    struct transfer *t = mem_alloc(sizeof(*t));
    t->curl = curl_easy_init();
    t->rules = rules;
    return t;
}

void transfer_free(struct transfer *t)
{
    if (!t)
        return;
    curl_easy_cleanup(t->curl);
    buf_free(&t->answer);
    free(t);
}

static size_t read_upload(char *to, size_t size, size_t n, void *arg)
{
    struct upload *u = arg;
    size_t take = size * n < u->left ? size * n : u->left;
    memcpy(to, u->at, take);
    u->at += take;
    u->left -= take;
    return take;
}

static size_t write_reply(char *data, size_t size, size_t n, void *arg)
{
    struct buf *reply = arg;
    size_t room = REPLY_MAX > reply->len ? REPLY_MAX - reply->len : 0;
    buf_add(reply, data, size * n < room ? size * n : room); /* the rest says nothing that we need */
    return size * n;
}

/* A line of the mail server: a code, '-' where more lines of the same answer follow, and words (RFC 5321 §4.2.1). Of all answers the
 * last one is kept: libcurl's own words for a refusal ("Weird server reply") say nothing. */
static size_t keep_answer(char *line, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    size_t len = size * n;
    if (!t->answer_goes_on)
        buf_clear(&t->answer);
    t->answer_goes_on = len > 3 && line[3] == '-';
    while (len > 4 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    if (len > 4 && t->answer.len + len < REPLY_MAX) {
        if (t->answer.len)
            buf_add(&t->answer, " ", 1);
        buf_add(&t->answer, line + 4, len - 4);
    }
    return size * n;
}

static struct curl_slist *curl_headers_of(struct arena *a, const struct send_request *r)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < SEND_HEADERS_MAX && r->headers[i].name; i++)
        list = curl_slist_append(list, arena_printf(a, "%s: %s", r->headers[i].name, r->headers[i].value));
    return list;
}

static bool may_reach(const struct transfer *t, const struct sockaddr *address)
{
    enum net_place place = net_place(address);
    if (place == NET_PUBLIC || (place == NET_LOOPBACK && t->smtp))
        return true;
    return place != NET_FORBIDDEN && net_list_has(t->rules->networks, address);
}

/* libcurl asks for a socket once it knows the address: of each connection, by each name. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct transfer *t = arg;
    (void)purpose;
    if (may_reach(t, &a->addr))
        return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
    if (getnameinfo(&a->addr, a->addrlen, t->refused, sizeof(t->refused), NULL, 0, NI_NUMERICHOST) != 0)
        snprintf(t->refused, sizeof(t->refused), "?");
    return CURL_SOCKET_BAD;
}

static void set_common(struct transfer *t, const struct send_request *r, struct buf *reply)
{
    CURL *c = t->curl;
    curl_easy_reset(c);
    t->smtp = r->how == SEND_SMTP;
    t->refused[0] = '\0';
    curl_easy_setopt(c, CURLOPT_PROXY, ""); /* none by the environment: it would connect where we may not look */
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
    if (t->rules->ca_file[0])
        curl_easy_setopt(c, CURLOPT_CAINFO, t->rules->ca_file);
    curl_easy_setopt(c, CURLOPT_URL, r->url);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, TOTAL_TIMEOUT_MS + (long)(r->body_len / BYTES_PER_MS));
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, write_reply);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "Throughline/" THROUGHLINE_VERSION);
    if (r->user) {
        curl_easy_setopt(c, CURLOPT_USERNAME, r->user);
        curl_easy_setopt(c, CURLOPT_PASSWORD, r->password ? r->password : "");
    }
}

static void set_http(CURL *c, const struct send_request *r)
{
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    if (r->how == SEND_GET)
        return;
    curl_easy_setopt(c, CURLOPT_POST, 1L);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body ? r->body : "");
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
}

/* A certificate proves nothing about this machine to itself: Debian's Postfix shows a self-signed one there. */
static void set_starttls(CURL *c, const struct send_request *r)
{
    const char *host = "";
    size_t n = 0;
    bool here = net_url_host(r->url, &host, &n) && net_is_loopback_host(host, n);
    bool must = r->require_tls || (r->user && !here);
    curl_easy_setopt(c, CURLOPT_USE_SSL, must ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, here ? 0L : 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, here ? 0L : 2L);
}

static struct curl_slist *set_smtp(struct transfer *t, const struct send_request *r, struct upload *upload)
{
    CURL *c = t->curl;
    struct curl_slist *to = curl_slist_append(NULL, r->mail_to);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, r->mail_from);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
    set_starttls(c, r);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, read_upload);
    curl_easy_setopt(c, CURLOPT_READDATA, upload);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, keep_answer);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    buf_clear(&t->answer);
    t->answer_goes_on = false;
    return to;
}

/* Nothing of the request has been handed over: libcurl was still connecting, encrypting, or (SMTP) logging in. That also
 * holds for a connection that nobody accepts, which ends by a time-out like one that nobody answers. */
static bool never_began(CURL *c)
{
    curl_off_t began = 0;
    return curl_easy_getinfo(c, CURLINFO_PRETRANSFER_TIME_T, &began) != CURLE_OK || began == 0;
}

/* What went wrong: the cure where one is known, as a saying; else libcurl's words. */
static void set_fault(const struct transfer *t, struct arena *a, CURLcode code, struct send_reply *ret)
{
    ret->transport_error = code == CURLE_OK ? NULL : arena_strdup(a, curl_easy_strerror(code));
    if (code != CURLE_OK && t->refused[0])
        ret->transport_said = said(a, network_closed, t->refused);
    else if (code == CURLE_PEER_FAILED_VERIFICATION)
        ret->transport_said = said(a, certificate_unknown);
    else if (code == CURLE_USE_SSL_FAILED)
        ret->transport_said = said(a, no_encryption);
}

void transfer_run(struct transfer *t, struct arena *a, const struct send_request *r, bool repeatable,
                  struct send_reply *ret)
{
    struct buf reply = {0};
    struct upload upload = {r->body, r->body_len};
    struct curl_slist *headers = NULL, *to = NULL;
    set_common(t, r, &reply);
    curl_easy_setopt(t->curl, CURLOPT_FRESH_CONNECT, repeatable ? 0L : 1L);
    if (r->how != SEND_SMTP) {
        headers = curl_headers_of(a, r);
        curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
        set_http(t->curl, r);
    } else {
        to = set_smtp(t, r, &upload);
    }
    CURLcode code = curl_easy_perform(t->curl);
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait);
    if (t->smtp && status / 100 >= 4) /* a refusal, in its own words */
        buf_add(&reply, t->answer.data, t->answer.len);
    *ret = (struct send_reply){.request = r,
                               .status = (int)status,
                               .connected = code == CURLE_OK || !never_began(t->curl),
                               .body = arena_strndup(a, reply.data ? reply.data : "", reply.len),
                               .body_len = reply.len,
                               .retry_after_ms = wait > 0 ? (int64_t)wait * 1000 : -1};
    set_fault(t, a, code, ret);
    curl_slist_free_all(headers);
    curl_slist_free_all(to);
    buf_free(&reply);
}
