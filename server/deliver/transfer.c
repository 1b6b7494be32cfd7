#include "deliver/transfer.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/attach.h"
#include "deliver/network.h"
#include "deliver/retry.h"
#include "desk/ground/blob.h"

#include <curl/curl.h>
#include <errno.h>

#define CONNECT_TIMEOUT_MS 10000L
#define TOTAL_TIMEOUT_MS 30000L
#define BYTES_PER_MS 1024 /* a large mail may take longer */
#define REPLY_MAX (64 * 1024)
#define REDIRECTS_MAX 3L
#define SLOWEST_BYTES_PER_S 1000L
#define SLOW_AT_MOST_S 30L

struct transfer {
    CURL *curl;
    struct network network;
    struct buf answer; /* what the mail server said last, without its code */
    bool answer_goes_on;
    bool (*stops)(void *arg); /* or NULL */
    void *arg;
};

/* What becomes of an answer. */
struct answer {
    CURL *curl;
    struct buf text;
    struct transfer_file *file; /* or NULL */
    size_t max;                 /* of the text */
    bool whole, too_large;      /* what is larger than max is given up */
};

struct upload {
    const char *at;
    size_t left;
};

struct transfer *transfer_new(const struct outgoing_rules *rules)
{
    struct transfer *t = mem_alloc(sizeof(*t));
    t->curl = curl_easy_init();
    t->network.rules = rules;
    return t;
}

void transfer_may_stop(struct transfer *t, bool (*stops)(void *arg), void *arg)
{
    t->stops = stops;
    t->arg = arg;
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

/* Less than it was given: libcurl ends the transfer. */
static size_t write_file(struct transfer_file *file, const char *data, size_t n)
{
    file->too_large = (int64_t)n > file->max - file->size;
    if (file->too_large)
        return 0;
    file->disk_failed = !blob_write(file->fd, data, n);
    if (file->disk_failed && (errno == ENOSPC || errno == EDQUOT))
        blob_was_full();
    file->size += (int64_t)n;
    return file->disk_failed ? 0 : n;
}

static size_t write_answer(char *data, size_t size, size_t n, void *arg)
{
    struct answer *answer = arg;
    size_t room = answer->max > answer->text.len ? answer->max - answer->text.len : 0;
    long status = 0;
    curl_easy_getinfo(answer->curl, CURLINFO_RESPONSE_CODE, &status);
    if (answer->file && status == 200)
        return write_file(answer->file, data, size * n);
    buf_add(&answer->text, data, size * n < room ? size * n : room); /* the rest says nothing that we need */
    answer->too_large = answer->whole && size * n > room;
    return answer->too_large ? 0 : size * n;
}

/* A line of the mail server: a code, '-' where more lines of the same answer follow, and words (RFC 5321 §4.2.1). Of all answers the
 * last one is kept: libcurl's own words for a refusal ("Weird server reply") say nothing. */
static size_t keep_answer(char *line, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    size_t len = size * n;
    if (len >= 3 && strncmp(line, "221", 3) == 0) /* the end of the session, which libcurl asks for after a refusal */
        return len;
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
    if (r->token && r->how != SEND_SMTP)
        list = curl_slist_append(list, arena_printf(a, "Authorization: Bearer %s", r->token));
    return list;
}

static int stop_if_asked(void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    const struct transfer *t = arg;
    (void)total, (void)now, (void)up_total, (void)up;
    return t->stops(t->arg);
}

static void set_stop(struct transfer *t)
{
    if (!t->stops)
        return;
    curl_easy_setopt(t->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(t->curl, CURLOPT_XFERINFOFUNCTION, stop_if_asked);
    curl_easy_setopt(t->curl, CURLOPT_XFERINFODATA, t);
}

static void set_common(struct transfer *t, const struct send_request *r, struct answer *answer)
{
    CURL *c = t->curl;
    curl_easy_reset(c);
    t->network.mail = r->how == SEND_SMTP;
    network_set(c, &t->network);
    curl_easy_setopt(c, CURLOPT_URL, r->url);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, TOTAL_TIMEOUT_MS + (long)(r->body_len / BYTES_PER_MS));
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, write_answer);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "Throughline/" THROUGHLINE_VERSION);
    if (r->user) {
        curl_easy_setopt(c, CURLOPT_USERNAME, r->user);
        curl_easy_setopt(c, CURLOPT_PASSWORD, r->password ? r->password : "");
        curl_easy_setopt(c, CURLOPT_XOAUTH2_BEARER, r->token);
    }
    set_stop(t);
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

static void set_mail_server(struct transfer *t, const struct send_request *r)
{
    CURL *c = t->curl;
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    network_set_starttls(c, r->url, r->require_tls || (r->user && !network_is_here(r->url)));
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, keep_answer);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    buf_clear(&t->answer);
    t->answer_goes_on = false;
}

static struct curl_slist *set_smtp(struct transfer *t, const struct send_request *r, struct upload *upload)
{
    CURL *c = t->curl;
    struct curl_slist *to = NULL;
    for (size_t i = 0; i < r->mail_to.n; i++)
        to = curl_slist_append(to, ((const char **)r->mail_to.items)[i]);
    set_mail_server(t, r);
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, r->mail_from);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, read_upload);
    curl_easy_setopt(c, CURLOPT_READDATA, upload);
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
    ret->transport_said = network_said(&t->network, a, code);
}

