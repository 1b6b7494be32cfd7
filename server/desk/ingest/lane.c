#include "desk/ingest/lane.h"

#include "base/hash.h"
#include "db/crew.h"

#include <pthread.h>

#define BATCH_BYTES_MAX (8UL * 1024 * 1024) /* of raw input: what a batch writes must fit max_allowed_packet */

struct lane {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct lane_item *first, **end;
    size_t n; /* with those that are being written */
    bool stopping;
};

struct lanes {
    const struct desk *desk;
    size_t limit;
    lanes_finished *finished;
    void *context;
    struct crew *crew; /* a thread each */
    unsigned n;
    struct lane all[];
};

uint64_t intake_hash(const struct intake *t)
{
    const struct inbound *first = t->list.n ? t->list.items : NULL;
    if (!first || first->type > INBOUND_EDIT || !first->from.value)
        return hash_bytes(HASH_BEGIN, &t->channel, sizeof(t->channel));
    return hash_bytes(HASH_BEGIN ^ (uint64_t)first->from.kind, first->from.value, strlen(first->from.value));
}

static size_t item_bytes(const struct lane_item *item)
{
    return item->intake.raw ? item->intake.raw->body_len : 0;
}

/* Up to a batch of what waits; NULL: stop. */
static struct lane_item *take_batch(struct lane *l, size_t *ret_n)
{
    pthread_mutex_lock(&l->lock);
    while (!l->first && !l->stopping)
        pthread_cond_wait(&l->wake, &l->lock);
    struct lane_item *items = l->first, **cut = &items;
    size_t n = 0, bytes = 0;
    while (*cut && n < INGEST_BATCH_MAX && (n == 0 || bytes + item_bytes(*cut) <= BATCH_BYTES_MAX)) {
        bytes += item_bytes(*cut);
        cut = &(*cut)->next;
        n++;
    }
    l->first = *cut;
    *cut = NULL;
    pthread_mutex_unlock(&l->lock);
    *ret_n = n;
    return items;
}

static void run_batch(struct lanes *lanes, struct db *db, struct lane_item *items)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct intake *ready[INGEST_BATCH_MAX];
    struct changes changes = {0};
    size_t k = 0;
    for (struct lane_item *item = items; item; item = item->next)
        if (intake_store_files(lanes->desk, a, &item->intake, &item->intake.err))
            ready[k++] = &item->intake;
    if (k)
        ingest_run(lanes->desk, db, a, ready, k, &changes);
    for (struct lane_item *item = items; item; item = item->next)
        if (item->written)
            item->written(item, db);
    lanes->finished(lanes->context, &changes, items);
    changes_clear(&changes);
}

static void run_lane(struct crew_member *m, void *arg)
{
    struct lanes *lanes = arg;
    struct lane *l = &lanes->all[m->number];
    size_t n;
    for (struct lane_item *items; (items = take_batch(l, &n));) {
        run_batch(lanes, m->db, items);
        pthread_mutex_lock(&l->lock);
        l->n -= n;
        pthread_mutex_unlock(&l->lock);
    }
}

struct lanes *lanes_start(const struct desk *desk, const struct db_config *config, unsigned n, size_t limit,
                          lanes_finished *finished, void *context)
{
    struct lanes *lanes = mem_alloc(sizeof(*lanes) + n * sizeof(struct lane));
    lanes->desk = desk;
    lanes->limit = limit;
    lanes->finished = finished;
    lanes->context = context;
    for (; lanes->n < n; lanes->n++) {
        pthread_mutex_init(&lanes->all[lanes->n].lock, NULL);
        pthread_cond_init(&lanes->all[lanes->n].wake, NULL);
    }
    lanes->crew = crew_start("lane", n, config, run_lane, lanes);
    return lanes;
}

bool lanes_submit(struct lanes *lanes, uint64_t hash, struct lane_item *item)
{
    struct lane *l = &lanes->all[hash % lanes->n];
    item->next = NULL;
    pthread_mutex_lock(&l->lock);
    bool room = l->n < lanes->limit && !l->stopping;
    if (room) {
        *(l->first ? l->end : &l->first) = item;
        l->end = &item->next;
        l->n++;
    }
    pthread_mutex_unlock(&l->lock);
    if (room)
        pthread_cond_signal(&l->wake);
    return room;
}

size_t lanes_waiting(struct lanes *lanes)
{
    size_t n = 0;
    for (unsigned i = 0; i < lanes->n; i++) {
        pthread_mutex_lock(&lanes->all[i].lock);
        n += lanes->all[i].n;
        pthread_mutex_unlock(&lanes->all[i].lock);
    }
    return n;
}

void lanes_stop(struct lanes *lanes)
{
    for (unsigned i = 0; lanes && i < lanes->n; i++) {
        struct lane *l = &lanes->all[i];
        pthread_mutex_lock(&l->lock);
        l->stopping = true;
        pthread_mutex_unlock(&l->lock);
        pthread_cond_signal(&l->wake);
    }
    crew_stop(lanes ? lanes->crew : NULL);
    for (unsigned i = 0; lanes && i < lanes->n; i++) {
        pthread_mutex_destroy(&lanes->all[i].lock);
        pthread_cond_destroy(&lanes->all[i].wake);
    }
    free(lanes);
}
