/* Who is logged in in which browser, and when sessions and tokens were used last. */
#pragma once

#include "base/crypto.h"
#include "db/db.h"
#include "store/records.h"

struct session_new {
    const uint8_t *hash; /* of its token */
    int64_t agent;
    int64_t now, expires_at;
    const char *address;
    const char *browser; /* what it calls itself, or NULL */
    bool host_cookie;
};
void session_insert(struct db *db, const struct session_new *s);

/* Whose it is; NULL: nobody's (any more). Ended when it was not used for idle_ms. *ret (may be NULL) is the session. */
struct agent *session_agent(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE], int64_t now,
                            int64_t idle_ms, struct session_row *ret);
/* struct session_row, last used first. */
struct list session_list(struct db *db, struct arena *a, const struct uuid *agent, int64_t now, int64_t idle_ms);

/* It is there, and stays until the transaction ends. */
bool session_lock(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE]);

void session_delete(struct db *db, const uint8_t hash[SHA256_SIZE]);
/* The first half of the hash names it. False: there is none such of that agent. */
bool session_delete_one(struct db *db, const struct uuid *agent, const struct uuid *id);
/* All of an agent but one (NULL: all); how many there were. */
int64_t session_delete_of(struct db *db, const struct uuid *agent, const uint8_t *but);
int64_t session_delete_all(struct db *db);
/* Those whose time is over, and those that were not used since; at most `limit`, and how many they were. */
int64_t session_sweep(struct db *db, int64_t now, int64_t limit);
int64_t session_sweep_idle(struct db *db, int64_t before, int64_t limit);
/* It has the better cookie from now on. */
void session_move_to_host_cookie(struct db *db, const uint8_t hash[SHA256_SIZE]);

struct credential_use {
    uint8_t hash[SHA256_SIZE];
    bool is_token; /* or a session */
    int64_t at;
    char address[46];
};
void credential_used(struct db *db, struct arena *a, const struct credential_use *uses, size_t n);
