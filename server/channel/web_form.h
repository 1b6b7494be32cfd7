/* Forms as webhooks post them: multipart/form-data (RFC 7578, in the framing of RFC 2046 §5.1) and
 * application/x-www-form-urlencoded (WHATWG URL §5.1), as one list of fields. Strict: what is not framed as its Content-Type
 * says, or ends before its last boundary, is no form, so half a mail is never taken for a whole one. Linear in the bytes, and
 * bounded before any of them is kept. Pure. */
#pragma once

#include "channel/channel.h"

#define WEB_FORM_FIELDS_MAX 2000       /* Mailgun posts each header of a mail as a field besides its own */
#define WEB_FORM_HEADER_MAX (16 << 10) /* bytes of the headers of one field */
#define WEB_FORM_NAME_MAX 1000         /* bytes; longer names are those of no field that we read, and are left out */
#define WEB_FORM_BOUNDARY_MAX 70       /* RFC 2046 §5.1.1 */

struct web_field {
    const char *name;  /* clean UTF-8 */
    const char *value; /* exact bytes: within the body (multipart), else in the arena */
    size_t n;
    const char *type;    /* Content-Type without its parameters, lower case; NULL: none */
    const char *charset; /* what it says besides; NULL: nothing */
    const char *file;    /* the name of a file, perhaps ""; NULL: this is none */
};

struct web_form {
    struct web_field *fields; /* in the order in which they came */
    size_t n;
};

/* The body must outlive the form. False fills *err. */
bool web_form_read(const struct web_request *request, struct arena *a, struct web_form *ret, struct error *err);

/* The last field of that name, which counts where one is there twice; or NULL. */
const struct web_field *web_form_last(const struct web_form *form, const char *name);

/* The last one's value as clean UTF-8, in the charset that the field names, or else `charset` (NULL: by its looks); at most
 * `max` bytes (0: all). NULL: it is not there. */
const char *web_form_text(struct arena *a, const struct web_form *form, const char *name, const char *charset,
                          size_t max);
