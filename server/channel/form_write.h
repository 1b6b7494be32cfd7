/* Forms as we post them: multipart/form-data (RFC 7578), for providers that take a file or a mail that way. Those that we get:
 * web_form.h. */
#pragma once

#include "channel/channel.h"

struct form_out {
    struct buf body;
    const char *boundary;
};

/* `data`: the only part that may hold anything; the boundary is nowhere in it. */
void form_out_begin(struct form_out *form, struct arena *a, const struct uuid *id, const char *data, size_t n);

void form_out_text(struct form_out *form, const char *name, const char *value); /* NULL adds nothing */

struct form_file {
    const char *name; /* of the file; any text */
    const char *type; /* MIME type; NULL: it says none */
    const void *data;
    size_t n;
};
void form_out_file(struct form_out *form, const char *name, const struct form_file *file);

/* Fills body and Content-Type, and frees the form. */
void form_out_end(struct form_out *form, struct arena *a, struct send_request *ret);
