/* Files that somebody has brought, until they are named in a message or lapse. */
#pragma once

#include "base/crypto.h"
#include "db/db.h"

struct upload {
    uint8_t handle_hash[SHA256_SIZE];
    uint8_t owner[SHA256_SIZE]; /* hash of who brought it */
    uint8_t sha256[SHA256_SIZE];
    int64_t size;
    int64_t expires_at;
};

void upload_insert(struct db *db, const struct upload *upload);
/* By handle and owner; true when it is there and has not lapsed: fills sha256, size and expires_at. */
bool upload_find(struct db *db, struct arena *a, struct upload *upload, int64_t now);
/* By handle and owner: it lapses at expires_at, unless it has already. */
void upload_keep(struct db *db, const struct upload *upload, int64_t now);
/* True when the owner has brought this content, and it has not lapsed. */
bool upload_is_own(struct db *db, struct arena *a, const uint8_t sha256[SHA256_SIZE], const uint8_t owner[SHA256_SIZE],
                   int64_t now);