/* What is large may take its time, as long as it comes. */
static void set_patience(CURL *c)
{
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)TRANSFER_FILE_MS);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, SLOWEST_BYTES_PER_S);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, SLOW_AT_MOST_S);
}

/* libcurl leaves our password, and a header of that name, where a redirect leads elsewhere (CURLOPT_UNRESTRICTED_AUTH). */
static void set_file(CURL *c, const struct send_request *r, struct transfer_file *file)
{
    bool plain = strncmp(r->url, "http://", 7) == 0;
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, file->stays ? 0L : 1L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, plain ? "http,https" : "https");
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)file->max);
    set_patience(c);
}

/* What storages say of files of which they know none: the guess by what the message is says more. */
static bool says_nothing(const char *type)
{
    return strcmp(type, "application/octet-stream") == 0 || strcmp(type, "binary/octet-stream") == 0;
}

static const char *mime_type_of(struct arena *a, CURL *c)
{
    const char *said_type = NULL;
    curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &said_type);
    if (!said_type)
        return NULL;
    const char *type = text_lower_ascii(a, arena_strndup(a, said_type, strcspn(said_type, "; \t")));
    return is_mime_type(type) && !says_nothing(type) ? type : NULL;
}

static const char *header_of_answer(CURL *c, struct arena *a, const char *name)
{
    struct curl_header *header;
    return curl_easy_header(c, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? arena_strdup(a, header->value) : NULL;
}

static void take_answer(struct transfer *t, struct arena *a, const struct send_request *r, CURLcode code,
                        struct answer *answer, struct send_reply *ret)
{
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait);
    if (t->network.mail && (status / 100 >= 4 || code == CURLE_OK) && t->answer.len) /* in the server's own words */
        buf_add(&answer->text, t->answer.data, t->answer.len);
    *ret = (struct send_reply){.request = r,
                               .status = (int)status,
                               .connected = code == CURLE_OK || !never_began(t->curl),
                               .body = arena_strndup(a, answer->text.data ? answer->text.data : "", answer->text.len),
                               .body_len = answer->text.len,
                               .retry_after_ms = retry_after_of(wait)};
    if (r->wants_header)
        ret->header = header_of_answer(t->curl, a, r->wants_header);
    set_fault(t, a, code, ret);
}

void transfer_run(struct transfer *t, struct arena *a, const struct send_request *r, bool repeatable,
                  struct send_reply *ret)
{
    struct answer answer = {.curl = t->curl, .max = REPLY_MAX};
    struct upload upload = {r->body, r->body_len};
    struct curl_slist *headers = NULL, *to = NULL;
    set_common(t, r, &answer);
    curl_easy_setopt(t->curl, CURLOPT_FRESH_CONNECT, repeatable ? 0L : 1L);
    if (r->how != SEND_SMTP) {
        headers = curl_headers_of(a, r);
        curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
        set_http(t->curl, r);
    } else {
        to = set_smtp(t, r, &upload);
    }
    CURLcode code = curl_easy_perform(t->curl);
    take_answer(t, a, r, code, &answer, ret);
    curl_slist_free_all(headers);
    curl_slist_free_all(to);
    buf_free(&answer.text);
}

void transfer_try(struct transfer *t, struct arena *a, const struct send_request *r, const char *to,
                  struct send_reply *ret)
{
    const char *commands[] = {arena_printf(a, "MAIL FROM:<%s>", r->mail_from), arena_printf(a, "RCPT TO:<%s>", to),
                              "RSET"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        struct answer answer = {.curl = t->curl};
        set_common(t, r, &answer);
        set_mail_server(t, r);
        curl_easy_setopt(t->curl, CURLOPT_FRESH_CONNECT, i == 0 ? 1L : 0L); /* all on one connection */
        curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST, commands[i]);
        CURLcode code = curl_easy_perform(t->curl);
        take_answer(t, a, r, code, &answer, ret);
        buf_free(&answer.text);
        if (code != CURLE_OK || ret->status / 100 != 2)
            return;
    }
}

void transfer_fetch(struct transfer *t, struct arena *a, const struct send_request *r, struct transfer_file *file,
                    struct send_reply *ret)
{
    struct answer answer = {.curl = t->curl, .file = file, .max = REPLY_MAX};
    struct curl_slist *headers = curl_headers_of(a, r);
    set_common(t, r, &answer);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
    set_http(t->curl, r);
    set_file(t->curl, r, file);
    CURLcode code = curl_easy_perform(t->curl);
    file->too_large |= code == CURLE_FILESIZE_EXCEEDED;
    file->type = mime_type_of(a, t->curl);
    take_answer(t, a, r, code, &answer, ret);
    if (code != CURLE_OK)
        ret->status = 0; /* a half of it is none */
    curl_slist_free_all(headers);
    buf_free(&answer.text);
}

void transfer_read(struct transfer *t, struct arena *a, const struct send_request *r, size_t max,
                   struct send_reply *ret, bool *ret_too_large)
{
    struct answer answer = {.curl = t->curl, .max = max, .whole = true};
    struct curl_slist *headers = curl_headers_of(a, r);
    set_common(t, r, &answer);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
    set_http(t->curl, r);
    set_patience(t->curl);
    CURLcode code = curl_easy_perform(t->curl);
    take_answer(t, a, r, code, &answer, ret);
    *ret_too_large = answer.too_large;
    if (code != CURLE_OK && !answer.too_large)
        ret->status = 0; /* a half of it is none */
    curl_slist_free_all(headers);
    buf_free(&answer.text);
}
