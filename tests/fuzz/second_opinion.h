/* Where a request ends, as llhttp 8.1.0 sees it: the generated C of Debian's node-llhttp, compiled strictly. A request that both it and
 * our reader take must end at the same byte with the same body, whole or in pieces. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum opinion_verdict {
    OPINION_REFUSES,
    OPINION_WAITS, /* not all of it has come */
    OPINION_ENDS,
};

struct opinion {
    enum opinion_verdict verdict;
    size_t end;    /* OPINION_ENDS: bytes of the request */
    size_t n_body; /* bytes of content, of what has come */
    uint64_t body; /* a hash of them */
};

/* In pieces of `piece` bytes. */
struct opinion opinion_ours(const char *bytes, size_t n,
                            size_t piece); /* head.h and chunk.h, read as conn.c reads them */
struct opinion opinion_llhttp(const char *bytes, size_t n, size_t piece);

/* NULL: they agree, or one of them refuses. Otherwise what they differ in. */
const char *opinions_differ(const struct opinion *a, const struct opinion *b);
