/* A mail that was fetched, on its way into the timelines: as a webhook's, but that the watermark moves in the same transaction. */
#pragma once

#include "collect/hand.h"

/* A mail of the folder, and what is known of it before it is fetched. */
struct found_mail {
    int64_t uid;       /* the watermark moves to it; 0: there is none */
    int64_t size;      /* bytes; -1: not told */
    int64_t at;        /* when the mail server got it; 0: not told */
    bool lay_there;    /* when the folder was first looked at, or again */
    const char *words; /* the server's, why it does not give it; or NULL */
    struct uuid mark;  /* by which it is known again without being fetched; none: it cannot be */
    bool known;        /* it was taken in before */
};

#define STUCK_TRIES 5 /* so often what cannot be had is asked for */
#define HEAD_MAX (1024 * 1024)
size_t head_length(const char *raw, size_t n); /* where the body begins */

/* The mark of what FETCH has told: by Gmail's number, or Message-ID and Received with date and size, as form scripts use one
 * Message-ID for ever. */
struct uuid mark_of_found(const struct desk *desk, const struct imap_mail *mail);

struct uuid mark_of_graph(const struct desk *desk, const char *id); /* by an immutable id of Graph */

/* `raw` NULL: it cannot be had, which is journalled. `head_only`: of a mail that is too large. LOOK_DONE: it is in, or was before. */
enum look_end take_mail(struct hand *h, struct arena *a, const struct found_mail *mail, const char *raw, size_t n,
                        bool head_only);
