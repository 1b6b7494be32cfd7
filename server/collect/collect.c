#include "collect/collect.h"

#include "base/clock.h"
#include "base/log.h"
#include "collect/graph.h"
#include "collect/log_in.h"
#include "collect/look.h"
#include "collect/sent.h"
#include "collect/survey.h"
#include "db/crew.h"
#include "deliver/retry.h"
#include "store/channel.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#define LEASE_MS \
    (3 * MINUTE_MS) /* longer than anything lasts that is not watched: a log-in, a mail that is taken apart */
#define RENEW_EVERY_MS (30 * SECOND_MS)
#define HOLD_MS HOUR_MS /* then it is taken anew, with the settings and the clock of then */
#define AWAY_MS (1 * SECOND_MS)
#define LATER_MS (5 * SECOND_MS)
#define CHANNEL_OFF_WAIT_MS (5 * MINUTE_MS)

struct collectors {
    const struct desk *desk;
    const struct db_config *config;
    changes_publish *publish;
    void *context;
    int64_t instance;
    atomic_uint resting; /* threads that would take another mailbox */
    struct crew *crew;   /* NULL: there was no mailbox yet */
};

/* A thread's own. */
struct collector {
    struct collectors *all;
    struct crew_member *member;
    struct db *db; /* the member's */
    struct due_taker taker;
    struct transfer *transfer;
    /* of the mailbox that it has */
    const struct due_taken *due;
    int64_t renewed_at; /* monotonic */
    bool lost;
    bool yields;  /* others wait for a thread … */
    bool waiting; /* … and it only waits for news */
};

/* ---- the lease ---- */

static void renew_lease(struct collector *c)
{
    if (clock_monotonic() < c->renewed_at + RENEW_EVERY_MS)
        return;
    due_hold(c->db, DUE_MAILBOX, c->due, clock_now() + LEASE_MS);
    c->lost = db_failure(c->db) != DB_FINE || db_affected(c->db) == 0;
    c->renewed_at = clock_monotonic();
}

/* Somebody has set something to be due: it may be this one, or one that nobody is free for. */
static void look_who_woke(struct collector *c)
{
    AUTO_ARENA struct arena *a = arena_new();
    if (!crew_woken(c->member))
        return;
    c->lost = c->lost || !mailbox_is_held(c->db, a, c->due);
    c->yields = atomic_load(&c->all->resting) == 0;
}

static bool goes_on(void *arg)
{
    struct collector *c = arg;
    if (crew_stops(c->member->crew))
        return false;
    look_who_woke(c);
    renew_lease(c);
    return !c->lost && !(c->yields && c->waiting);
}

/* ---- one mailbox ---- */

struct failure {
    const char *said;
    int64_t now;
};

static void row_failed(struct mailbox *row, void *arg)
{
    const struct failure *f = arg;
    row->problem_at = row->problem ? row->problem_at : f->now;
    row->problem = f->said;
    row->tries++;
}

/* How soon what failed is tried again, and until when: what nobody but a person can mend ends. */
static const struct patience {
    int64_t first_ms, longest_ms; /* 0: not until somebody has changed something */
    bool for_ever;
} PATIENCE[] = {
    [BOX_UNREACHABLE] = {2 * SECOND_MS, 5 * MINUTE_MS, true},
    [BOX_GONE] = {2 * SECOND_MS, 5 * MINUTE_MS, true},
    [BOX_TOO_LARGE] = {MINUTE_MS, HOUR_MS, true},
    [BOX_NO_ENTRY] = {MINUTE_MS, HOUR_MS, false},
    [BOX_REFUSED] = {2 * SECOND_MS, HOUR_MS, false},
    [BOX_NO_TOKEN] = {0, 0, false},
    [BOX_SLOWED] = {30 * SECOND_MS, HOUR_MS, true},
};

static int64_t doubled(const struct patience *p, int64_t tries)
{
    int64_t wait = p->first_ms;
    while (--tries > 0 && wait < p->longest_ms)
        wait *= 2;
    return wait < p->longest_ms ? wait : p->longest_ms;
}

