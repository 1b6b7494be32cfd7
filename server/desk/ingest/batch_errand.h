/* A step of a batch: what is to be asked of providers because of it. */
#pragma once

#include "desk/ingest/batch.h"

void ask_errands(struct batch *b);
