#include "web/http/head.h"

#include <string.h>
#include <strings.h>

/* ---- where it ends ---- */

enum head_fault head_measure(const char *bytes, size_t n, size_t *at, size_t *ret_size)
{
    size_t begin = n >= 2 && memcmp(bytes, "\r\n", 2) == 0 ? 2 : 0;
    *ret_size = 0;
    if (n > begin && !is_token_char(bytes[begin]) && !(n == 1 && bytes[0] == '\r'))
        return HEAD_BAD; /* a TLS greeting, a second empty line: nothing that comes could mend it */
    size_t from = *at > begin ? *at : begin;
    size_t within = n < HEAD_SIZE_MAX ? n : HEAD_SIZE_MAX;
    while (from < within) {
        const char *lf = memchr(bytes + from, '\n', within - from);
        if (!lf)
            break;
        size_t end = (size_t)(lf - bytes) + 1;
        if (end < 2 || bytes[end - 2] != '\r')
            return HEAD_BAD; /* a bare LF ends no line here, and for others it may */
        if (end >= begin + 4 && memcmp(bytes + end - 4, "\r\n\r\n", 4) == 0) {
            *ret_size = end;
            return HEAD_FINE;
        }
        from = end;
    }
    *at = within;
    return n >= HEAD_SIZE_MAX ? HEAD_TOO_LARGE : HEAD_FINE;
}

/* ---- the request line (RFC 9112 §3) ---- */

/* Of a target: visible ASCII. A fragment never leaves the client (RFC 9110 §4.2.5). */
static bool is_target_char(char c)
{
    return c > 0x20 && c < 0x7f && c != '#';
}

/* Host and authority: without what would begin a path, a query or somebody else's name (RFC 3986 §3.2). */
static bool is_host_char(char c)
{
    return is_target_char(c) && !strchr("/?@\\,", c);
}

/* "http://host/path?query" (§3.2.2): what stands behind the authority, which must be there. */
static bool skip_authority(struct span *rest)
{
    static const char *const SCHEMES[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(SCHEMES[i]);
        if (rest->n <= n || strncasecmp(rest->at, SCHEMES[i], n) != 0)
            continue;
        struct span authority = {rest->at + n, 0};
        while (n + authority.n < rest->n && !strchr("/?", authority.at[authority.n]))
            authority.n++;
        *rest = (struct span){authority.at + authority.n, rest->n - n - authority.n};
        return authority.n > 0 && span_all(authority, is_host_char);
    }
    return false;
}

static bool read_target(struct head *h)
{
    struct span rest = h->target;
    if (rest.n == 0 || !span_all(rest, is_target_char) || span_is_exact(h->method, "CONNECT"))
        return false;
    if (span_is_exact(rest, "*")) {
        h->path = rest;
        h->query = (struct span){rest.at + 1, 0};
        return span_is_exact(h->method, "OPTIONS");
    }
    if (rest.at[0] != '/' && !skip_authority(&rest))
        return false;
    if (!span_cut(&rest, '?', &h->path)) {
        h->path = rest;
        rest = (struct span){rest.at + rest.n, 0};
    }
    if (h->path.n == 0) /* "http://host" */
        h->path = (struct span){"/", 1};
    h->query = rest;
    return true;
}

static bool read_version(struct span version, struct head *h)
{
    h->minor = span_is_exact(version, "HTTP/1.1");
    return h->minor || span_is_exact(version, "HTTP/1.0");
}

static bool read_request_line(struct span line, struct head *h)
{
    return span_cut(&line, ' ', &h->method) && h->method.n > 0 && h->method.n <= HEAD_METHOD_MAX &&
           span_all(h->method, is_token_char) && span_cut(&line, ' ', &h->target) && read_version(line, h) &&
           read_target(h);
}

/* ---- fields (RFC 9112 §5) ---- */

