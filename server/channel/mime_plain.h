/* Text of a mail that is not plain text yet, as such. Pure; in linear time; the answers are in the arena. */
#pragma once

#include "base/mem.h"

#include <stdbool.h>

/* format=flowed (RFC 3676): a line that ends with a space goes on in the next one. */
char *mime_unflow(struct arena *a, const char *text, bool delsp);

/* text/enriched (RFC 1896): without its commands, and with its own rule of lines. */
char *mime_unrich(struct arena *a, const char *text);
