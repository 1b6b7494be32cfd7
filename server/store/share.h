/* Identifiers that several persons use. */
#pragma once

#include "db/db.h"

/* Among whom it is divided while it is shared: the persons of these identities. */
void share_among(struct db *db, struct arena *a, int64_t identity, const int64_t *members, size_t n);
void share_mark(struct db *db, int64_t identity, bool shared);
