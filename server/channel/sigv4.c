#include "channel/sigv4.h"

#include "base/crypto.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define HEX_SIZE (2 * SHA256_SIZE + 1)
#define DATE_LENGTH 8 /* of "20130524T000000Z" */

static const char *amz_date(struct arena *a, int64_t now)
{
    char text[20];
    time_t seconds = (time_t)(now / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &tm);
    return arena_strdup(a, text);
}

static const char *sha256_hex(struct arena *a, const void *data, size_t n)
{
    uint8_t digest[SHA256_SIZE];
    char hex[HEX_SIZE];
    crypto_sha256(data, n, digest);
    crypto_hex(digest, sizeof(digest), hex);
    return arena_strdup(a, hex);
}

static int by_header_name(const void *x, const void *y)
{
    return strcmp(((const struct send_header *)x)->name, ((const struct send_header *)y)->name);
}

/* All that are signed, their names in lower case, in their order. */
static struct list signed_headers(struct arena *a, const struct aws_call *call, const struct send_request *request)
{
    struct list all = {0};
    *(struct send_header *)list_grow(a, &all, sizeof(struct send_header)) = (struct send_header){"host", call->host};
    for (size_t i = 0; i < SEND_HEADERS_MAX && request->headers[i].name; i++)
        *(struct send_header *)list_grow(a, &all, sizeof(struct send_header)) = (struct send_header){
            text_lower_ascii(a, request->headers[i].name), text_trim(a, request->headers[i].value)};
    qsort(all.items, all.n, sizeof(struct send_header), by_header_name);
    return all;
}

static const char *signed_names(struct arena *a, const struct list *headers)
{
    const char *names = "";
    for (size_t i = 0; i < headers->n; i++)
        names = arena_printf(a, "%s%s%s", names, i ? ";" : "", ((const struct send_header *)headers->items)[i].name);
    return names;
}

static const char *canonical_request(struct arena *a, const struct aws_call *call, const struct send_request *request,
                                     const struct list *headers, const char *hash)
{
    AUTO_BUF struct buf out = {0};
    buf_printf(&out, "%s\n%s\n\n", request->how == SEND_GET ? "GET" : "POST", call->path);
    for (size_t i = 0; i < headers->n; i++) {
        const struct send_header *h = (const struct send_header *)headers->items + i;
        buf_printf(&out, "%s:%s\n", h->name, h->value);
    }
    buf_printf(&out, "\n%s\n%s", signed_names(a, headers), hash);
    return arena_strndup(a, out.data, out.len);
}

/* The key of a day, a region and a service. */
static void signing_key(struct arena *a, const struct aws_key *key, const struct aws_call *call, const char *date,
                        uint8_t ret[SHA256_SIZE])
{
    const char *const steps[] = {arena_strndup(a, date, DATE_LENGTH), call->region, call->service, "aws4_request"};
    const char *first = arena_printf(a, "AWS4%s", key->secret);
    crypto_hmac_sha256(first, strlen(first), steps[0], strlen(steps[0]), ret);
    for (size_t i = 1; i < COUNT_OF(steps); i++)
        crypto_hmac_sha256(ret, SHA256_SIZE, steps[i], strlen(steps[i]), ret);
}

void sigv4_sign(const struct aws_key *key, const struct aws_call *call, struct arena *a, struct send_request *request)
{
    uint8_t day_key[SHA256_SIZE], signature[SHA256_SIZE];
    char hex[HEX_SIZE];
    const char *date = amz_date(a, call->now),
               *hash = sha256_hex(a, request->body ? request->body : "", request->body_len);
    const char *scope = arena_printf(a, "%.*s/%s/%s/aws4_request", DATE_LENGTH, date, call->region, call->service);
    send_header_add(request, "x-amz-date", date);
    send_header_add(request, "x-amz-content-sha256", hash);
    if (key->token && key->token[0])
        send_header_add(request, "x-amz-security-token", key->token);
    struct list headers = signed_headers(a, call, request);
    const char *canonical = canonical_request(a, call, request, &headers, hash);
    const char *text =
        arena_printf(a, ALGORITHM "\n%s\n%s\n%s", date, scope, sha256_hex(a, canonical, strlen(canonical)));
    signing_key(a, key, call, date, day_key);
    crypto_hmac_sha256(day_key, sizeof(day_key), text, strlen(text), signature);
    crypto_hex(signature, sizeof(signature), hex);
    send_header_add(request, "Authorization",
                    arena_printf(a, ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s", key->id, scope,
                                 signed_names(a, &headers), hex));
}
