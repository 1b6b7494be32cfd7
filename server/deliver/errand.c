#include "deliver/errand.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "channel/channel.h"
#include "db/crew.h"
#include "deliver/retry.h"
#include "deliver/transfer.h"
#include "desk/ground/account.h"
#include "desk/ingest/ingest.h"
#include "desk/ingest/input.h"
#include "store/channel.h"
#include "store/channel_kept.h"
#include "store/due.h"
#include "store/errand.h"
#include "store/journal.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define RUNNERS 2
#define LEASE_MS (TRANSFER_FILE_MS + 120 * SECOND_MS)
#define AWAY_MS (1 * SECOND_MS)
#define CHANNEL_OFF_WAIT_MS (5 * MINUTE_MS)

struct errands {
    const struct desk *desk;
    const struct db_config *config;
    changes_publish *publish;
    void *context;
    int64_t instance;
    struct crew *crew; /* NULL: there was nothing to ask yet */
};

/* A thread's own. */
struct runner {
    struct errands *all;
    struct crew_member *member;
    struct db *db; /* the member's */
    struct due_taker taker;
    struct transfer *transfer;
};

/* One errand on its way. */
struct asking {
    struct runner *by;
    struct arena *a;
    struct errand_row *row;
    struct errand errand;
    struct channel_row *channel;
    struct channel_account *account;
    struct send_reply reply;
    struct errand_result result;
    int64_t retry_after_ms;
    bool problem_changed;
};

/* ---- the request ---- */

static void give_errand_up(struct asking *x, const char *why)
{
    x->result = (struct errand_result){.outcome = ERRAND_NEVER, .said = why};
}

/* All of an answer, into the reply. The memory file is what libcurl streams to. */
static bool take_large(struct asking *x, const struct send_request *request, int fd)
{
    struct transfer_file file = {.fd = fd, .max = (int64_t)x->account->type->fetched_max, .stays = true};
    transfer_fetch(x->by->transfer, x->a, request, &file, &x->reply);
    if (file.too_large) {
        give_errand_up(x, said(x->a, errand_large, x->account->type->name, (int)(file.max >> 20)));
        return false;
    }
    if (x->reply.status != 200)
        return true;
    char *body = arena_alloc(x->a, (size_t)file.size + 1);
    size_t n = 0;
    for (ssize_t got; n < (size_t)file.size && (got = pread(fd, body + n, (size_t)file.size - n, (off_t)n)) > 0;)
        n += (size_t)got;
    x->reply.body = body;
    x->reply.body_len = n;
    return n == (size_t)file.size;
}

/* False: the result says why there is no answer to be read. */
static bool ask_errand(struct asking *x)
{
    struct send_request request = {0};
    struct error err = {0};
    if (!x->account->type->ask_errand(x->account, &x->errand, clock_now(), x->a, &request, &err)) {
        give_errand_up(x, err.code ? error_said(x->a, &err) : said(x->a, not_understood));
        return false;
    }
    request.how = SEND_GET;
    if (x->errand.kind == ERRAND_CONTENT) {
        int fd = memfd_create("errand", MFD_CLOEXEC);
        bool taken = fd >= 0 && take_large(x, &request, fd);
        if (fd >= 0)
            close(fd);
        if (!taken)
            return false;
    } else {
        transfer_run(x->by->transfer, x->a, &request, true, &x->reply);
    }
    x->retry_after_ms = retry_after_within_reason(x->reply.retry_after_ms);
    return true;
}

static void read_errand_answer(struct asking *x)
{
    const struct send_reply *reply = &x->reply;
    if (reply->status) {
        x->account->type->read_errand(x->account, &x->errand, reply, clock_now(), x->a, &x->result);
        return;
    }
    const char *words = reply->transport_error ? reply->transport_error : "…";
    x->result.said =
        reply->transport_said ? reply->transport_said : said(x->a, errand_unreachable, x->account->type->name, words);
}

/* ---- what becomes of it ---- */

/* A certificate that is not there yet is asked for again by whoever needs it. */
static bool errand_is_given_up(const struct asking *x, int64_t now)
{
    return x->result.outcome == ERRAND_NEVER || x->errand.kind == ERRAND_KEPT ||
           retry_is_over(x->row->tries, now - x->row->asked_at);
}

