/* Forms, whatever they are: each value lies where it may, and what is read once is read the same again. */
#include "channel_fuzz.h"

#include "channel/web_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const TYPES[] = {"multipart/form-data; boundary=b", "application/x-www-form-urlencoded"};
    for (size_t t = 0; t < COUNT_OF(TYPES); t++) {
        AUTO_ARENA struct arena *a = arena_new();
        struct web_request request = {
            .content_type = TYPES[t], .body = arena_strndup(a, (const char *)data, size), .body_len = size};
        struct web_form form;
        struct error err = {0};
        if (!web_form_read(&request, a, &form, &err)) {
            MUST(err.code != ERR_NONE);
            continue;
        }
        MUST(form.n <= WEB_FORM_FIELDS_MAX);
        for (size_t i = 0; i < form.n; i++) {
            const struct web_field *field = &form.fields[i];
            MUST(field->name && field->value && field->n <= size);
            must_be_text(field->name, SIZE_MAX);
            must_be_text(field->type, SIZE_MAX);
            must_be_text(field->charset, SIZE_MAX);
            must_be_text(field->file, SIZE_MAX);
            MUST(t > 0 || (field->value >= request.body && field->value + field->n <= request.body + size));
            must_be_text(web_form_text(a, &form, field->name, NULL, 100), 100);
            MUST(web_form_last(&form, field->name)->n <= size);
        }
    }
    return 0;
}
