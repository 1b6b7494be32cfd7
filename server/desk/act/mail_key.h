/* A key whose signatures on mail are to be known. */
#pragma once

#include "base/error.h"
#include "store/mail_key.h"

/* Reads the text in a process of its own, and fills *ret but for its id. `label` NULL: what the key calls its owner; `addresses` empty: those
 * that it names. False fills *err, which names the field. */
bool mail_key_open(struct arena *a, const char *text, const char *label, const struct list *addresses,
                   struct mail_key *ret, struct error *err);
