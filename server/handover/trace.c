#include "handover/trace.h"

#include "handover/order.h"

#include <strings.h>

/* What mail servers put above a mail that they hand to a program. */
static const char *const TRACE_NAMES[] = {
    "Return-Path:", "Delivered-To:", "X-Original-To:", "Envelope-To:", "Delivery-Date:"};

/* With its line break. */
static size_t line_length(const char *at, size_t n)
{
    const char *end = memchr(at, '\n', n);
    return end ? (size_t)(end - at) + 1 : n;
}

static bool line_begins(const char *at, size_t n, const char *words)
{
    return n >= strlen(words) && strncasecmp(at, words, strlen(words)) == 0;
}

static bool is_trace(const char *at, size_t n)
{
    for (size_t i = 0; i < sizeof(TRACE_NAMES) / sizeof(TRACE_NAMES[0]); i++)
        if (line_begins(at, n, TRACE_NAMES[i]))
            return true;
    return false;
}

/* The value of a line is that address, in brackets or without. */
static bool line_says(const char *at, size_t n, const char *name, const char *address)
{
    if (!line_begins(at, n, name))
        return false;
    for (at += strlen(name), n -= strlen(name); n && strchr(" \t<", *at); n--)
        at++;
    while (n && strchr(" \t\r\n>", at[n - 1]))
        n--;
    return n == strlen(address) && strncasecmp(at, address, n) == 0;
}

/* Somebody's own line further down, or with another address, is no trace of this delivery: of two the first counts. */
static bool is_there(const char *at, size_t n, const char *name, const char *address)
{
    while (n && is_trace(at, n)) {
        size_t line = line_length(at, n);
        if (line_says(at, line, name, address))
            return true;
        at += line;
        n -= line;
    }
    return false;
}

static const char *line_break(const char *at, size_t n)
{
    size_t line = line_length(at, n);
    return line >= 2 && at[line - 2] == '\r' ? "\r\n" : "\n";
}

size_t trace_add(struct buf *out, const struct order *order, const char *begins, size_t n)
{
    size_t mbox = line_begins(begins, n, "From ") ? line_length(begins, n) : 0;
    const char *at = begins + mbox, *end = line_break(begins, n);
    if (order->sender && !is_there(at, n - mbox, "Return-Path:", order->sender))
        buf_printf(out, "Return-Path: <%s>%s", order->sender, end);
    for (size_t i = 0; i < order->n_recipients; i++)
        if (!is_there(at, n - mbox, "Delivered-To:", order->recipients[i]))
            buf_printf(out, "Delivered-To: %s%s", order->recipients[i], end);
    return mbox;
}
