/* The thread around the indexer. */
#include "search/search.h"

#include "base/clock.h"
#include "db/crew.h"

#define POLL_MS 10000 /* somebody may have removed the file; what is committed is told (store/pulse.h) */
#define SOON_MS 2000
#define REST_AFTER_MS 1500 /* a busy server does not get so far: its cache stays warm */
#define AWAY_MS 1000
#define GATHER_MS 50 /* what is committed meanwhile comes along: a step costs as much for many as for one */

struct search {
    struct indexer *indexer;
    struct crew *crew;
    /* the thread's own */
    bool grown; /* it has worked since it rested */
    int64_t idle_since;
};

/* In so many milliseconds it looks by itself. */
static int64_t poll_ms(const struct search *s)
{
    return s->grown || indexer_waits(s->indexer) ? SOON_MS : POLL_MS;
}

/* When nothing has come for a while it lets go of what it has taken for its work. */
static void note_step(struct search *s, enum indexer_step step)
{
    int64_t now = clock_monotonic();
    if (step != INDEXER_IDLE) {
        s->grown = true;
        s->idle_since = now;
    } else if (s->grown && now - s->idle_since >= REST_AFTER_MS) {
        s->grown = false;
        indexer_rest(s->indexer);
    }
}

static void follow_log(struct crew_member *m, void *arg)
{
    struct search *s = arg;
    for (bool go_on = true; go_on;) {
        enum indexer_step step = indexer_run(s->indexer);
        note_step(s, step);
        if (step == INDEXER_IDLE || step == INDEXER_LEVEL)
            go_on = crew_rest(m, poll_ms(s));
        else if (step == INDEXER_AWAY)
            go_on = crew_pause(m, AWAY_MS);
        go_on = go_on && (step == INDEXER_BUSY ? !crew_stops(m->crew) : crew_pause(m, GATHER_MS));
    }
    indexer_free(s->indexer);
}

struct search *search_start(const struct search_config *config, const struct db_config *db)
{
    struct search *s = mem_alloc(sizeof(*s));
    s->indexer = indexer_new(config, db);
    s->crew = crew_start("index", 1, NULL, follow_log, s);
    return s;
}

void search_wake(struct search *s)
{
    if (s)
        crew_wake(s->crew);
}

void search_stop(struct search *s)
{
    if (s)
        crew_stop(s->crew);
    free(s);
}
