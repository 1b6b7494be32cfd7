/* What throughline-deliver was asked to do: its options. They live as long as the program. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>

#define RECIPIENTS_MAX 1000

struct order {
    const char *url;
    const char *token_file;
    const char *ca_file; /* NULL: the system's */
    const char *sender;  /* of the envelope; "": nobody, as of a bounce; NULL: not told */
    const char *recipients[RECIPIENTS_MAX];
    size_t n_recipients;
    long timeout_s;
    bool help, version;
};

/* False: something is wrong, and has been said. */
bool order_read(int argc, char **argv, struct order *ret);
void order_help(void); /* on standard output */

/* The token of the file, which holds it and nothing else. False: it cannot be had, which has been said. */
bool order_token(const struct order *order, struct buf *ret);
