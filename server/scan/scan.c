#include "scan/scan.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/crew.h"
#include "desk/act/scanned.h"
#include "desk/ground/blob.h"
#include "scan/clamd.h"
#include "store/due.h"
#include "store/file_scan.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define SCANNERS 2
#define WITHIN_MS (180 * SECOND_MS) /* clamd gives a file up after 120 s by itself (MaxScanTime) */
#define LEASE_MS (WITHIN_MS + 120 * SECOND_MS)
#define AWAY_MS (1 * SECOND_MS)
#define FIRST_WAIT_MS (1 * SECOND_MS)
#define REFUSED_WAIT_MS (4 * SECOND_MS) /* doubles with each try: a clamd that is short of memory has a minute */
#define TRIES_MAX 5                     /* then clamd can say nothing of this one, however often it is asked */
#define LONGEST_WAIT_MS (2 * MINUTE_MS)
#define DOUBLINGS_MAX 7
#define TELL_AGAIN_MS (30 * SECOND_MS) /* longer than a transaction takes */

struct scan_metrics scan_metrics;

struct scanners {
    const struct desk *desk;
    const struct db_config *config;
    changes_publish *publish;
    void *context;
    int64_t instance;
    struct crew *crew; /* NULL: there was nothing to look at yet */
};

/* A thread's own. */
struct scanner {
    struct scanners *all;
    struct crew_member *member;
    struct db *db; /* the member's */
    struct due_taker taker;
};

static bool scanner_stops(void *arg)
{
    return crew_stops(((struct scanner *)arg)->member->crew);
}

/* ---- one content ---- */

static void note_answer(const struct file_scan *scan, const struct clamd_verdict *verdict)
{
    bool good = verdict->answer < CLAMD_FAILED;
    if (verdict->answer != CLAMD_AWAY)
        scan_metrics.away_since = 0;
    else if (!scan_metrics.away_since)
        scan_metrics.away_since = clock_monotonic();
    scan_metrics.scanned += good;
    scan_metrics.infected += verdict->answer == CLAMD_FOUND;
    scan_metrics.too_large += verdict->answer == CLAMD_TOO_LARGE;
    scan_metrics.failed += !good;
    if (verdict->answer == CLAMD_FOUND)
        log_warning("virus found file=%s name=%s", scan->sha256, log_quoted(verdict->words));
    if (!good)
        log_warning("file not scanned file=%s tries=%lld err=%s", scan->sha256, (long long)scan->tries + 1,
                    log_quoted(verdict->words));
}

/* clamd has said that it cannot (`tries`: how often), or, while it is away, nothing: then as long again as it has been. */
static int64_t wait_after(int64_t tries)
{
    int64_t since = scan_metrics.away_since, away = since ? clock_monotonic() - since : 0;
    int64_t wait = tries ? REFUSED_WAIT_MS << (tries < DOUBLINGS_MAX ? tries - 1 : DOUBLINGS_MAX) : away;
    return wait < FIRST_WAIT_MS ? FIRST_WAIT_MS : wait < LONGEST_WAIT_MS ? wait : LONGEST_WAIT_MS;
}

/* What holds from now on; what was known before clamd could say nothing of it stays. */
static void take_verdict(struct arena *a, const struct clamd_verdict *verdict, struct file_scan *scan)
{
    static const int STATES[] = {[CLAMD_CLEAN] = FILE_CLEAN,
                                 [CLAMD_FOUND] = FILE_INFECTED,
                                 [CLAMD_TOO_LARGE] = FILE_TOO_LARGE,
                                 [CLAMD_FAILED] = FILE_TOO_LARGE};
    if (verdict->answer == CLAMD_FAILED && scan->scanned_at)
        return;
    scan->state = STATES[verdict->answer];
    scan->found = verdict->answer == CLAMD_FOUND ? arena_strdup(a, verdict->words) : NULL;
}

/* What it is now in *scan. False: it is asked again. */
static bool ask_scanner(struct scanner *s, struct arena *a, int fd, struct file_scan *scan)
{
    struct clamd_verdict verdict;
    int64_t begun = clock_now();
    clamd_scan(&(struct clamd_ask){s->all->desk->scanner, fd, WITHIN_MS, scanner_stops, s}, &verdict);
    if (scanner_stops(s))
        return false;
    note_answer(scan, &verdict);
    scan->tries = verdict.answer == CLAMD_FAILED ? scan->tries + 1 : 0;
    if (verdict.answer == CLAMD_FAILED)
        file_scan_failed(s->db, scan->key);
    if (verdict.answer == CLAMD_AWAY || (verdict.answer == CLAMD_FAILED && scan->tries < TRIES_MAX))
        return false;
    take_verdict(a, &verdict, scan);
    return file_scan_done(s->db, scan, begun);
}

