/* Identifiers that several persons use. */
#pragma once

#include "db/db.h"

/* Marks an identity as shared by the persons of these identities. */
void share_add(struct db *db, struct arena *a, int64_t identity, const int64_t *members, size_t n);
void share_remove(struct db *db, int64_t identity);
