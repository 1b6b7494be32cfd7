#include "deliver/fetch.h"

#include "base/clock.h"
#include "base/log.h"
#include "channel/channel.h"
#include "db/crew.h"
#include "deliver/retry.h"
#include "deliver/transfer.h"
#include "desk/act/remote.h"
#include "desk/ground/account.h"
#include "desk/ground/blob.h"
#include "store/channel.h"
#include "store/due.h"
#include "store/entry.h"
#include "store/erase.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define FETCHERS 2
#define LEASE_MS (TRANSFER_FILE_MS + 120 * SECOND_MS)
#define AWAY_MS (1 * SECOND_MS)
#define CHANNEL_OFF_WAIT_MS (5 * MINUTE_MS)
#define STEPS_MAX 3 /* requests for one file */

struct fetchers {
    const struct desk *desk;
    const struct db_config *config;
    changes_publish *publish;
    void *context;
    int64_t instance;
    struct crew *crew; /* NULL: there was nothing to fetch yet */
};

/* A thread's own. */
struct fetcher {
    struct fetchers *all;
    struct crew_member *member;
    struct db *db; /* the member's */
    struct due_taker taker;
    struct transfer *transfer;
};

/* One file on its way. */
struct want {
    struct fetcher *by;
    struct arena *a;
    struct remote_file *file;
    struct channel_account *account;
    struct transfer_file content;
    char *path; /* of what has come */
    int fetch;  /* enum file_fetch: how it stands */
    bool final; /* it is not asked for again */
    int64_t retry_after_ms;
};

static bool want_over(struct want *w, enum file_fetch fetch, bool final)
{
    w->fetch = fetch;
    w->final = final;
    return false;
}

/* What an answer other than a 200 says of the file. */
static int refusal_by_status(int status)
{
    switch (status) {
    case 202: /* it is being prepared */
        return FETCH_WAITING;
    case 400: /* Meta's word for an id that it does not know */
    case 404:
    case 410:
        return FETCH_GONE;
    case 401:
    case 403:
        return FETCH_REFUSED;
    default:
        return FETCH_UNREACHABLE;
    }
}

/* False: how it stands is said. */
static bool read_file_status(struct want *w, const struct send_reply *reply)
{
    int (*read_refusal)(const struct send_reply *reply) = w->account->type->read_refusal;
    w->retry_after_ms = retry_after_within_reason(reply->retry_after_ms);
    if (w->content.too_large)
        return want_over(w, FETCH_TOO_LARGE, true);
    if (w->content.disk_failed)
        return want_over(w, FETCH_WAITING, false);
    if (reply->status == 200)
        return true;
    int fetch = read_refusal ? read_refusal(reply) : FETCH_DONE;
    if (fetch == FETCH_DONE)
        fetch = refusal_by_status(reply->status);
    return want_over(w, fetch, fetch == FETCH_GONE);
}

/* No provider keeps a file of no bytes: one that gives an empty answer has it no less than before. */
static bool read_content(struct want *w, const struct send_reply *reply)
{
    return read_file_status(w, reply) && (w->content.size > 0 || want_over(w, FETCH_UNREACHABLE, false));
}

/* Asks until the answer is the file. */
static bool ask_for_content(struct want *w)
{
    struct send_reply reply = {0}, *where = NULL;
    for (int i = 0; i < STEPS_MAX; i++) {
        struct send_request request = {0};
        enum file_ask ask = w->account->type->ask_file(w->account, w->file->handle, where, w->a, &request);
        request.how = SEND_GET;
        if (ask ==
            FILE_NOT_ASKED) /* an answer that does not say where, as of a gateway in between, does not say that it is gone */
            return want_over(w, where ? FETCH_UNREACHABLE : FETCH_GONE, !where);
        if (ask == FILE_ASK_CONTENT) {
            transfer_fetch(w->by->transfer, w->a, &request, &w->content, &reply);
            return read_content(w, &reply);
        }
        transfer_run(w->by->transfer, w->a, &request, true, &reply);
        if (!read_file_status(w, &reply))
            return false;
        where = &reply;
    }
    return want_over(w, FETCH_UNREACHABLE, false);
}

/* Into the store, when it is what it was said to be. Condemned before that: if its entry comes to know of it, that holds it; if we die
 * before, or the entry is erased meanwhile, it goes (task/erase_files.c). Condemned a moment ago, that the file is younger, by the
 * coarse clock of file systems too. */
static bool keep_file(struct want *w, char hex[BLOB_HEX_SIZE], struct error *err)
{
    const char *dir = w->by->all->desk->blob_dir;
    long long size = 0;
    if (!blob_hash(w->path, hex, &size, err)) /* our disk: it is logged there */
        return want_over(w, FETCH_WAITING, false);
    if (w->file->sha256 && strcmp(hex, w->file->sha256) != 0)
        return want_over(w, FETCH_DAMAGED, false);
    if (!condemn_file(w->by->db, hex, clock_now() - SECOND_MS) || !blob_adopt_as(dir, w->path, hex, err))
        return want_over(w, FETCH_WAITING, false);
    w->content.size = size;
    w->fetch = FETCH_DONE;
    return w->final = true;
}

