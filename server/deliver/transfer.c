#include "deliver/transfer.h"

#include "base/buf.h"

#include <curl/curl.h>

#define CONNECT_TIMEOUT_MS 10000L
#define TOTAL_TIMEOUT_MS 30000L
#define BYTES_PER_MS 1024 /* a large mail may take longer */
#define REPLY_MAX (64 * 1024)

struct transfer {
    CURL *curl;
};

struct upload {
    const char *at;
    size_t left;
};

struct transfer *transfer_new(void)
{
    struct transfer *t = mem_alloc(sizeof(*t));
    t->curl = curl_easy_init();
    return t;
}

void transfer_free(struct transfer *t)
{
    if (!t)
        return;
    curl_easy_cleanup(t->curl);
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

static struct curl_slist *headers_of(struct arena *a, const struct send_request *r)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < SEND_HEADERS_MAX && r->headers[i].name; i++)
        list = curl_slist_append(list, arena_printf(a, "%s: %s", r->headers[i].name, r->headers[i].value));
    return list;
}

static void set_common(CURL *c, const struct send_request *r, struct buf *reply)
{
    curl_easy_reset(c);
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
    curl_easy_setopt(c, CURLOPT_POST, 1L);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body ? r->body : "");
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
}

static struct curl_slist *set_smtp(CURL *c, const struct send_request *r, struct upload *upload)
{
    struct curl_slist *to = curl_slist_append(NULL, r->mail_to);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, r->mail_from);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(c, CURLOPT_USE_SSL, r->require_tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, read_upload);
    curl_easy_setopt(c, CURLOPT_READDATA, upload);
    return to;
}

static bool never_connected(CURLcode code)
{
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT ||
           code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_SSL_CONNECT_ERROR ||
           code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_USE_SSL_FAILED;
}

void transfer_run(struct transfer *t, struct arena *a, const struct send_request *r, bool repeatable,
                  struct send_reply *ret)
{
    struct buf reply = {0};
    struct upload upload = {r->body, r->body_len};
    struct curl_slist *headers = NULL, *to = NULL;
    set_common(t->curl, r, &reply);
    curl_easy_setopt(t->curl, CURLOPT_FRESH_CONNECT, repeatable ? 0L : 1L);
    if (r->how == SEND_HTTP) {
        headers = headers_of(a, r);
        curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
        set_http(t->curl, r);
    } else {
        to = set_smtp(t->curl, r, &upload);
    }
    CURLcode code = curl_easy_perform(t->curl);
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait);
    *ret = (struct send_reply){.request = r,
                               .status = (int)status,
                               .connected = !never_connected(code),
                               .body = arena_strndup(a, reply.data ? reply.data : "", reply.len),
                               .body_len = reply.len,
                               .retry_after_ms = wait > 0 ? (int64_t)wait * 1000 : -1,
                               .transport_error = code == CURLE_OK ? NULL : arena_strdup(a, curl_easy_strerror(code))};
    curl_slist_free_all(headers);
    curl_slist_free_all(to);
    buf_free(&reply);
}
