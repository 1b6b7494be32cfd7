/* Forms as we post them: multipart/form-data (RFC 7578), for providers that take files or mails that way. Those that we get:
 * web_form.h. */
#pragma once

#include "channel/channel.h"

struct form_out {
    struct arena *arena;
    struct list parts; /* struct form_part */
};

/* A file, or with no file name a text. All of it must live until form_out_end. */
struct form_part {
    const char *name;
    const char *file; /* its name, any text; or NULL */
    const char *type; /* MIME type of a file; NULL: it says none */
    const void *data;
    size_t n;
};

void form_out_add(struct form_out *form, const struct form_part *part);
void form_out_text(struct form_out *form, const char *name, const char *value); /* NULL adds nothing */

/* Fills body and Content-Type. `id`: of what the boundary is made, which is nowhere in the parts. */
void form_out_end(struct form_out *form, const struct uuid *id, struct send_request *ret);
