/* What entries of the batch hold: files that are here, and those that a provider keeps. */
#pragma once

#include "desk/ingest/batch.h"

void read_scans(struct batch *b); /* before entries are made of them: what a virus scanner says of their contents */
void write_blob_refs(struct batch *b);
void write_remote_files(struct batch *b);
void drop_taken_back(struct batch *b);
