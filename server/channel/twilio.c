#include "channel/twilio.h"

#include "base/crypto.h"
#include "base/text.h"

const struct header_wanted TWILIO_HEADERS[] = {{.name = "x-twilio-signature"}, {0}};

/* A parameter with its exact bytes: the signature is over these, control characters and all. */
struct param {
    char *name, *value;
    size_t name_len, value_len;
};

static size_t decode_params(struct arena *a, const char *body, size_t n, struct param *ret)
{
    size_t count = 0;
    for (const char *p = body, *end = body + n; p < end && count < FORM_PAIRS_MAX;) {
        const char *amp = memchr(p, '&', (size_t)(end - p)), *stop = amp ? amp : end;
        const char *eq = memchr(p, '=', (size_t)(stop - p));
        if (stop > p) {
            struct param *param = &ret[count++];
            param->name = form_bytes(a, p, (size_t)((eq ? eq : stop) - p), &param->name_len);
            param->value = eq ? form_bytes(a, eq + 1, (size_t)(stop - eq - 1), &param->value_len)
                              : form_bytes(a, "", 0, &param->value_len);
        }
        p = stop + 1;
    }
    return count;
}

static int compare_bytes(const char *a, size_t n, const char *b, size_t m)
{
    int order = memcmp(a, b, n < m ? n : m);
    return order ? order : (n > m) - (n < m);
}

static int compare_params(const void *va, const void *vb)
{
    const struct param *a = va, *b = vb;
    int order = compare_bytes(a->name, a->name_len, b->name, b->name_len);
    return order ? order : compare_bytes(a->value, a->value_len, b->value, b->value_len);
}

/* All parameters, sorted, each pair of name and value once. */
static void sorted_params(struct arena *a, const struct web_request *request, struct buf *out)
{
    struct param *params = arena_alloc(a, FORM_PAIRS_MAX * sizeof(*params));
    size_t n = decode_params(a, request->body, request->body_len, params);
    qsort(params, n, sizeof(*params), compare_params);
    for (size_t i = 0; i < n; i++) {
        if (i && compare_params(&params[i], &params[i - 1]) == 0)
            continue;
        buf_add(out, params[i].name, params[i].name_len);
        buf_add(out, params[i].value, params[i].value_len);
    }
}

static bool twilio_signature_holds(const char *token, const char *url, const struct buf *params, const char *signature)
{
    AUTO_BUF struct buf text = {0};
    buf_puts(&text, url);
    buf_add(&text, params->data ? params->data : "", params->len);
    return crypto_hmac_verify(HMAC_SHA1, ENCODE_BASE64, token, strlen(token), text.data ? text.data : "", text.len,
                              signature);
}

/* The URL without its port, or with the default one, the other way round from what it is. NULL: there is no other way. */
static const char *with_other_port(struct arena *a, const char *url)
{
    bool tls = strncmp(url, "https://", 8) == 0;
    const char *host = strstr(url, "://");
    if (!host)
        return NULL;
    host += 3;
    size_t n = strcspn(host, "/?#");
    const char *at = memchr(host, '@', n);
    const char *colon = memchr(at ? at : host, ':', n - (at ? (size_t)(at - host) : 0));
    const char *rest = host + n;
    if (colon)
        return arena_printf(a, "%.*s%s", (int)(colon - url), url, rest);
    return arena_printf(a, "%.*s:%s%s", (int)(rest - url), url, tls ? "443" : "80", rest);
}

static const char *replaced(struct arena *a, const char *text, const char *from, const char *to)
{
    AUTO_BUF struct buf b = {0};
    const char *p = text;
    for (const char *hit; (hit = strstr(p, from)) != NULL; p = hit + strlen(from)) {
        buf_add(&b, p, (size_t)(hit - p));
        buf_puts(&b, to);
    }
    if (!b.len)
        return NULL;
    buf_puts(&b, p);
    return arena_strndup(a, b.data, b.len);
}

/* Twilio signs the URL as it was entered there; proxies and Twilio's own servers differ about port and apostrophe. */
bool twilio_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf params = {0};
    const char *token = channel_setting(account, "auth_token"), *signature = web_header(request, "x-twilio-signature");
    const char *url = account->webhook_url;
    if (request->query[0])
        url = arena_printf(a, "%s?%s", url, request->query);
    const char *ports[] = {url, with_other_port(a, url)};
    if (strcmp(request->method, "POST") == 0)
        sorted_params(a, request, &params);
    for (size_t i = 0; token[0] && signature && i < COUNT_OF(ports) && ports[i]; i++) {
        const char *spellings[] = {ports[i], replaced(a, ports[i], "'", "%27"), replaced(a, ports[i], "%27", "'")};
        for (size_t j = 0; j < COUNT_OF(spellings); j++)
            if (spellings[j] && twilio_signature_holds(token, spellings[j], &params, signature))
                return true;
    }
    return error_english(
        err, ERR_UNAUTHENTICATED, NULL,
        "X-Twilio-Signature does not hold; the auth token and the public URL of this server must be right.");
}
