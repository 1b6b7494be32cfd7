#include "web/http/answer.h"

#include "base/mem.h"

#include <stdio.h>
#include <time.h>

#define DATA (1u << ANSWER_DATA)
#define PAGE (1u << ANSWER_PAGE)
#define SHARED (1u << ANSWER_SHARED)
#define ALL (DATA | PAGE | SHARED)

/* What keeps browsers safe, for every answer there is. A handler's own header of the same name takes its place. */
static const struct {
    const char *name, *value;
    unsigned kinds;
    bool secure_only;
} HEADERS[] = {
    {"X-Content-Type-Options", "nosniff", ALL, false},
    {"Referrer-Policy", "no-referrer", ALL, false},
    {"X-Frame-Options", "SAMEORIGIN", ALL, false}, /* the console shows stored files in frames of its own */
    {"Cross-Origin-Opener-Policy", "same-origin", ALL, false},
    {"Cross-Origin-Resource-Policy", "same-origin", DATA | PAGE, false},
    {"Cross-Origin-Resource-Policy", "cross-origin", SHARED, false},
    {"Access-Control-Allow-Origin", "*", SHARED,
     false}, /* a widget must be able to read a refusal too; it has no cookie */
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()", ALL, false},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'", DATA | SHARED, false},
    {"Content-Security-Policy",
     "default-src 'self'; img-src 'self' data: blob: https:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
     "frame-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
     "frame-ancestors 'none'",
     PAGE, false},
    {"Strict-Transport-Security", "max-age=31536000", ALL, true},
    {"Cache-Control", "no-store", ALL, false},
};

/* RFC 9110 §15 */
static const struct {
    int status;
    const char *text;
} STATUSES[] = {
    {200, "OK"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

static const char *status_text(int status)
{
    for (size_t i = 0; i < COUNT_OF(STATUSES); i++)
        if (STATUSES[i].status == status)
            return STATUSES[i].text;
    return "";
}

/* RFC 9110 §5.6.7; made once a second. */
static const char *date_now(void)
{
    static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static _Thread_local time_t at = -1;
    static _Thread_local char text[48];
    time_t now = time(NULL);
    struct tm t;
    if (now != at && gmtime_r(&now, &t)) {
        at = now;
        snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", DAYS[t.tm_wday], t.tm_mday,
                 MONTHS[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
    }
    return text;
}

static bool has_header(const char *headers, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = headers; line && *line; line = strstr(line, "\r\n"), line = line ? line + 2 : NULL)
        if (strncmp(line, name, n) == 0 && line[n] == ':')
            return true;
    return false;
}

static void add_header(struct buf *out, const char *name, const char *value)
{
    buf_puts(out, name);
    buf_add(out, ": ", 2);
    buf_puts(out, value);
    buf_add(out, "\r\n", 2);
}

static void add_table(struct buf *out, const struct http_answer *a)
{
    for (size_t i = 0; i < COUNT_OF(HEADERS); i++)
        if ((HEADERS[i].kinds & 1u << a->kind) && (a->secure || !HEADERS[i].secure_only) &&
            !has_header(a->headers, HEADERS[i].name))
            add_header(out, HEADERS[i].name, HEADERS[i].value);
}

void answer_head(struct buf *out, const struct http_answer *a)
{
    buf_reserve(out, 1024);
    buf_puts(out, "HTTP/1.1 ");
    buf_int(out, a->status);
    buf_putc(out, ' ');
    buf_puts(out, status_text(a->status));
    buf_puts(out, "\r\n");
    add_header(out, "Date", date_now());
    if (a->type)
        add_header(out, "Content-Type", a->type);
    if (a->status != 204 && a->status != 304) { /* RFC 9110 §8.6 */
        buf_puts(out, "Content-Length: ");
        buf_int(out, a->length);
        buf_puts(out, "\r\n");
    }
    if (a->close || a->keep_alive_10)
        add_header(out, "Connection", a->close ? "close" : "keep-alive");
    add_table(out, a);
    if (a->headers)
        buf_puts(out, a->headers);
    buf_puts(out, "\r\n");
}
