#include "channel/form_write.h"

#include "base/buf.h"
#include "channel/kit.h"

void form_out_begin(struct form_out *form, struct arena *a, const struct uuid *id, const char *data, size_t n)
{
    char text[UUID_TEXT_SIZE];
    uuid_format(id, text);
    *form = (struct form_out){.boundary = arena_strdup(a, text)};
    for (unsigned i = 0; n && memmem(data, n, form->boundary, strlen(form->boundary)); i++)
        form->boundary = arena_printf(a, "%s-%u", text, i);
}

static void begin_form_part(struct form_out *form, const char *name)
{
    buf_printf(&form->body, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", form->boundary, name);
}

void form_out_text(struct form_out *form, const char *name, const char *value)
{
    if (!value)
        return;
    begin_form_part(form, name);
    buf_printf(&form->body, "\r\n\r\n%s\r\n", value);
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

void form_out_file(struct form_out *form, const char *name, const struct form_file *file)
{
    begin_form_part(form, name);
    buf_puts(&form->body, "; filename=\"");
    put_file_name(&form->body, file->name);
    buf_puts(&form->body, "\"\r\n");
    if (file->type)
        buf_printf(&form->body, "Content-Type: %s\r\n", file->type);
    buf_puts(&form->body, "\r\n");
    buf_add(&form->body, file->data, file->n);
    buf_puts(&form->body, "\r\n");
}

void form_out_end(struct form_out *form, struct arena *a, struct send_request *ret)
{
    buf_printf(&form->body, "--%s--\r\n", form->boundary);
    ret->body_len = form->body.len;
    ret->body = arena_strndup(a, form->body.data, form->body.len);
    send_header_add(ret, "Content-Type", arena_printf(a, "multipart/form-data; boundary=%s", form->boundary));
    buf_free(&form->body);
}
