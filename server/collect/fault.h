/* What goes wrong while a mailbox is read, by whatever way; and whose hands it is in. */
#pragma once

#include <stdbool.h>

enum box_fault {
    BOX_FINE,
    BOX_UNREACHABLE, /* nobody is there, or nobody we may speak to */
    BOX_NO_ENTRY,    /* the log-in was refused */
    BOX_NO_TOKEN,    /* the provider refuses the token to log in with: for good */
    BOX_REFUSED,     /* it does not do what was asked; all else goes on */
    BOX_GONE,        /* closed, silent, or it does not speak what it should */
    BOX_TOO_LARGE,   /* an answer that is larger than was asked for */
    BOX_SLOWED,      /* it wants to be asked later: nothing is wrong */
    BOX_GIVEN_UP     /* by the owner */
};

/* Asked once a second while something is waited for, and before it is: false: it is given up. */
struct box_owner {
    bool (*goes_on)(void *arg);
    void *arg;
};