static void row_slowed(struct mailbox *row, void *arg)
{
    const struct hand *h = arg;
    row->tries++;
    row->slowed_until = clock_now() + (h->slowed_ms > 0 ? h->slowed_ms : doubled(&PATIENCE[BOX_SLOWED], row->tries));
}

/* As long as the provider asks for; where it does not say, longer and longer. Nothing is wrong. */
static int64_t after_slowing(struct hand *h)
{
    bool was_told = h->row->slowed_until;
    if (hand_change(h, row_slowed, h) != LOOK_DONE)
        return clock_now() + LATER_MS;
    log_info("mailbox slowed channel=%s ms=%" PRId64, log_quoted(h->account->name), h->row->slowed_until - clock_now());
    if (!was_told)
        hand_tell(h);
    return h->row->slowed_until;
}

/* When again; 0: when somebody has changed something. */
static int64_t after_failure(struct hand *h)
{
    const struct patience *p = &PATIENCE[h->fault];
    struct failure f = {h->fault_said, clock_now()};
    const char *before = h->row->problem;
    enum look_end end = hand_change(h, row_failed, &f);
    if (end != LOOK_DONE)
        return f.now + LATER_MS;
    log_warning("mailbox not looked at channel=%s tries=%" PRId64 " reason=%s", log_quoted(h->account->name),
                h->row->tries, log_quoted(said_english(h->a, f.said)));
    if (!before || strcmp(before, f.said) != 0)
        hand_tell(h);
    if (!p->first_ms || (!p->for_ever && retry_is_over(h->row->tries, f.now - h->row->problem_at)))
        return 0;
    return f.now + doubled(p, h->row->tries);
}

/* When again. A connection that has ended after it was of use is made anew, and only if that fails something is wrong. */
static int64_t after_look(struct hand *h, enum look_end end, bool was_of_use)
{
    if (end == LOOK_FAULT && h->fault == BOX_SLOWED)
        return after_slowing(h);
    if (end == LOOK_FAULT)
        return was_of_use && h->fault == BOX_GONE ? clock_now() : after_failure(h);
    return clock_now() + (end == LOOK_LATER ? LATER_MS : 0);
}

/* Looks, waits, looks, … *ret_looked: at least once to the end. */
static enum look_end watch_folder(struct collector *c, struct hand *h, bool *ret_looked)
{
    int64_t until = clock_monotonic() + HOLD_MS;
    for (;;) {
        AUTO_ARENA struct arena *a = arena_new();
        enum look_end end = look_at_mailbox(h);
        if (end == LOOK_DONE)
            end = file_sent(h);
        if (end != LOOK_DONE || c->yields || clock_monotonic() > until)
            return end;
        *ret_looked = true;
        c->waiting = true;
        end = hand_end(h, imap_wait(h->imap, a, h->desk->mailbox_ms), NULL);
        c->waiting = false;
        if (end != LOOK_DONE)
            return c->yields && !c->lost ? LOOK_DONE : end;
    }
}

/* When again; 0: never by itself. */
static int64_t collect_by_imap(struct collector *c, struct hand *h, const struct box_owner *owner)
{
    bool looked = false;
    h->imap = imap_new(&h->desk->outgoing, owner);
    enum look_end end = log_in(h);
    if (end != LOOK_DONE)
        return after_look(h, end, false);
    if (!h->row->started_at) {
        end = survey_mailbox(h);
        return end == LOOK_DONE ? 0 : after_look(h, end, false);
    }
    end = watch_folder(c, h, &looked);
    return end == LOOK_DONE ? clock_now() + h->desk->mailbox_ms : after_look(h, end, looked);
}

