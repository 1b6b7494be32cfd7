#include "desk/guard/login.h"

#include "base/clock.h"
#include "store/login.h"

const struct login_rule LOGIN_RULES[LOGIN_COUNTS] = {
    [LOGIN_BY_DEVICE] = {10, 2 * SECOND_MS, 5 * MINUTE_MS, 10 * MINUTE_MS},
    [LOGIN_BY_PAIR] = {8, 5 * SECOND_MS, 15 * MINUTE_MS, HOUR_MS},
    [LOGIN_BY_ADDRESS] = {40, 10 * SECOND_MS, 10 * MINUTE_MS, 10 * MINUTE_MS},
    [LOGIN_BY_ACCOUNT] = {100, SECOND_MS, 30 * SECOND_MS, HOUR_MS},
};

#define DOUBLINGS_MAX 30

bool login_count(const struct login_rule *rule, struct login_bucket *b, int64_t now, int64_t *ret_wait_ms)
{
    int64_t wait = b->free_at - now;
    bool stepped = wait > rule->most_ms; /* nobody is made to wait so long: a clock was set back */
    if (wait > 0 && !stepped) {
        int64_t pause = b->free_at - b->last_at; /* a try that began before the one that set it waits no longer */
        wait = wait < pause ? wait : pause;
        *ret_wait_ms = wait > *ret_wait_ms ? wait : *ret_wait_ms;
        return false;
    }
    if (now - b->last_at > rule->forget_ms || stepped)
        b->tries = 0;
    b->tries++;
    b->last_at = now;
    b->free_at = 0;
    if (b->tries < rule->free)
        return true;
    int64_t doublings = b->tries - rule->free;
    int64_t next = doublings < DOUBLINGS_MAX ? rule->first_ms << doublings : rule->most_ms;
    b->free_at = now + (next < rule->most_ms ? next : rule->most_ms);
    return true;
}

void login_forgive(const struct login_rule *rule, struct login_bucket *b, bool whole)
{
    b->tries = whole || b->tries < 1 ? 0 : b->tries - 1;
    if (b->tries < rule->free)
        b->free_at = 0;
}

static void key_of(struct arena *a, enum login_count count, const char *text, uint8_t out[SHA256_SIZE])
{
    const char *whole = arena_printf(a, "%d:%s", (int)count, text);
    crypto_sha256(whole, strlen(whole), out);
}

struct trying {
    struct arena *a;
    struct login_try *try;
    bool may;
};

/* What this try is counted by; how many there are. */
static size_t buckets_of(struct arena *a, const struct login_try *t, struct login_bucket buckets[LOGIN_COUNTS],
                         enum login_count counts[LOGIN_COUNTS])
{
    char prefix[ADDRESS_PREFIX_SIZE], hex[2 * SHA256_SIZE + 1];
    address_prefix(t->address, prefix);
    memset(buckets, 0, LOGIN_COUNTS * sizeof(*buckets));
    if (t->device) {
        crypto_hex(t->device, SHA256_SIZE, hex);
        counts[0] = LOGIN_BY_DEVICE;
        key_of(a, LOGIN_BY_DEVICE, hex, buckets[0].key);
        return 1;
    }
    const char *const texts[] = {arena_printf(a, "%s %s", prefix, t->account), prefix, t->account};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        counts[i] = (enum login_count)(LOGIN_BY_PAIR + i);
        key_of(a, counts[i], texts[i], buckets[i].key);
    }
    return COUNT_OF(texts);
}

static bool spend_try(struct db *db, void *arg)
{
    struct trying *t = arg;
    struct login_bucket buckets[LOGIN_COUNTS];
    enum login_count counts[LOGIN_COUNTS];
    size_t n = buckets_of(t->a, t->try, buckets, counts);
    login_buckets_lock(db, t->a, buckets, n, t->try->now);
    t->may = true;
    t->try->wait_ms = 0;
    for (size_t i = 0; i < n; i++)
        t->may &= login_count(&LOGIN_RULES[counts[i]], &buckets[i], t->try->now, &t->try->wait_ms);
    if (t->may)
        login_buckets_save(db, t->a, buckets, n);
    return true;
}

bool login_may(struct db *db, struct arena *a, struct login_try *try, struct error *err)
{
    struct trying t = {a, try, false};
    return db_transact(db, spend_try, &t, err) && t.may;
}

/* Only what this account has tried from here is forgotten whole: somebody with an account of his own must not clear with it
 * what he has tried with others. */
void login_refuse(const struct login_try *try, struct error *err)
{
    error_set(err, NULL, too_many_passwords, (long long)(try->wait_ms + 999) / 1000);
    err->retry_after_ms = try->wait_ms;
}

void login_was_right(struct db *db, struct arena *a, const struct login_try *try)
{
    struct login_bucket buckets[LOGIN_COUNTS];
    enum login_count counts[LOGIN_COUNTS];
    size_t n = buckets_of(a, try, buckets, counts);
    login_buckets_lock(db, a, buckets, n, try->now);
    for (size_t i = 0; i < n; i++)
        login_forgive(&LOGIN_RULES[counts[i]], &buckets[i], counts[i] <= LOGIN_BY_PAIR);
    login_buckets_save(db, a, buckets, n);
}
