#include "web/http/range.h"

#include <string.h>
#include <strings.h>

/* Decimal digits, all of them, of a number that a file's size can be. */
static bool read_offset(const char *text, size_t n, int64_t *ret)
{
    if (n == 0 || n > 18)
        return false;
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + (text[i] - '0');
    }
    return true;
}

enum file_part range_read(const char *value, int64_t size, int64_t *ret_begin, int64_t *ret_n)
{
    int64_t first = 0, last = size - 1;
    *ret_begin = 0;
    *ret_n = size;
    if (!value || strncasecmp(value, "bytes=", 6) != 0)
        return FILE_WHOLE;
    const char *text = value + 6, *dash = strchr(text, '-');
    if (!dash)
        return FILE_WHOLE;
    size_t n_first = (size_t)(dash - text), n_last = strlen(dash + 1);
    if (n_first == 0) { /* so many at the end */
        if (!read_offset(dash + 1, n_last, &last))
            return FILE_WHOLE;
        first = last < size ? size - last : 0;
        if (last == 0)
            return FILE_OUTSIDE;
        last = size - 1;
    } else if (!read_offset(text, n_first, &first) || (n_last > 0 && !read_offset(dash + 1, n_last, &last)) ||
               (n_last > 0 && last < first)) {
        return FILE_WHOLE;
    }
    if (first >= size)
        return FILE_OUTSIDE;
    *ret_begin = first;
    *ret_n = (last < size ? last + 1 : size) - first;
    return FILE_PART;
}

bool etag_listed(const char *if_none_match, const char *etag)
{
    size_t n = strlen(etag);
    const char *at = if_none_match;
    if (!at)
        return false;
    if (strcmp(at, "*") == 0)
        return true;
    for (; (at = strstr(at, etag)); at += n) /* an etag has its quotes, and none inside */
        if (at[n] == '\0' || at[n] == ',' || at[n] == ' ')
            return true;
    return false;
}

/* ";q=0", ";q=0.000" */
static bool is_unwanted(const char *parameters, size_t n)
{
    const char *q = memmem(parameters, n, "q=", 2);
    return q && strspn(q + 2, "0.") > 0 && strspn(q + 2, "0.") == strcspn(q + 2, " ,\t");
}

const struct coding CODINGS[] = {{"br", ".br"}, {"gzip", ".gz"}, {NULL, NULL}};

unsigned codings_accepted(const char *accept_encoding)
{
    unsigned accepted = 0;
    for (const char *at = accept_encoding; at && *at; at += strcspn(at, ",")) {
        at += strspn(at, ", \t");
        size_t n = strcspn(at, ","), name = strcspn(at, "; \t,");
        for (size_t i = 0; CODINGS[i].name; i++)
            if (name == strlen(CODINGS[i].name) && strncasecmp(at, CODINGS[i].name, name) == 0 &&
                !is_unwanted(at + name, n - name))
                accepted |= 1U << i;
    }
    return accepted;
}
