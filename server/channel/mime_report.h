/* What mail servers say of mail of ours: in the form of RFC 3464, or in words of their own (Exim, qmail, Exchange, old
 * Postfix). Pure. */
#pragma once

#include "channel/mime_tree.h"

/* A field of the header block that the bytes begin with, on one line; NULL: it is not there. */
const char *mime_report_field(struct arena *a, struct mime_bytes bytes, const char *name);

/* Takes what a message/delivery-status says; of several recipients a failed one counts. */
void mime_report_read(struct arena *a, struct mime_bytes bytes, struct mime_report *report);

/* The bytes are a mail, or its header, that came back with this one. */
void mime_report_is_about(struct arena *a, struct mime_mail *mail, struct mime_bytes bytes);
