/* What a signature on a mail may be worth, and what it is about. */
#pragma once

#include "channel/mime.h"
#include "channel/signer.h"

/* From the least to the best: of several signatures the best counts. */
enum signature_state {
    SIGNATURE_NONE,    /* the mail is not signed */
    SIGNATURE_PARTIAL, /* a part of it is: nothing is said of the rest, so nothing of the mail */
    SIGNATURE_UNKNOWN, /* by nobody who is known */
    SIGNATURE_INVALID, /* what was signed has been changed since */
    SIGNATURE_OTHER,   /* it holds, and is by somebody who does not speak for the From address */
    SIGNATURE_EXPIRED, /* it holds, and was made when the key held no more, or not yet */
    SIGNATURE_WEAK,    /* it holds by what can be forged: MD5, SHA-1, a short key */
    SIGNATURE_VALID,
    SIGNATURE_STATES_
};
extern const char *const SIGNATURE_STATE_NAMES[];

struct signature {
    enum signature_state state;
    const char *by; /* the label of the key, or what a certificate calls its owner; NULL: nobody who is known */
};

/* What a verification is about. */
struct signature_case {
    const struct mime_signed *what;
    const struct list *signers; /* struct signer */
    const char *from;           /* normalised; or NULL */
    int64_t at;                 /* when the mail was written: the keys must have held then */
};

/* Of two the better one stays. */
void signature_add(struct signature *best, enum signature_state state, const char *by);
/* Of one that holds. */
enum signature_state signature_holds(bool speaks, bool in_time, bool strong);
