/* A step of a batch: what an agent passes on from the own address is from the customer whose mail it was (inbound.passed_on). What customers
 * pass on stays theirs. */
#pragma once

#include "desk/ingest/batch.h"

void take_passed_on(struct batch *b); /* before identities are read; one statement when there is such a mail */
