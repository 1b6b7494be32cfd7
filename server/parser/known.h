/* Those whose signatures on mail are known to this process: a snapshot, shared by reference over threads; a change makes a new one. */
#pragma once

#include "base/mem.h"
#include "channel/signer.h"

#include <stdatomic.h>

struct known_signers {
    atomic_int references;
    struct arena *arena;
    struct list items; /* struct signer */
};

struct known_signers *known_signers_new(void);     /* empty, with a reference */
void known_signers_unref(struct known_signers *k); /* takes NULL; the last one frees */

/* These count from now on, for every parser. Takes a reference of its own. */
void known_signers_set(struct known_signers *k);
struct known_signers *known_signers_now(void); /* a reference; NULL: none were set yet */