/* There is nothing to wait for: who has looked gives the mailbox back until the next time. */
static int64_t collect_by_graph(struct collector *c, struct hand *h, const struct box_owner *owner)
{
    struct graph g;
    bool begun = h->row->started_at != 0;
    enum look_end end = graph_open(&g, h, owner);
    (void)c;
    if (end == LOOK_DONE)
        end = begun ? graph_look(&g) : graph_survey(&g);
    graph_close(&g);
    if (end != LOOK_DONE)
        return after_look(h, end, false);
    return begun ? clock_now() + h->desk->mailbox_ms : 0;
}

/* When again; 0: never by itself. */
static int64_t (*const COLLECTING[COLLECTS_WAYS_])(struct collector *c, struct hand *h,
                                                   const struct box_owner *owner) = {
    [COLLECTS_BY_IMAP] = collect_by_imap,
    [COLLECTS_BY_GRAPH] = collect_by_graph,
};

static int64_t collect_one(struct collector *c, struct arena *a, const struct due_taken *due)
{
    struct channel_row *channel = channel_by_key(c->db, a, due->key);
    struct hand h = {.desk = c->all->desk,
                     .a = a,
                     .db = c->db,
                     .due = due,
                     .publish = c->all->publish,
                     .context = c->all->context,
                     .transfer = c->transfer,
                     .account = channel ? account_open(c->all->desk, a, channel) : NULL,
                     .row = channel ? mailbox_get(c->db, a, due->key) : NULL};
    if (db_failure(c->db) != DB_FINE)
        return clock_now() + LATER_MS;
    if (!h.account || !h.account->active || !h.account->type->collects || !h.row)
        return clock_now() + CHANNEL_OFF_WAIT_MS; /* whoever switches it on sets it anew */
    c->due = due;
    c->renewed_at = clock_monotonic();
    c->lost = c->yields = c->waiting = false;
    int64_t again = COLLECTING[h.account->type->collects](c, &h, &(struct box_owner){goes_on, c});
    imap_free(h.imap);
    return crew_stops(c->member->crew) ? clock_now() : again;
}

/* True: there may be more. *ret_away: the database is. */
static bool collect_next(struct collector *c, bool *ret_away)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct list taken = {0};
    *ret_away = !due_take(c->db, a, clock_now(), &c->taker, (struct value_list){0}, 1, &taken);
    if (*ret_away || taken.n == 0)
        return false;
    const struct due_taken *due = taken.items;
    atomic_fetch_sub(&c->all->resting, 1);
    int64_t again = collect_one(c, a, due);
    atomic_fetch_add(&c->all->resting, 1);
    if (!due_settle(c->db, DUE_MAILBOX, due, again))
        c->taker.hold = DUE_MAY_HOLD;
    return !crew_stops(c->member->crew);
}

/* ---- the threads ---- */

static void run_collector(struct crew_member *m, void *arg)
{
    struct collectors *all = arg;
    struct collector c = {
        .all = all,
        .member = m,
        .db = m->db,
        .taker = {DUE_MAILBOX, all->instance, all->instance + m->number, COLLECTORS, LEASE_MS, DUE_MAY_HOLD},
        .transfer = transfer_new(&all->desk->outgoing)};
    bool away = false;
    do {
        while (collect_next(&c, &away))
            ;
    } while (crew_rest(m, away ? AWAY_MS : CREW_UNTIL_WOKEN));
    transfer_free(c.transfer);
}

struct collectors *collectors_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                                    changes_publish *publish, void *context)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct collectors *c = mem_alloc(sizeof(*c));
    *c = (struct collectors){
        .desk = desk, .config = config, .publish = publish, .context = context, .instance = instance};
    return c;
}

void collectors_wake(struct collectors *c)
{
    if (c->crew) {
        crew_wake(c->crew);
        return;
    }
    atomic_store(&c->resting, COLLECTORS);
    c->crew = crew_start("collector", COLLECTORS, c->config, run_collector, c);
}

void collectors_stop(struct collectors *c)
{
    if (!c)
        return;
    crew_stop(c->crew);
    free(c);
    curl_global_cleanup();
}
