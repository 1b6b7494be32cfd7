#include "task/readers.h"

#include "base/clock.h"
#include "db/crew.h"
#include "task/contact_reader.h"

#define LOOK_MS (5 * SECOND_MS) /* for holes (store/log_position.h); what is committed is told (store/pulse.h) */
#define GATHER_MS 300           /* what is committed meanwhile comes along: a step costs as much for many as for one */

const struct reader_type READERS[] = {
    [READER_CONTACT_DAYS] = {"contact_days", contact_reader_apply, contact_reader_anew},
};
_Static_assert(COUNT_OF(READERS) == READERS_, "a row for each reader");

struct reader_metrics reader_metrics[READERS_];

struct log_readers {
    struct reader *items[READERS_];
    changes_publish *publish;
    void *context;
    struct crew *crew;
};

/* True: some of them have more to do at once. */
static bool run_all(struct log_readers *r)
{
    bool busy = false;
    for (size_t i = 0; i < READERS_; i++) {
        struct changes changes = {0};
        busy |= reader_run(r->items[i], &changes) == READER_BUSY;
        if (changes.n)
            r->publish(r->context, &changes);
        changes_clear(&changes);
    }
    return busy;
}

static void read_log(struct crew_member *m, void *arg)
{
    struct log_readers *r = arg;
    for (bool go_on = true; go_on;)
        go_on = run_all(r) ? !crew_stops(m->crew) : crew_rest(m, LOOK_MS) && crew_pause(m, GATHER_MS);
    for (size_t i = 0; i < READERS_; i++)
        reader_free(r->items[i]);
}

struct log_readers *log_readers_start(const struct desk *desk, const struct db_config *config, changes_publish *publish,
                                      void *context)
{
    const char *settings[READERS_] = {[READER_CONTACT_DAYS] = desk->zone->name};
    struct log_readers *r = mem_alloc(sizeof(*r));
    r->publish = publish;
    r->context = context;
    for (size_t i = 0; i < READERS_; i++)
        r->items[i] = reader_new(&READERS[i], &reader_metrics[i], settings[i], config);
    r->crew = crew_start("readers", 1, NULL, read_log, r);
    return r;
}

void log_readers_wake(struct log_readers *r)
{
    if (r)
        crew_wake(r->crew);
}

void log_readers_stop(struct log_readers *r)
{
    if (r)
        crew_stop(r->crew);
    free(r);
}
