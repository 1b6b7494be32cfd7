/* Reads a key that somebody wants to add, in a process for it alone. */
#pragma once

#include "channel/signer.h"

#define KEY_READER_COMMAND "read-key" /* hidden from --help */

/* On the caller's thread, within seconds. `text`: SIGNER_TEXT_MAX at most. False: no process could be had, or it has died of the text; then
 * *ret_died. */
bool read_key_apart(struct arena *a, const char *text, struct signer_facts *ret, bool *ret_died);

int key_reader_process(void); /* the process */