/* When again; 0: never. The entry is told what has changed. */
static int64_t settle_want(struct want *w, const char *sha256)
{
    struct fetcher *f = w->by;
    struct changes changes = {0};
    struct error err = {0};
    struct act act = {.desk = f->all->desk,
                      .db = f->db,
                      .a = w->a,
                      .role = ROLE_ADMIN,
                      .cause = cause_because(cause_by(CAUSE_SYSTEM, 0), CAUSE_DELIVERY, 0),
                      .now = clock_now(),
                      .changes = &changes,
                      .err = &err};
    bool over = w->final || retry_is_over(w->file->tries, act.now - w->file->asked_at);
    int fetch = over && w->fetch == FETCH_WAITING ? FETCH_UNREACHABLE : w->fetch;
    struct fetched fetched = {w->file, fetch, sha256, w->content.type, w->content.size};
    bool told = act_fetched(&act, &fetched);
    if (changes.n)
        f->all->publish(f->all->context, &changes);
    changes_clear(&changes);
    if (!told)
        return act.now + RETRY_FIRST_WAIT_MS;
    if (!w->final)
        remote_file_failed(f->db, w->file->key);
    return over ? 0 : act.now + retry_wait(w->file->tries, w->retry_after_ms);
}

static bool load_want(struct want *w, int64_t key)
{
    struct db *db = w->by->db;
    w->file = remote_file_get(db, w->a, key);
    struct channel_row *row = w->file ? channel_by_key(db, w->a, w->file->channel) : NULL;
    w->account = row ? account_open(w->by->all->desk, w->a, row) : NULL;
    return w->file != NULL;
}

static bool crew_goes(void *arg)
{
    return crew_stops(((struct fetcher *)arg)->member->crew);
}

static int64_t fetch_one(struct fetcher *f, struct arena *a, int64_t key)
{
    struct want w = {.by = f, .a = a, .retry_after_ms = -1, .content = {.fd = -1, .max = REMOTE_FILE_BYTES_MAX}};
    char hex[BLOB_HEX_SIZE] = "";
    struct error err = {0};
    if (!load_want(&w, key))
        return db_failure(f->db) == DB_FINE ? 0 : clock_now() + RETRY_FIRST_WAIT_MS;
    if (w.account && !w.account->active) /* it waits until the channel is on again, without counting as a try */
        return clock_now() + CHANNEL_OFF_WAIT_MS;
    if (!w.account || !w.account->type->ask_file) {
        want_over(&w, FETCH_GONE, true);
        return settle_want(&w, NULL);
    }
    w.path = arena_printf(a, "%s/tmp/XXXXXX", f->all->desk->blob_dir);
    w.content.fd = mkostemp(w.path, O_CLOEXEC);
    if (w.content.fd < 0)
        want_over(&w, FETCH_WAITING, false);
    else if (ask_for_content(&w))
        keep_file(&w, hex, &err);
    if (w.content.fd >= 0)
        close(w.content.fd);
    if (w.content.fd >= 0 && w.fetch != FETCH_DONE)
        unlink(w.path);
    return crew_stops(f->member->crew) && !w.final ? clock_now() : settle_want(&w, hex);
}

/* True: there may be more. *ret_away: the database is. */
static bool fetch_next(struct fetcher *f, bool *ret_away)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct list taken = {0};
    *ret_away = !due_take(f->db, a, clock_now(), &f->taker, (struct value_list){0}, 1, &taken);
    if (*ret_away || taken.n == 0)
        return false;
    const struct due_taken *due = taken.items;
    if (!due_settle(f->db, DUE_FILE, due, fetch_one(f, a, due->key)))
        f->taker.hold = DUE_MAY_HOLD;
    return !crew_stops(f->member->crew);
}

static void run_fetcher(struct crew_member *m, void *arg)
{
    struct fetchers *all = arg;
    struct fetcher f = {.all = all,
                        .member = m,
                        .db = m->db,
                        .taker = {DUE_FILE, all->instance, all->instance + m->number, FETCHERS, LEASE_MS, DUE_MAY_HOLD},
                        .transfer = transfer_new(&all->desk->outgoing)};
    bool away = false;
    transfer_may_stop(f.transfer, crew_goes, &f);
    do {
        while (fetch_next(&f, &away))
            ;
    } while (crew_rest(m, away ? AWAY_MS : CREW_UNTIL_WOKEN));
    transfer_free(f.transfer);
}

struct fetchers *fetchers_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                                changes_publish *publish, void *context)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct fetchers *f = mem_alloc(sizeof(*f));
    *f =
        (struct fetchers){.desk = desk, .config = config, .publish = publish, .context = context, .instance = instance};
    return f;
}

void fetchers_wake(struct fetchers *f)
{
    if (!f->crew)
        f->crew = crew_start("fetcher", FETCHERS, f->config, run_fetcher, f);
    else
        crew_wake(f->crew);
}

void fetchers_stop(struct fetchers *f)
{
    if (!f)
        return;
    crew_stop(f->crew);
    free(f);
    curl_global_cleanup();
}
