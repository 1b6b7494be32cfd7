/* What tries to log in are counted by, and the browsers that an agent has logged in with before. */
#pragma once

#include "base/crypto.h"
#include "db/db.h"

struct login_bucket {
    uint8_t key[SHA256_SIZE];
    int64_t tries;   /* 0: none, or so long ago that they are forgotten */
    int64_t last_at; /* of the last try */
    int64_t free_at; /* nothing is tried before */
};

/* Makes what is not there and locks all until the transaction ends, in the order of their keys; fills the rest. */
void login_buckets_lock(struct db *db, struct arena *a, struct login_bucket *buckets, size_t n, int64_t now);
void login_buckets_save(struct db *db, struct arena *a, const struct login_bucket *buckets, size_t n);
/* At most `limit`; how many they were. */
int64_t login_buckets_sweep(struct db *db, int64_t before, int64_t limit);

/* True when that agent has logged in with this device before. */
bool login_device_known(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE], int64_t agent);
/* Remembers it, and forgets all of the agent's but the LOGIN_DEVICES_MAX used last. */
#define LOGIN_DEVICES_MAX 20
void login_device_used(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE], int64_t agent, int64_t now);
void login_devices_forget(struct db *db, const struct uuid *agent);
int64_t login_devices_sweep(struct db *db, int64_t before, int64_t limit);