static bool tell_holders(struct scanner *s, struct arena *a, const struct file_scan *scan)
{
    struct changes changes = {0};
    struct error err = {0};
    struct act act = {.desk = s->all->desk,
                      .db = s->db,
                      .a = a,
                      .role = ROLE_ADMIN,
                      .cause = cause_because(cause_by(CAUSE_SYSTEM, 0), CAUSE_SCHEDULE, 0),
                      .now = clock_now(),
                      .changes = &changes,
                      .err = &err};
    bool told = act_scanned(&act, scan);
    if (changes.n)
        s->all->publish(s->all->context, &changes);
    changes_clear(&changes);
    return told;
}

/* The scanner was switched off: what waits for it is like what came when there was none, and is looked at when it is wanted once
 * there is one again. When again; 0: never. */
static int64_t let_go(struct scanner *s, struct arena *a, struct file_scan *scan)
{
    scan->state = FILE_CLEAN;
    return tell_holders(s, a, scan) && file_scan_forget(s->db, scan->sha256) ? 0 : clock_now() + FIRST_WAIT_MS;
}

/* When again; 0: never. */
static int64_t scan_one(struct scanner *s, struct arena *a, int64_t key)
{
    struct file_scan *scan = file_scan_get(s->db, a, key);
    const char *dir = s->all->desk->blob_dir;
    if (!scan)
        return db_failure(s->db) == DB_FINE ? 0 : clock_now() + FIRST_WAIT_MS;
    if (!s->all->desk->scanner && !scan->scanned_at)
        return let_go(s, a, scan);
    bool asked = s->all->desk->scanner && scan->asked_at > scan->scanned_at;
    int fd = asked ? open(blob_path(a, dir, scan->sha256), O_RDONLY | O_CLOEXEC) : -1;
    if (asked && fd < 0) /* erased: whoever brings it again asks again */
        return errno == ENOENT && file_scan_forget(s->db, scan->sha256) ? 0 : clock_now() + LONGEST_WAIT_MS;
    bool done = !asked || ask_scanner(s, a, fd, scan);
    if (fd >= 0)
        close(fd);
    if (!done)
        return clock_now() + (scanner_stops(s) ? 0 : wait_after(scan->tries));
    if (!tell_holders(s, a, scan))
        return clock_now() + FIRST_WAIT_MS;
    return asked ? clock_now() + TELL_AGAIN_MS : 0;
}

/* ---- the threads ---- */

/* True: there may be more. *ret_away: the database is. */
static bool scan_next(struct scanner *s, bool *ret_away)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct list taken = {0};
    *ret_away = !due_take(s->db, a, clock_now(), &s->taker, (struct value_list){0}, 1, &taken);
    if (*ret_away || taken.n == 0)
        return false;
    const struct due_taken *due = taken.items;
    if (!due_settle(s->db, DUE_SCAN, due, scan_one(s, a, due->key)))
        s->taker.hold = DUE_MAY_HOLD;
    return !crew_stops(s->member->crew);
}

static void run_scanner(struct crew_member *m, void *arg)
{
    struct scanners *all = arg;
    struct scanner s = {
        .all = all,
        .member = m,
        .db = m->db,
        .taker = {DUE_SCAN, all->instance, all->instance + m->number, SCANNERS, LEASE_MS, DUE_MAY_HOLD}};
    bool away = false;
    do {
        while (scan_next(&s, &away))
            ;
    } while (crew_rest(m, away ? AWAY_MS : CREW_UNTIL_WOKEN));
}

struct scanners *scanners_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                                changes_publish *publish, void *context)
{
    struct scanners *s = mem_alloc(sizeof(*s));
    *s = (struct scanners){desk, config, publish, context, instance, NULL};
    return s;
}

void scanners_wake(struct scanners *s)
{
    if (s && !s->crew)
        s->crew = crew_start("scanner", SCANNERS, s->config, run_scanner, s);
    else if (s)
        crew_wake(s->crew);
}

void scanners_stop(struct scanners *s)
{
    if (!s)
        return;
    crew_stop(s->crew);
    free(s);
}
