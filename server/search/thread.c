/* The thread around the indexer. */
#include "search/search.h"

#include "base/clock.h"
#include "db/crew.h"

#define POLL_MS 2000 /* what another process has committed, and nobody has told */
#define REST_AFTER_MS 1500 /* a busy server does not get so far: its cache stays warm */
#define AWAY_MS 1000
#define GATHER_MS 10 /* what is committed meanwhile comes along */

struct search {
    struct indexer *indexer;
    struct crew *crew;
};

static void follow_log(struct crew_member *m, void *arg)
{
    struct search *s = arg;
    bool grown = false; /* it has worked since it rested */
    int64_t idle_since = 0;
    for (bool go_on = true; go_on;) {
        enum indexer_step step = indexer_run(s->indexer);
        int64_t now = clock_monotonic();
        if (step != INDEXER_IDLE) {
            grown = true;
            idle_since = now;
        } else if (grown && now - idle_since >= REST_AFTER_MS) {
            indexer_rest(s->indexer);
            grown = false;
        }
        if (step == INDEXER_IDLE)
            go_on = crew_rest(m, POLL_MS);
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
