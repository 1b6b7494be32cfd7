/* The path of a request, decoded once. Pure. */
#pragma once

#include "web/http/span.h"

/* NUL-terminated, into `out` of s.n + 1 bytes. False: a wrong %xx, a control character, or a segment "." or "..", however it
 * was written. */
bool path_decode(struct span s, char *out);
