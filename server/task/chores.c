#include "task/chores.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/crew.h"
#include "desk/act/conversation.h"
#include "desk/act/planned.h"
#include "desk/act/unseen_mail.h"
#include "desk/guard/used.h"
#include "store/channel.h"
#include "store/outbox.h"
#include "task/sweep.h"

#include <inttypes.h>
#include <pthread.h>

#define COUNT_EVERY_MS (10 * SECOND_MS)
#define AT_ONCE 20
#define LEASE_MS (60 * SECOND_MS) /* longer than so many take */
#define FAILED_WAIT_MS (5 * SECOND_MS)
#define STEP_MS (2 * SECOND_MS) /* no clock drifts so far from one look to the next */
#define STEPPED_DISTRUST_MS HOUR_MS
#define BEGUN_DISTRUST_MS (5 * MINUTE_MS) /* a machine that has just been started may get its time only now */

/* What the clock must be for what cannot be undone, which waits while it may be wrong. */
enum clock_need {
    CLOCK_ANY,
    CLOCK_NOT_AHEAD, /* of late nobody has put it on: what would go too soon waits an hour, or until it is put back */
    CLOCK_TRUSTED, /* nor set it at all, nor is this the beginning: by one that is wrong by months all would be too old to keep */
};

/* What is done about each; NULL: it has a thread of its own. */
static const struct {
    int64_t (*run)(struct act *act, const struct due_taken *due); /* store/due.h: when again */
    enum clock_need clock;
} CHORES[] = {
    [DUE_MESSAGE] = {NULL},
    [DUE_TASK] = {NULL},
    [DUE_SNOOZE] = {act_wake},
    [DUE_UNSEEN] = {act_mail_unseen},
    [DUE_SWEEP] = {sweep_old, CLOCK_TRUSTED},
    [DUE_PROFILE] = {NULL},
    [DUE_FILE] = {NULL},
    [DUE_MAILBOX] = {NULL},
    [DUE_ERRAND] = {NULL},
    [DUE_PLANNED] = {act_release, CLOCK_NOT_AHEAD},
    [DUE_SENDERS] = {NULL},
    [DUE_SCAN] = {NULL},
};
_Static_assert(COUNT_OF(CHORES) == DUE_WHATS_, "a row for each");

struct chores {
    const struct desk *desk;
    struct chores_owner owner;
    int64_t instance;
    struct crew *crew;
    pthread_mutex_t lock;
    int64_t told[DUE_WHATS_]; /* under the lock: when the next is due */
    bool news;                /* … since the thread looked */
    /* the thread's own */
    struct db *db;
    struct due_taker takers[DUE_WHATS_];
    int64_t at[DUE_WHATS_]; /* as it was told last, without what it has done */
    int64_t counted_at;     /* monotonic */
    uint64_t standing;      /* the channels whose queue did, when it was counted last: outbox_metrics */
    int64_t clock_offset;   /* of the wall clock from the monotonic one, at the last look; 0: not looked yet */
    int64_t good_from[CLOCK_TRUSTED + 1]; /* monotonic: from when on the clock is as enum clock_need says */
};

/* ---- the clock ---- */

/* The wall clock has been set by somebody. What is done by it once more goes on; what cannot be undone waits. */
static void watch_clock(struct chores *x)
{
    int64_t offset = clock_now() - clock_monotonic(), step = offset - x->clock_offset;
    if (x->clock_offset && (step > STEP_MS || step < -STEP_MS)) {
        log_warning("clock stepped ms=%" PRId64, step);
        x->good_from[CLOCK_TRUSTED] = clock_monotonic() + STEPPED_DISTRUST_MS;
        x->good_from[CLOCK_NOT_AHEAD] = step > 0 ? x->good_from[CLOCK_TRUSTED] : 0;
    }
    x->clock_offset = offset;
}

/* Looks at the clock itself: what has been read from it until now can be relied on, or not. */
static bool is_good(struct chores *x, enum clock_need need)
{
    watch_clock(x);
    return clock_monotonic() >= x->good_from[need];
}

/* ---- what is due ---- */

static int64_t run_chore(struct chores *x, enum due_what what, struct act *act, const struct due_taken *due)
{
    int64_t every = DUE_KINDS[what].every_ms;
    if (!is_good(x, CHORES[what].clock)) {
        log_warning("the clock may be wrong, so this waits for up to an hour what=%s", DUE_KINDS[what].name);
        return act->now + (every ? every : MINUTE_MS);
    }
    int64_t again = CHORES[what].run(act, due);
    if (again == DUE_FAILED) {
        log_warning("not done what=%s key=%" PRId64 " err=%s", DUE_KINDS[what].name, due->key,
                    log_quoted(act->err->text));
        return act->now + FAILED_WAIT_MS;
    }
    return again ? again : every ? act->now + every : 0;
}

