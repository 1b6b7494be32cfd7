/* Forms as a provider posts them: fields are written one after the other into a body. */
#pragma once

#include "channel_kit.h"

#include "base/buf.h"

#define FORM_BOUNDARY "xYzZY"
#define FORM_TYPE "multipart/form-data; boundary=" FORM_BOUNDARY

/* `more`: parameters of Content-Disposition and further header lines, such as "; filename=\"a\"\r\nContent-Type: text/plain". */
static inline void form_part(struct buf *body, const char *name, const char *more, const void *value, size_t n)
{
    buf_printf(body, "--" FORM_BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n", name, more);
    buf_add(body, value, n);
    buf_puts(body, "\r\n");
}

static inline void form_text(struct buf *body, const char *name, const char *value)
{
    form_part(body, name, "", value, strlen(value));
}

static inline void form_end(struct buf *body)
{
    buf_puts(body, "--" FORM_BOUNDARY "--\r\n");
}

static inline const char *basic_auth(struct arena *a, const char *credentials)
{
    char *text = arena_alloc(a, strlen(credentials) * 2 + 8);
    crypto_base64_encode(credentials, strlen(credentials), text);
    return arena_printf(a, "Basic %s", text);
}