static enum head_fault read_field(struct span line, struct head *h)
{
    struct head_field f;
    if (h->n_fields == HEAD_FIELDS_MAX)
        return HEAD_TOO_LARGE;
    if (!span_cut(&line, ':', &f.name) || f.name.n == 0 || !span_all(f.name, is_token_char) ||
        !span_all(line, is_value_char))
        return HEAD_BAD; /* a folded line begins with a blank, and so has no name either */
    f.value = span_trim(line);
    h->fields[h->n_fields++] = f;
    return HEAD_FINE;
}

static size_t head_count(const struct head *h, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < h->n_fields; i++)
        n += span_is(h->fields[i].name, name);
    return n;
}

const struct span *head_first(const struct head *h, const char *name)
{
    for (size_t i = 0; i < h->n_fields; i++)
        if (span_is(h->fields[i].name, name))
            return &h->fields[i].value;
    return NULL;
}

bool head_lists(const struct head *h, const char *name, const char *token)
{
    for (size_t i = 0; i < h->n_fields; i++) {
        struct span rest = h->fields[i].value, one;
        if (!span_is(h->fields[i].name, name))
            continue;
        while (span_cut(&rest, ',', &one))
            if (span_is(span_trim(one), token))
                return true;
        if (span_is(span_trim(rest), token))
            return true;
    }
    return false;
}

/* ---- what decides where the body ends (RFC 9112 §6) ---- */

static bool read_length(struct head *h)
{
    const struct span *value = head_first(h, "content-length");
    h->length = -1;
    if (!value)
        return true;
    if (head_count(h, "content-length") > 1 || value->n == 0 || value->n > HEAD_LENGTH_DIGITS_MAX ||
        !span_all(*value, is_digit))
        return false;
    h->length = 0;
    for (size_t i = 0; i < value->n; i++)
        h->length = h->length * 10 + (value->at[i] - '0');
    return true;
}

static bool read_coding(struct head *h)
{
    const struct span *value = head_first(h, "transfer-encoding");
    h->chunked = value != NULL;
    return !value ||
           (head_count(h, "transfer-encoding") == 1 && span_is(*value, "chunked") && h->minor == 1 && h->length < 0);
}

/* One Host, also where HTTP/1.0 does not ask for it: a proxy may have chosen by another. */
static bool read_host(const struct head *h)
{
    const struct span *value = head_first(h, "host");
    return head_count(h, "host") <= 1 && (value ? span_all(*value, is_host_char) : h->minor == 0);
}

static enum head_fault read_expect(struct head *h)
{
    const struct span *value = head_first(h, "expect");
    if (!value || h->minor == 0) /* RFC 9110 §10.1.1: of HTTP/1.0 it is ignored */
        return HEAD_FINE;
    h->wants_continue = head_count(h, "expect") == 1 && span_is(*value, "100-continue");
    return h->wants_continue ? HEAD_FINE : HEAD_EXPECTS;
}

static void read_connection(struct head *h)
{
    bool asked = head_lists(h, "connection", "keep-alive"), ends = head_lists(h, "connection", "close");
    h->keep_alive = !ends && (h->minor == 1 || asked);
}

static enum head_fault read_head_fields(struct span rest, struct head *h)
{
    struct span line;
    while (span_cut(&rest, '\n', &line) && line.n > 1) {
        line.n--; /* head_measure has seen its CR */
        enum head_fault fault = read_field(line, h);
        if (fault != HEAD_FINE)
            return fault;
    }
    return HEAD_FINE;
}

enum head_fault head_read(const char *bytes, size_t size, struct head *ret)
{
    struct span rest = {bytes, size}, line;
    ret->n_fields = 0;
    ret->wants_continue = false;
    if (size >= 2 && memcmp(bytes, "\r\n", 2) == 0)
        rest = (struct span){bytes + 2, size - 2};
    if (!span_cut(&rest, '\n', &line) || line.n == 0 || line.at[--line.n] != '\r' || !read_request_line(line, ret))
        return HEAD_BAD;
    enum head_fault fault = read_head_fields(rest, ret);
    if (fault != HEAD_FINE)
        return fault;
    if (!read_length(ret) || !read_coding(ret) || !read_host(ret))
        return HEAD_BAD;
    read_connection(ret);
    return read_expect(ret);
}
