/* A step of a batch: to whom each identity belongs. */
#pragma once

#include "desk/ingest/batch.h"

void resolve_people(struct batch *b); /* new people and links are written at once */