/* Another one may have been faster. */
static bool hold_errand(struct db *db, struct asking *x)
{
    struct errand_row *row = errand_hold(db, x->a, x->row->key);
    return row && row->state == ERRAND_WAITS;
}

static bool is_of_errands(const char *problem)
{
    static const char BEGINS[] = "{\"code\":\"errand_";
    return problem && strncmp(problem, BEGINS, sizeof(BEGINS) - 1) == 0;
}

/* Only what errands have told is taken back when one succeeds. */
static void settle_channel(struct db *db, struct asking *x)
{
    bool broken = x->result.outcome != ERRAND_DONE && x->result.channel_broken;
    bool over = x->result.outcome == ERRAND_DONE && is_of_errands(x->channel->problem);
    const char *problem = broken ? x->result.said : NULL;
    x->problem_changed =
        over || (broken && (!x->channel->problem || strcmp(x->channel->problem, problem ? problem : "") != 0));
    if (x->problem_changed)
        channel_set_problem(db, x->row->channel, problem, clock_now());
}

/* What announced a mail says nothing that the mail's own raw input does not; and only that goes when the mail is erased. */
static void settle_done(struct db *db, struct asking *x, int64_t now)
{
    errand_over(db, x->row->key, ERRAND_IS_DONE);
    if (x->errand.kind == ERRAND_KEPT)
        channel_kept_put(db, x->row->channel, x->errand.handle, utf8_clean(x->a, x->reply.body, x->reply.body_len, 0),
                         x->result.kept_until, now);
    if (x->errand.kind == ERRAND_CONTENT)
        journal_remove(db, &x->row->journal);
}

/* In the transaction of what has come of it, or alone. */
static bool settle_errand(struct db *db, void *arg)
{
    struct asking *x = arg;
    int64_t now = clock_now();
    if (!hold_errand(db, x))
        return db_failure(db) == DB_FINE;
    if (x->result.outcome == ERRAND_DONE) {
        settle_done(db, x, now);
    } else if (errand_is_given_up(x, now)) {
        errand_over(db, x->row->key, ERRAND_WAS_GIVEN_UP);
        journal_set(db, &x->row->journal, JOURNAL_FAILED, x->result.said);
    } else {
        errand_failed(db, x->row->key);
    }
    settle_channel(db, x);
    return db_failure(db) == DB_FINE;
}

/* When again; 0: never. */
static int64_t write_outcome(struct asking *x)
{
    struct changes changes = {0};
    int64_t now = clock_now();
    if (!db_transact(x->by->db, settle_errand, x, NULL))
        return now + RETRY_FIRST_WAIT_MS;
    if (x->result.outcome != ERRAND_DONE)
        log_warning("errand not done channel=%s try=%" PRId64 " reason=%s", log_quoted(x->account->name),
                    x->row->tries + 1, log_quoted(x->result.said ? said_english(x->a, x->result.said) : ""));
    if (x->problem_changed)
        changes_add(&changes, (struct change){.kind = CHANGE_CHANNELS});
    if (changes.n)
        x->by->all->publish(x->by->all->context, &changes);
    changes_clear(&changes);
    bool over = x->result.outcome == ERRAND_DONE || errand_is_given_up(x, now);
    return over ? 0 : now + retry_wait(x->row->tries, x->retry_after_ms);
}

/* What has come, into the timelines, and the errand is over with it. */
static int64_t take_fetched(struct asking *x)
{
    struct web_request request = {.method = FETCHED_METHOD,
                                  .query = x->errand.handle,
                                  .content_type = "",
                                  .body = x->reply.body,
                                  .body_len = x->reply.body_len,
                                  .received_at = x->row->asked_at};
    struct raw_input raw = {.method = request.method,
                            .query = request.query,
                            .headers = "{}",
                            .body = request.body,
                            .body_len = request.body_len};
    struct errands *all = x->by->all;
    struct intake in = intake_by(x->account, request.received_at, cause_by(CAUSE_CHANNEL, x->account->id));
    struct changes changes = {0};
    struct error err = {0};
    in.raw = &raw;
    in.journal_id = uuid_v7(request.received_at);
    bool taken = input_parse(all->desk, x->account, &request, x->a, &in.list, &err) &&
                 intake_store_files(all->desk, x->a, &in, &err) &&
                 ingest_kept(all->desk, x->by->db, x->a, &in, settle_errand, x, &changes, &err);
    if (taken && in.list.problem)
        log_warning("input not understood channel=%s bytes=%zu reason=%s", log_quoted(x->account->name),
                    request.body_len, log_quoted(said_english(x->a, in.list.problem)));
    if (taken && x->problem_changed)
        changes_add(&changes, (struct change){.kind = CHANGE_CHANNELS});
    if (changes.n)
        all->publish(all->context, &changes);
    changes_clear(&changes);
    return taken ? 0 : clock_now() + RETRY_FIRST_WAIT_MS;
}

