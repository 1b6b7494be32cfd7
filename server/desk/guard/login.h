/* How often a password may be tried. Each try is counted before the password is looked at, in one transaction with the
 * question whether it may be made, so that of N + k tries at the same moment N get through; the counts are in the database
 * and hold for all servers.
 *
 * Nobody is locked out: who has used up the tries waits, from try to try twice as long up to a limit. A browser that the
 * agent has logged in with before has tries of its own, which wrong passwords from elsewhere do not touch. */
#pragma once

#include "base/address.h"
#include "base/crypto.h"
#include "db/db.h"

/* A rule: `free` tries at once, then a wait of first_ms, doubled with each further try up to most_ms. Forgotten when nothing
 * was tried for forget_ms. */
struct login_rule {
    int64_t free, first_ms, most_ms, forget_ms;
};
enum login_count {
    LOGIN_BY_DEVICE,  /* a known device; nothing else is counted then */
    LOGIN_BY_PAIR,    /* an account from an address */
    LOGIN_BY_ADDRESS, /* any account from an address */
    LOGIN_BY_ACCOUNT, /* an account from anywhere */
    LOGIN_COUNTS,
};
extern const struct login_rule LOGIN_RULES[LOGIN_COUNTS];

struct login_bucket;

/* Pure: counts a try. False: not before *ret_wait_ms; nothing is counted. */
bool login_count(const struct login_rule *rule, struct login_bucket *bucket, int64_t now, int64_t *ret_wait_ms);
/* Pure: the try was right. `whole`: all before it are forgotten. */
void login_forgive(const struct login_rule *rule, struct login_bucket *bucket, bool whole);

struct login_try {
    const char *account; /* log-in name in small letters, known or not */
    const char *address;
    const uint8_t *device; /* hash of a device that is known for this account; NULL: none */
    int64_t now;
    int64_t wait_ms; /* login_may: how long not, when it is refused */
};

/* In transactions of their own. login_may is false with *err untouched when it is too early. */
bool login_may(struct db *db, struct arena *a, struct login_try *try, struct error *err);
void login_refuse(const struct login_try *try, struct error *err); /* too early: fills *err with how long */
void login_was_right(struct db *db, struct arena *a, const struct login_try *try); /* in the caller's transaction */

#define LOGIN_FORGET_MAX_MS HOUR_MS                     /* of all rules */
#define LOGIN_DEVICE_KEEP_MS (400LL * 24 * 3600 * 1000) /* as long as browsers keep a cookie */
