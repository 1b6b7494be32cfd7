#include "channel/web_form.h"

#include "base/text.h"
#include "channel/charset.h"
#include "channel/mime.h"

#include <strings.h>

#define MULTIPART "multipart/form-data"
#define URLENCODED "application/x-www-form-urlencoded"

/* False: the form has more than its share. */
static bool add_field(struct web_form *form, struct arena *a, const struct web_field *field)
{
    if (form->n == WEB_FORM_FIELDS_MAX)
        return false;
    if (!form->fields)
        form->fields = arena_alloc(a, WEB_FORM_FIELDS_MAX * sizeof(*form->fields));
    form->fields[form->n++] = *field;
    return true;
}

/* ---- application/x-www-form-urlencoded ------------------------------------------------------------------------------ */

static bool read_pair(struct web_form *form, struct arena *a, const char *p, size_t n)
{
    const char *eq = memchr(p, '=', n);
    size_t name_len = eq ? (size_t)(eq - p) : n, len;
    struct web_field field = {.value = ""};
    if (!n || name_len > WEB_FORM_NAME_MAX)
        return true;
    if (form->n == WEB_FORM_FIELDS_MAX)
        return false;
    const char *name = form_bytes(a, p, name_len, &len);
    field.name = utf8_clean(a, name, len, 0);
    if (eq)
        field.value = form_bytes(a, eq + 1, n - name_len - 1, &field.n);
    return add_field(form, a, &field);
}

static bool read_urlencoded(const struct web_request *request, struct arena *a, struct web_form *ret, struct error *err)
{
    const char *end = request->body + request->body_len;
    for (const char *p = request->body; p < end;) {
        const char *amp = memchr(p, '&', (size_t)(end - p)), *stop = amp ? amp : end;
        if (!read_pair(ret, a, p, (size_t)(stop - p)))
            return error_set(err, NULL, form_large, WEB_FORM_FIELDS_MAX);
        p = stop + 1;
    }
    return true;
}

/* ---- multipart/form-data -------------------------------------------------------------------------------------------- */

struct framing {
    const char *at, *end;
    char delimiter[WEB_FORM_BOUNDARY_MAX + 5]; /* CRLF, two strokes, the boundary */
    size_t n;
};

static bool begin_framing(struct framing *f, const struct web_request *request, struct arena *a)
{
    const char *boundary = mime_param(a, request->content_type, "boundary");
    size_t n = boundary ? strlen(boundary) : 0;
    if (n == 0 || n > WEB_FORM_BOUNDARY_MAX)
        return false;
    *f = (struct framing){.at = request->body, .end = request->body + request->body_len, .n = n + 4};
    memcpy(f->delimiter, "\r\n--", 4);
    memcpy(f->delimiter + 4, boundary, n + 1);
    return true;
}

/* What follows a delimiter on its line: blanks, and the end of the line or, of the last one, two strokes. */
enum delimiter_kind { DELIMITER_NONE, DELIMITER_NEXT, DELIMITER_LAST };

static enum delimiter_kind delimiter_at(const struct framing *f, const char *p, const char **ret_after)
{
    if (f->end - p >= 2 && p[0] == '-' && p[1] == '-') {
        *ret_after = p + 2;
        return DELIMITER_LAST;
    }
    while (p < f->end && (*p == ' ' || *p == '\t'))
        p++;
    if (f->end - p < 2 || p[0] != '\r' || p[1] != '\n')
        return DELIMITER_NONE;
    *ret_after = p + 2;
    return DELIMITER_NEXT;
}

/* The next delimiter from f->at on; f->at is behind it then. *ret_stop: where it begins. What begins like one and is none is text. */
static enum delimiter_kind next_delimiter(struct framing *f, const char **ret_stop)
{
    for (const char *p = f->at; (p = memchr(p, '\r', (size_t)(f->end - p))) != NULL; p++) {
        const char *after;
        bool fits = (size_t)(f->end - p) >= f->n && memcmp(p, f->delimiter, f->n) == 0;
        enum delimiter_kind kind = fits ? delimiter_at(f, p + f->n, &after) : DELIMITER_NONE;
        if (!kind)
            continue;
        *ret_stop = p;
        f->at = after;
        return kind;
    }
    return DELIMITER_NONE;
}

/* The first one has no line before it, unless there is a preamble. */
static enum delimiter_kind first_delimiter(struct framing *f)
{
    const char *stop, *after;
    if ((size_t)(f->end - f->at) >= f->n - 2 && memcmp(f->at, f->delimiter + 2, f->n - 2) == 0) {
        enum delimiter_kind kind = delimiter_at(f, f->at + f->n - 2, &after);
        f->at = kind ? after : f->at;
        if (kind)
            return kind;
    }
    return next_delimiter(f, &stop);
}

