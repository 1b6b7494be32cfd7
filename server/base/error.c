#include "base/error.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

static const struct error_row ROWS[ERR_COUNT_] = {
    [ERR_NONE] = {"none", 0, 200, "No error."},
    [ERR_PARSE] = {"parse", -32700, 400, "This is not valid JSON."},
    [ERR_REQUEST] = {"request", -32600, 400, "This is no request."},
    [ERR_INVALID] = {"invalid", -32602, 422, "A field is missing or wrong."},
    [ERR_UNKNOWN_METHOD] = {"unknown_method", -32601, 404, "There is no such method."},
    [ERR_UNAUTHENTICATED] = {"unauthenticated", -32001, 401, "Log in first, or send a valid token."},
    [ERR_FORBIDDEN] = {"forbidden", -32002, 403, "Your role does not allow this."},
    [ERR_NOT_FOUND] = {"not_found", -32003, 404, "There is no such thing."},
    [ERR_CONFLICT] = {"conflict", -32004, 409, "That cannot be done in its present state."},
    [ERR_TOO_LARGE] = {"too_large", -32005, 413, "That is larger than this server takes."},
    [ERR_RATE_LIMITED] = {"rate_limited", -32006, 429, "Too many tries. Wait a little."},
    [ERR_BUSY] = {"busy", -32007, 503, "The server is busy. Try again in a moment."},
    [ERR_UNAVAILABLE] = {"unavailable", -32008, 503, "The database cannot be reached. Try again in a moment."},
    [ERR_INTERNAL] = {"internal", -32603, 500, "Something went wrong on the server. It has been logged."},
    [ERR_BLOCKED] = {"blocked", -32009, 403, "You cannot write here any more."},
};

const struct error_row *error_row(enum error_code code)
{
    return &ROWS[code < ERR_COUNT_ ? code : ERR_INTERNAL];
}

#define SAYING_AS_KIND(name, kind, english, params) [SAID_##name] = ERR_##kind,
static const enum error_code KINDS[] = {SAYINGS(SAYING_AS_KIND)};

enum error_code saying_kind(enum saying saying)
{
    return KINDS[saying];
}

static void begin_error(struct error *err, enum error_code code, const char *field)
{
    *err = (struct error){.code = code, .params = "{}"};
    snprintf(err->field, sizeof(err->field), "%s", field ? field : "");
    utf8_mend(err->field); /* a format or the size may have cut a character in two */
}

void error_fill(struct error *err, const char *field, enum saying saying, const char *english, ...)
{
    AUTO_BUF struct buf params = {0};
    AUTO_BUF struct buf text = {0};
    if (!err)
        return;
    va_list ap;
    va_start(ap, english);
    saying_tell(saying, ap, &params, &text);
    va_end(ap);
    begin_error(err, KINDS[saying], field);
    err->saying = saying;
    snprintf(err->params, sizeof(err->params), "%s", params.data);
    snprintf(err->text, sizeof(err->text), "%s", text.data);
    utf8_mend(err->text);
}

void error_print(struct error *err, enum error_code code, const char *field, const char *fmt, ...)
{
    if (!err)
        return;
    begin_error(err, code, field);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    utf8_mend(err->text);
}

bool error_general(struct error *err, enum error_code code)
{
    return error_english(err, code, NULL, "%s", error_row(code)->text);
}

bool error_because(struct error *err, const char *field, enum saying saying)
{
    error_fill(err, field, saying, "%s", "");
    return false;
}

const char *error_said(struct arena *a, const struct error *err)
{
    return err->saying ? said_again(a, err->saying, err->params) : said(a, in_words, err->text);
}

void error_encode(const struct error *err, struct buf *out)
{
    const struct error_row *row = error_row(err->code);
    const char *text = err->text[0] ? err->text : row->text;
    buf_printf(out, "{\"code\":%d,\"message\":", row->rpc_code);
    buf_json_string(out, text, strlen(text));
    buf_printf(out, ",\"data\":{\"kind\":\"%s\",\"field\":", row->name);
    if (err->field[0])
        buf_json_string(out, err->field, strlen(err->field));
    else
        buf_puts(out, "null");
    if (err->saying)
        buf_printf(out, ",\"reason\":\"%s\",\"params\":%s", saying_row(err->saying)->code, err->params);
    if (err->retry_after_ms > 0)
        buf_printf(out, ",\"retry_after\":%lld", (long long)error_retry_after_s(err));
    buf_puts(out, "}}");
}

int64_t error_retry_after_s(const struct error *err)
{
    return err->retry_after_ms > 0 ? (err->retry_after_ms + 999) / 1000 : ERROR_LATER_S;
}
