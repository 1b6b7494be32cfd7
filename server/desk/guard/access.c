#include "desk/guard/access.h"

#include "base/hash.h"
#include "base/log.h"

#include <pthread.h>

#define SLOTS 8192
#define WAITING_MAX 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct access_row slots[SLOTS]; /* count 0: free; open addressing */
static size_t waiting;
static uint64_t dropped;

static bool is_same(const struct access_row *a, const struct access_row *b)
{
    return uuid_equal(&a->customer, &b->customer) && uuid_equal(&a->viewer, &b->viewer) && a->what == b->what &&
           a->quarter == b->quarter;
}

static uint64_t access_hash(const struct access_row *r)
{
    uint64_t h = hash_bytes(HASH_BEGIN ^ (uint64_t)r->what, &r->quarter, sizeof(r->quarter));
    return hash_bytes(hash_bytes(h, r->customer.b, sizeof(r->customer.b)), r->viewer.b, sizeof(r->viewer.b));
}

/* With the lock held. */
static void put_access(const struct access_row *r)
{
    size_t i = access_hash(r) % SLOTS;
    while (slots[i].count && !is_same(&slots[i], r))
        i = (i + 1) % SLOTS;
    if (slots[i].count) {
        slots[i].count += r->count;
        slots[i].first_at = r->first_at < slots[i].first_at ? r->first_at : slots[i].first_at;
        slots[i].last_at = r->last_at > slots[i].last_at ? r->last_at : slots[i].last_at;
    } else if (waiting < WAITING_MAX) {
        slots[i] = *r;
        waiting++;
    } else {
        dropped++;
    }
}

void access_note(const struct uuid *customer, const struct uuid *viewer, enum access_what what, int64_t now)
{
    struct access_row row = {*customer, *viewer, (int)what, now - now % ACCESS_QUARTER_MS, now, now, 1};
    pthread_mutex_lock(&lock);
    put_access(&row);
    pthread_mutex_unlock(&lock);
}

bool access_waits(void)
{
    pthread_mutex_lock(&lock);
    bool some = waiting > 0;
    pthread_mutex_unlock(&lock);
    return some;
}

static struct list take_accesses(struct arena *a, uint64_t *ret_dropped)
{
    struct list all = {0};
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < SLOTS && waiting > 0; i++)
        if (slots[i].count) {
            *(struct access_row *)list_grow(a, &all, sizeof(struct access_row)) = slots[i];
            slots[i].count = 0;
            waiting--;
        }
    *ret_dropped = dropped;
    dropped = 0;
    pthread_mutex_unlock(&lock);
    return all;
}

struct writing {
    struct arena *a;
    const struct list *rows;
};

static bool write_accesses(struct db *db, void *arg)
{
    const struct writing *w = arg;
    access_add(db, w->a, w->rows->items, w->rows->n);
    return db_failure(db) == DB_FINE;
}

bool access_flush(struct db *db, struct arena *a)
{
    uint64_t lost;
    struct list rows = take_accesses(a, &lost);
    if (lost)
        log_error("accesses not recorded n=%llu", (unsigned long long)lost);
    struct writing w = {a, &rows};
    if (rows.n == 0 || db_transact(db, write_accesses, &w, NULL))
        return true;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < rows.n; i++)
        put_access((struct access_row *)rows.items + i);
    pthread_mutex_unlock(&lock);
    return false;
}
