/* A mail taken apart into header fields and parts (RFC 5322 §2.2, RFC 2046 §5.1), in one pass over its bytes and within the
 * limits of mime.h. Pure, and no library sees the bytes before: what a stranger can nest or repeat is bounded here. Nothing is
 * copied; all texts point into the mail, which must outlive the tree. */
#pragma once

#include "channel/mime.h"

/* A line between fields that is none has no name. */
struct mime_field {
    struct mime_bytes name, value; /* the value still folded, without its last line break */
};

/* A part. The mail itself is part 0; the parts of a multipart follow it. */
struct mime_part {
    int depth;
    const char *begin; /* its first field; of the mail itself NULL */
    size_t parent;     /* the multipart it is in */
    size_t end;        /* the first part behind it and all that is in it */
    const char *type;  /* "text/plain", lower case; what RFC 2045 §5.2 says when none is declared */
    bool is_multipart;
    struct mime_bytes content_type, encoding, disposition, id; /* values of the Content- fields */
    struct mime_bytes body; /* still in its transfer encoding; of a multipart what stands before its first part */
};

struct mime_tree {
    struct list fields;                        /* struct mime_field: of the mail, MIME_FIELDS_MAX at most */
    struct list parts;                         /* struct mime_part, MIME_PARTS_MAX at most; never empty */
    struct mime_bytes foreign;                 /* lines before the header that are no header: text */
    struct mime_bytes epilogue;                /* behind the last part of the outermost multipart */
    struct mime_bytes fields_left, parts_left; /* what was beyond the limits: not taken apart */
    bool cut; /* some multipart was too deep and is a part without parts, or something is left */
};

/* Always gives something. A mail without any header field that mail has is one part of text. */
void mime_tree_read(const char *raw, size_t n, struct arena *a, struct mime_tree *ret);
