#include "channel/form_write.h"

#include "channel/kit.h"

void form_out_add(struct form_out *form, const struct form_part *part)
{
    *(struct form_part *)list_grow(form->arena, &form->parts, sizeof(*part)) = *part;
}

void form_out_text(struct form_out *form, const char *name, const char *value)
{
    if (value)
        form_out_add(form, &(struct form_part){.name = name, .data = value, .n = strlen(value)});
}

/* As browsers do it: RFC 7578 §4.2 and the HTML standard, "multipart form data". */
static void put_file_name(struct buf *out, const char *name)
{
    for (const char *c = name; *c; c++)
        if (*c == '"' || *c == '\r' || *c == '\n')
            buf_printf(out, "%%%02X", (unsigned)*c);
        else
            buf_putc(out, *c);
}

static void put_form_part(struct buf *out, const char *boundary, const struct form_part *part)
{
    buf_printf(out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, part->name);
    if (part->file) {
        buf_puts(out, "; filename=\"");
        put_file_name(out, part->file);
        buf_putc(out, '"');
    }
    if (part->type)
        buf_printf(out, "\r\nContent-Type: %s", part->type);
    buf_puts(out, "\r\n\r\n");
    buf_add(out, part->data, part->n);
    buf_puts(out, "\r\n");
}

static bool is_within_parts(const struct form_out *form, const char *boundary)
{
    const struct form_part *parts = form->parts.items;
    for (size_t i = 0; i < form->parts.n; i++)
        if (parts[i].n && memmem(parts[i].data, parts[i].n, boundary, strlen(boundary)))
            return true;
    return false;
}

void form_out_end(struct form_out *form, const struct uuid *id, struct send_request *ret)
{
    struct arena *a = form->arena;
    AUTO_BUF struct buf body = {0};
    char text[UUID_TEXT_SIZE];
    uuid_format(id, text);
    const char *boundary = text;
    for (unsigned i = 0; is_within_parts(form, boundary); i++)
        boundary = arena_printf(a, "%s-%u", text, i);
    for (size_t i = 0; i < form->parts.n; i++)
        put_form_part(&body, boundary, (const struct form_part *)form->parts.items + i);
    buf_printf(&body, "--%s--\r\n", boundary);
    ret->body_len = body.len;
    ret->body = arena_strndup(a, body.data, body.len);
    send_header_add(ret, "Content-Type", arena_printf(a, "multipart/form-data; boundary=%s", boundary));
}