/* Some of one kind; one that fails holds up no other. True: there may be more. */
static bool run_some(struct chores *x, struct arena *a, enum due_what what)
{
    struct list taken;
    if (!due_take(x->db, a, clock_now(), &x->takers[what], (struct value_list){0}, AT_ONCE, &taken) || taken.n == 0)
        return false;
    struct accounts *accounts = accounts_load(x->desk, x->db);
    struct changes changes = {0};
    const struct due_taken *due = taken.items;
    for (size_t i = 0; accounts && i < taken.n; i++) {
        struct error err = {0};
        struct act act = {.desk = x->desk,
                          .accounts = accounts,
                          .db = x->db,
                          .a = a,
                          .cause = cause_because(cause_by(CAUSE_SYSTEM, 0), CAUSE_SCHEDULE, 0),
                          .now = clock_now(),
                          .changes = &changes,
                          .err = &err};
        int64_t again = db_ready(x->db) ? run_chore(x, what, &act, &due[i]) : act.now;
        if (!due_settle(x->db, what, &due[i], again))
            x->takers[what].hold = DUE_MAY_HOLD;
    }
    if (!accounts)
        x->takers[what].hold = DUE_MAY_HOLD;
    if (changes.n)
        x->owner.publish(x->owner.context, &changes);
    changes_clear(&changes);
    accounts_unref(accounts);
    return accounts && taken.n == AT_ONCE;
}

/* What has a time of its own is not even taken while the clock may be wrong: it would be put off by that clock. */
static bool waits_for_clock(struct chores *x, enum due_what what)
{
    return CHORES[what].run && !DUE_KINDS[what].every_ms && !is_good(x, CHORES[what].clock);
}

/* In so many milliseconds something may be due. What has been done is not done again before it is told again. */
static int64_t do_what_is_due(struct chores *x, struct arena *a)
{
    int64_t wait = CREW_UNTIL_WOKEN, now = clock_now();
    for (enum due_what what = 0; what < DUE_WHATS_; what++) {
        bool due = x->at[what] && x->at[what] <= now;
        if (x->at[what] > now && (wait < 0 || x->at[what] - now < wait))
            wait = x->at[what] - now;
        if (due)
            x->at[what] = 0;
        if (due && !CHORES[what].run)
            x->owner.wake(x->owner.context, what);
        if (due && waits_for_clock(x, what)) {
            wait = wait < 0 || wait > MINUTE_MS ? MINUTE_MS : wait;
            continue;
        }
        if (CHORES[what].run && (due || x->takers[what].hold != DUE_HOLDS_NOTHING) && run_some(x, a, what)) {
            x->at[what] = now;
            wait = 0;
        }
    }
    return wait;
}

/* ---- the thread ---- */

static void read_told(struct chores *x)
{
    pthread_mutex_lock(&x->lock);
    if (x->news)
        memcpy(x->at, x->told, sizeof(x->at));
    x->news = false;
    pthread_mutex_unlock(&x->lock);
}

/* A queue that begins to stand, or goes on, is shown with its channel, whatever the others do. */
static void count(struct chores *x, struct arena *a)
{
    struct changes changes = {0};
    if (!due_count(x->db, a) || !channel_count_broken(x->db, a) || !outbox_count(x->db, a, clock_now()))
        return;
    x->counted_at = clock_monotonic();
    uint64_t standing = outbox_metrics.standing;
    if (standing != x->standing) {
        log_warning("%s seconds=%lld", standing ? "answers stand" : "answers leave again",
                    (long long)(outbox_metrics.oldest_ms / SECOND_MS));
        changes_add(&changes, (struct change){.kind = CHANGE_CHANNELS});
        x->owner.publish(x->owner.context, &changes);
        changes_clear(&changes);
    }
    x->standing = standing;
}

/* Looks once; in so many milliseconds again. While the database is away nothing is told. */
static int64_t look_what_is_due(struct chores *x)
{
    AUTO_ARENA struct arena *a = arena_new();
    watch_clock(x);
    read_told(x);
    if (!db_ready(x->db))
        return CREW_UNTIL_WOKEN;
    if (clock_monotonic() >= x->counted_at + COUNT_EVERY_MS)
        count(x, a);
    used_flush(x->db, a);
    return do_what_is_due(x, a);
}

static void run_chores(struct crew_member *m, void *arg)
{
    struct chores *x = arg;
    x->db = m->db;
    x->good_from[CLOCK_TRUSTED] = clock_monotonic() + BEGUN_DISTRUST_MS;
    for (enum due_what what = 0; what < DUE_WHATS_; what++)
        x->takers[what] = (struct due_taker){what, x->instance, x->instance, 1, LEASE_MS, DUE_MAY_HAVE_DONE};
    while (crew_rest(m, look_what_is_due(x)))
        ;
}

struct chores *chores_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                            const struct chores_owner *owner)
{
    struct chores *x = mem_alloc(sizeof(*x));
    *x = (struct chores){.desk = desk, .owner = *owner, .instance = instance, .counted_at = -COUNT_EVERY_MS};
    pthread_mutex_init(&x->lock, NULL);
    x->crew = crew_start("chores", 1, config, run_chores, x);
    return x;
}

void chores_told(struct chores *x, const int64_t at[DUE_WHATS_])
{
    if (!x)
        return;
    pthread_mutex_lock(&x->lock);
    memcpy(x->told, at, sizeof(x->told));
    x->news = true;
    pthread_mutex_unlock(&x->lock);
    crew_wake(x->crew);
}

void chores_stop(struct chores *x)
{
    if (!x)
        return;
    crew_stop(x->crew);
    pthread_mutex_destroy(&x->lock);
    free(x);
}
