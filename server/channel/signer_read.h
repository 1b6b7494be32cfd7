/* What a key is that somebody wants to add. */
#pragma once

#include "channel/signer.h"

/* What a text of at most SIGNER_TEXT_MAX is: a certificate as PEM, or an OpenPGP key in its armour. For a process of parser/. */
void signer_read(struct arena *a, const char *text, struct signer_facts *ret);