static const char *header_value(struct arena *a, const char *p, size_t n)
{
    return text_trim(a, charset_text(a, p, n, NULL, 0));
}

static void read_type(struct web_field *field, struct arena *a, const char *value)
{
    field->type = text_lower_ascii(a, text_trim(a, arena_strndup(a, value, strcspn(value, ";"))));
    field->charset = mime_param(a, value, "charset");
}

static void read_disposition(struct web_field *field, struct arena *a, const char *value)
{
    if (strncasecmp(value, "form-data", 9) != 0)
        return;
    field->name = mime_param(a, value, "name");
    field->file = mime_param(a, value, "filename");
}

static void read_part_header(struct web_field *field, struct arena *a, const char *line, size_t n)
{
    static const struct {
        const char *name;
        void (*read)(struct web_field *field, struct arena *a, const char *value);
    } ROWS[] = {{"Content-Disposition:", read_disposition}, {"Content-Type:", read_type}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        size_t len = strlen(ROWS[i].name);
        if (n > len && strncasecmp(line, ROWS[i].name, len) == 0)
            ROWS[i].read(field, a, header_value(a, line + len, n - len));
    }
}

/* The headers of a field, a line each. *p: where its value begins. False: they do not end in time. */
static bool read_part_headers(struct web_field *field, struct arena *a, const char **p, const char *stop)
{
    const char *most = stop - *p > WEB_FORM_HEADER_MAX ? *p + WEB_FORM_HEADER_MAX : stop;
    while (*p < most) {
        const char *end = memmem(*p, (size_t)(most - *p), "\r\n", 2);
        if (!end)
            return false;
        const char *line = *p;
        *p = end + 2;
        if (end == line)
            return true;
        read_part_header(field, a, line, (size_t)(end - line));
    }
    return false;
}

/* Between two delimiters. False fills *err. */
static bool read_part(struct web_form *form, struct arena *a, const char *p, const char *stop, struct error *err)
{
    struct web_field field = {0};
    const char *with_break = stop + 2; /* a field without headers or value: the break is the delimiter's own */
    if (!read_part_headers(&field, a, &p, with_break))
        return error_set(err, NULL, form_framing);
    if (!field.name || strlen(field.name) > WEB_FORM_NAME_MAX)
        return true;
    field.value = p < stop ? p : stop;
    field.n = (size_t)(stop - field.value);
    return add_field(form, a, &field) || error_set(err, NULL, form_large, WEB_FORM_FIELDS_MAX);
}

static bool read_multipart(const struct web_request *request, struct arena *a, struct web_form *ret, struct error *err)
{
    struct framing f;
    if (!begin_framing(&f, request, a))
        return error_set(err, NULL, form_framing);
    enum delimiter_kind kind = first_delimiter(&f);
    while (kind == DELIMITER_NEXT) {
        const char *begin = f.at, *stop;
        f.at -=
            2; /* of a field that is nothing at all the next delimiter begins with the break of the last one's line */
        kind = next_delimiter(&f, &stop);
        if (kind && stop >= begin && !read_part(ret, a, begin, stop, err))
            return false;
    }
    return kind == DELIMITER_LAST || error_set(err, NULL, form_framing);
}

/* ---- either --------------------------------------------------------------------------------------------------------- */

static bool is_of_type(const char *content_type, const char *type)
{
    size_t n = strlen(type);
    return strncasecmp(content_type, type, n) == 0 && strchr("; \t", content_type[n]);
}

bool web_form_read(const struct web_request *request, struct arena *a, struct web_form *ret, struct error *err)
{
    *ret = (struct web_form){0};
    if (is_of_type(request->content_type, MULTIPART))
        return read_multipart(request, a, ret, err);
    if (is_of_type(request->content_type, URLENCODED))
        return read_urlencoded(request, a, ret, err);
    return error_set(err, NULL, form_type, request->content_type);
}

const struct web_field *web_form_last(const struct web_form *form, const char *name)
{
    for (size_t i = form->n; i > 0; i--)
        if (strcmp(form->fields[i - 1].name, name) == 0)
            return &form->fields[i - 1];
    return NULL;
}

const char *web_form_text(struct arena *a, const struct web_form *form, const char *name, const char *charset,
                          size_t max)
{
    const struct web_field *field = web_form_last(form, name);
    if (!field)
        return NULL;
    return charset_text(a, field->value, field->n, field->charset ? field->charset : charset, max);
}
