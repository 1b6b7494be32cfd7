#include "desk/guard/used.h"

#include "base/field.h"
#include "store/session.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 8192 /* a power of two */
#define NEIGHBOURS 4

struct slot {
    struct credential_use use; /* at 0: free */
    bool waits;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot slots[SLOTS];
static size_t waiting;

/* With the lock held. Its own slot, or of those where it may be the one that is longest of no use; NULL: all wait. */
static struct slot *credential_slot(const uint8_t hash[SHA256_SIZE])
{
    uint32_t at;
    struct slot *best = NULL;
    memcpy(&at, hash, sizeof(at));
    for (size_t i = 0; i < NEIGHBOURS; i++) {
        struct slot *s = &slots[(at + i) % SLOTS];
        if (s->use.at && memcmp(s->use.hash, hash, SHA256_SIZE) == 0)
            return s;
        if (!s->waits && (!best || s->use.at < best->use.at))
            best = s;
    }
    return best;
}

static bool is_new(const struct slot *s, const uint8_t hash[SHA256_SIZE])
{
    return !s->use.at || memcmp(s->use.hash, hash, SHA256_SIZE) != 0;
}

void used_note(const uint8_t hash[SHA256_SIZE], bool is_token, const char *address, int64_t now)
{
    pthread_mutex_lock(&lock);
    struct slot *s = credential_slot(hash);
    bool known = s && !is_new(s, hash);
    if (s && !(known && !s->waits && llabs(now - s->use.at) < USED_EVERY_MS)) {
        waiting += !(known && s->waits);
        s->waits = true;
        memcpy(s->use.hash, hash, SHA256_SIZE);
        s->use.is_token = is_token;
        s->use.at = now;
        snprintf(s->use.address, sizeof(s->use.address), "%s", address ? address : "");
    }
    pthread_mutex_unlock(&lock);
}

static struct list take_uses(struct arena *a)
{
    struct list all = {0};
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < SLOTS && waiting > 0; i++)
        if (slots[i].waits) {
            *(struct credential_use *)list_grow(a, &all, sizeof(struct credential_use)) = slots[i].use;
            slots[i].waits = false;
            waiting--;
        }
    pthread_mutex_unlock(&lock);
    return all;
}

struct writing {
    struct arena *a;
    const struct list *uses;
};

static bool write_uses(struct db *db, void *arg)
{
    const struct writing *w = arg;
    credential_used(db, w->a, w->uses->items, w->uses->n);
    return db_failure(db) == DB_FINE;
}

void used_flush(struct db *db, struct arena *a)
{
    struct list uses = take_uses(a);
    struct writing w = {a, &uses};
    if (uses.n == 0 || db_transact(db, write_uses, &w, NULL))
        return;
    const struct credential_use *items = uses.items;
    for (size_t i = 0; i < uses.n; i++) {
        pthread_mutex_lock(&lock);
        struct slot *s = credential_slot(items[i].hash);
        if (s && !s->waits) {
            waiting++;
            *s = (struct slot){items[i], true};
        }
        pthread_mutex_unlock(&lock);
    }
}