/* ---- one errand ---- */

static bool load_errand(struct asking *x, int64_t key)
{
    struct db *db = x->by->db;
    x->row = errand_get(db, x->a, key);
    x->channel = x->row ? channel_by_key(db, x->a, x->row->channel) : NULL;
    x->account = x->channel ? account_open(x->by->all->desk, x->a, x->channel) : NULL;
    if (x->row)
        x->errand = (struct errand){.kind = (enum errand_kind)x->row->kind, .handle = x->row->handle};
    return x->row && x->row->state == ERRAND_WAITS;
}

static bool crew_ends(void *arg)
{
    return crew_stops(((struct runner *)arg)->member->crew);
}

/* When again; 0: never. */
static int64_t run_errand(struct runner *r, struct arena *a, int64_t key)
{
    struct asking x = {.by = r, .a = a, .retry_after_ms = -1, .result = {.outcome = ERRAND_AGAIN}};
    if (!load_errand(&x, key))
        return db_failure(r->db) == DB_FINE ? 0 : clock_now() + RETRY_FIRST_WAIT_MS;
    if (!x.account || !x.account->type->ask_errand) /* of a channel that is no more, or cannot be opened */
        return x.channel ? clock_now() + CHANNEL_OFF_WAIT_MS : 0;
    if (!x.account->active) /* it waits until the channel is on again, without counting as a try */
        return clock_now() + CHANNEL_OFF_WAIT_MS;
    if (ask_errand(&x))
        read_errand_answer(&x);
    if (crew_stops(r->member->crew) && x.result.outcome == ERRAND_AGAIN)
        return clock_now();
    return x.result.outcome == ERRAND_DONE && x.errand.kind == ERRAND_CONTENT ? take_fetched(&x) : write_outcome(&x);
}

/* True: there may be more. *ret_away: the database is. */
static bool run_next_errand(struct runner *r, bool *ret_away)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct list taken = {0};
    *ret_away = !due_take(r->db, a, clock_now(), &r->taker, (struct value_list){0}, 1, &taken);
    if (*ret_away || taken.n == 0)
        return false;
    const struct due_taken *due = taken.items;
    if (!due_settle(r->db, DUE_ERRAND, due, run_errand(r, a, due->key)))
        r->taker.hold = DUE_MAY_HOLD;
    return !crew_stops(r->member->crew);
}

static void run_errands(struct crew_member *m, void *arg)
{
    struct errands *all = arg;
    struct runner r = {.all = all,
                       .member = m,
                       .db = m->db,
                       .taker = {DUE_ERRAND, all->instance, all->instance + m->number, RUNNERS, LEASE_MS, DUE_MAY_HOLD},
                       .transfer = transfer_new(&all->desk->outgoing)};
    bool away = false;
    transfer_may_stop(r.transfer, crew_ends, &r);
    do {
        while (run_next_errand(&r, &away))
            ;
    } while (crew_rest(m, away ? AWAY_MS : CREW_UNTIL_WOKEN));
    transfer_free(r.transfer);
}

struct errands *errands_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                              changes_publish *publish, void *context)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct errands *e = mem_alloc(sizeof(*e));
    *e = (struct errands){.desk = desk, .config = config, .publish = publish, .context = context, .instance = instance};
    return e;
}

void errands_wake(struct errands *e)
{
    if (!e->crew)
        e->crew = crew_start("errand", RUNNERS, e->config, run_errands, e);
    else
        crew_wake(e->crew);
}

void errands_stop(struct errands *e)
{
    if (!e)
        return;
    crew_stop(e->crew);
    free(e);
    curl_global_cleanup();
}
