/* The lines that final delivery puts at the top of a mail (RFC 5321 §4.4): who sent it, and the addresses that it was for, as the
 * envelope tells them. Pure. */
#pragma once

#include "base/buf.h"

struct order;

/* Adds the lines that the mail does not begin with yet. `begins`: its first bytes, enough to hold what mail servers put there. Where
 * they belong: behind so many bytes of it, since a line of mboxes ("From …") stays the first. */
size_t trace_add(struct buf *out, const struct order *order, const char *begins, size_t n);
