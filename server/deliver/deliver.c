#include "deliver/deliver.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/markdown.h"
#include "channel/channel.h"
#include "db/crew.h"
#include "deliver/gate.h"
#include "deliver/paused.h"
#include "deliver/profile.h"
#include "deliver/retry.h"
#include "deliver/token.h"
#include "deliver/transfer.h"
#include "deliver/try_senders.h"
#include "desk/act/delivery.h"
#include "desk/conversation/rules.h"
#include "desk/conversation/unseen.h"
#include "desk/ground/account.h"
#include "desk/ground/blob.h"
#include "desk/ground/scan.h"
#include "store/channel.h"
#include "store/conversation.h"
#include "store/entry.h"
#include "store/identity.h"
#include "store/mailbox_sent.h"
#include "store/outbox.h"

#include <curl/curl.h>
#include <inttypes.h>

#define LEASE_MS (160 * SECOND_MS) /* longer than all tries to send it and to write that down */
#define AWAY_MS (1 * SECOND_MS)
#define BROKEN_WAIT_MS (60 * SECOND_MS)
#define TURN_WAIT_MS (1 * SECOND_MS)
#define REBUILD_MAX 2
#define SETTLE_TRIES 60

struct deliver_metrics deliver_metrics;

struct deliver {
    const struct desk *desk;
    changes_publish *publish;
    void *context;
    int64_t instance, couriers;
    struct gate *gate;
    struct crew *crew;
};

/* A thread's own. */
struct courier {
    struct deliver *d;
    struct crew_member *member;
    struct db *db; /* the member's */
    struct due_taker taker;
    struct transfer *transfer;
    struct paused_channels paused;
};

/* One row on its way. */
struct parcel {
    struct courier *courier;
    struct arena *a;
    struct outbox_row row;
    struct entry *entry;
    struct identity *identity;
    struct channel_account *account;
    struct send_result result;
    const char *copy; /* what has left, where it is to be filed; or NULL */
    size_t copy_n;
    struct entry *settled;
    struct conversation *conversation; /* where it stands otherwise now, or NULL */
    const char *problem;               /* of the channel, as the table has it */
    int64_t version;                   /* likewise */
    bool problem_changed;
};

/* ---- one parcel ---- */

static bool take_parcel(struct parcel *p)
{
    struct courier *c = p->courier;
    int64_t skip[PAUSED_MAX + GATES_MAX];
    size_t n = paused_now(&c->paused, c->db, clock_monotonic(), skip);
    n += gate_busy(c->d->gate, skip + n);
    return outbox_take(c->db, p->a, clock_now(), &c->taker, skip, n, &p->row);
}

static void give_parcel_up(struct parcel *p, const char *why)
{
    p->result = (struct send_result){.outcome = SEND_NEVER, .retry_after_ms = -1, .error = why};
}

/* False: the database is away, or p->result says why it can never be sent. */
static bool load(struct parcel *p)
{
    struct db *db = p->courier->db;
    p->entry = entry_get(db, p->a, &p->row.entry);
    p->identity = p->entry ? identity_by_id(db, p->a, &p->entry->identity_id) : NULL;
    struct channel_row *row = channel_by_key(db, p->a, p->row.channel);
    p->account = row ? account_open(p->courier->d->desk, p->a, row) : NULL;
    p->problem = row ? row->problem : NULL;
    p->version = row ? row->version : 0;
    if (db_failure(db) != DB_FINE)
        return false;
    if (p->entry && p->identity && p->account && p->account->type->build)
        return true;
    give_parcel_up(p, said(p->a, channel_unusable));
    return false;
}

/* False: p->result says why it does not leave now, or never. */
static bool may_leave(struct parcel *p, const char *sha256)
{
    struct error err = {0};
    struct file_scan scan = scan_of_wanted(p->courier->d->desk, p->courier->db, p->a, sha256, clock_now());
    if (scan_lets_through(&scan, NULL, &err))
        return true;
    give_parcel_up(p, error_said(p->a, &err));
    p->result.outcome = scan.state == FILE_WAITING ? SEND_AGAIN : SEND_NEVER;
    return false;
}

static bool load_files(struct parcel *p, struct list *ret)
{
    *ret = entry_files(p->a, p->entry);
    for (size_t i = 0; i < ret->n; i++) {
        struct attachment *file = (struct attachment *)ret->items + i;
        size_t size = 0;
        if (file->sha256 && !may_leave(p, file->sha256))
            return false;
        file->data = file->sha256 ? blob_read(p->a, p->courier->d->desk->blob_dir, file->sha256, &size) : NULL;
        file->size = (int64_t)size;
        if (!file->data)
            return false;
    }
    return true;
}

/* A visitor is written to at the address that was left in the chat; the entry knows which. */
static const char *parcel_address(struct parcel *p)
{
    const char *left = p->identity->kind == IDENTITY_VISITOR ? unseen_address(p->a, p->entry) : NULL;
    return left ? left : p->identity->value;
}

/* As this channel shows it. */
static void fill_words(struct parcel *p, struct outbound *out)
{
    enum rich_text rich = p->account->type->rich;
    const char *markdown = rich == RICH_MARKS ? message_markdown(p->a, p->entry) : NULL;
    out->text = markdown ? markdown_as(p->a, markdown, MARKDOWN_MARKS) : p->entry->text;
    out->html = rich >= RICH_HTML ? p->entry->html : NULL;
}

static bool fill_outbound(struct parcel *p, struct outbound *out)
{
    struct entry *last = entry_last_in(p->courier->db, p->a, p->entry->identity_key, p->row.channel);
    *out = (struct outbound){.entry_id = p->entry->id,
                             .to = parcel_address(p),
                             .to_name = identity_called(p->identity),
                             .agent_name = p->entry->author_name,
                             .subject = p->entry->subject,
                             .message_id = p->entry->external_id,
                             .reply_payload = last ? last->payload : NULL,
                             .reply_received_at = last ? last->received_at : 0,
                             .now = clock_now()};
    fill_words(p, out);
    message_mail(p->a, p->entry, out);
    return load_files(p, &out->attachments);
}

/* `attempt` counts from 0. */
static bool may_repeat(const struct channel_type *type, int attempt)
{
    return type->idempotent_from && attempt + 1 >= type->idempotent_from;
}

/* False: p->result says why it is not sent now. */
static bool set_token(struct parcel *p, struct send_request *request)
{
    struct oauth_client client;
    struct token_ask ask = {p->courier->d->desk, p->courier->db, p->courier->transfer, p->account, &client};
    if (!request->by_token || !oauth_client_of(p->account, p->a, &client) ||
        token_get(&ask, p->a, &request->token, &p->result.error) == TOKEN_GOOD)
        return true;
    p->result.outcome = SEND_AGAIN;
    p->result.channel_broken = true;
    return false;
}

/* One that is refused is not asked for once more as it is. */
static void drop_token(struct parcel *p, const struct send_request *request)
{
    struct token_ask ask = {.db = p->courier->db, .account = p->account};
    if (request->by_token && p->result.channel_broken)
        token_drop(&ask);
}

static void send_parcel(struct parcel *p)
{
    const struct channel_type *type = p->account->type;
    struct outbound out;
    struct error err = {0};
    if (!fill_outbound(p, &out)) {
        if (db_failure(p->courier->db) == DB_FINE && !p->result.error)
            give_parcel_up(p, said(p->a, attached_gone));
        return;
    }
    out.attempt = (int)p->row.attempts;
    for (int i = 0; i <= REBUILD_MAX; i++) {
        struct send_request request = {0};
        struct send_reply reply;
        if (!type->build(p->account, &out, p->a, &request, &err)) {
            give_parcel_up(p, error_said(p->a, &err));
            return;
        }
        p->result = (struct send_result){.retry_after_ms = -1};
        if (!set_token(p, &request))
            return;
        transfer_run(p->courier->transfer, p->a, &request, may_repeat(type, out.attempt), &reply);
        type->read_reply(p->account, &reply, p->a, &p->result);
        drop_token(p, &request);
        if (type->files_sent && type->files_sent(p->account)) {
            p->copy = request.body;
            p->copy_n = request.body_len;
        }
        if (reply.transport_said)
            p->result.error = reply.transport_said;
        p->result.retry_after_ms = retry_after_within_reason(p->result.retry_after_ms);
        if (!p->result.external_id)
            p->result.external_id = request.external_id;
        if (p->result.outcome != SEND_REBUILD)
            return;
        out.attempt++;
    }
    give_parcel_up(p, said(p->a, no_form_accepted));
}

static int state_after(const struct parcel *p, int64_t now)
{
    switch (p->result.outcome) {
    case SEND_DONE:
        return DELIVERY_SENT;
    case SEND_UNCERTAIN:
        return DELIVERY_UNCERTAIN;
    case SEND_AGAIN:
        return retry_is_over(p->row.attempts, now - p->row.created_at) ? DELIVERY_FAILED : DELIVERY_QUEUED;
    case SEND_NEVER:
    case SEND_REBUILD:
        break;
    }
    return DELIVERY_FAILED;
}

/* Receipts may have come before the provider's answer to the sending itself. */
static void apply_early(struct parcel *p, struct db *db, struct settle *s)
{
    if (!s->external_id)
        return;
    struct list receipts = receipt_take(db, p->a, p->row.channel, s->external_id);
    for (size_t i = 0; i < receipts.n; i++) {
        const struct early_receipt *r = (struct early_receipt *)receipts.items + i;
        if (delivery_moves(s->delivery, r->delivery)) {
            s->delivery = r->delivery;
            s->error = r->error;
        }
    }
}

/* What leaves by one sender says nothing of another that was refused. */
static const char *problem_after(const struct parcel *p)
{
    if (p->result.channel_broken)
        return p->result.error;
    return p->result.outcome == SEND_DONE && !channel_trial_failed(p->problem) ? NULL : p->problem;
}

/* A channel's problem is told when it comes and when it is over. It may have stood where a refusal of a sender did before. */
static void settle_problem(struct parcel *p, struct db *db, int64_t now)
{
    const char *problem = problem_after(p);
    p->problem_changed = strcmp(problem ? problem : "", p->problem ? p->problem : "") != 0;
    if (!p->problem_changed)
        return;
    channel_set_problem(db, p->row.channel, problem, now);
    if (!problem && p->account && channel_senders(p->a, p->account).n > 1)
        due_set(db, &(struct due){DUE_SENDERS, p->row.channel, now}, 1);
}

/* A receipt says that it has arrived: so it has left, whatever was answered to the sending itself. */
static bool has_arrived(struct parcel *p, struct db *db)
{
    struct list identities = {0};
    identity_lock_keys(db, p->a, &p->row.identity, 1, &identities); /* whoever brings a receipt has it locked */
    const struct entry *e = entry_get(db, p->a, &p->row.entry);
    return e && (e->delivery == DELIVERY_DELIVERED || e->delivery == DELIVERY_READ);
}

static bool settle(struct db *db, void *arg)
{
    struct parcel *p = arg;
    int64_t now = clock_now();
    struct outbox_row *row = outbox_lock(db, p->a, &p->row.entry);
    if (!row || row->state != DELIVERY_QUEUED) {
        /* An agent was faster, the lease ran out, it was erased, or the connection was lost in this very commit: then nobody was
         * told. */
        due_drop(db, &(struct due){DUE_MESSAGE, p->row.key, 0}, 1);
        p->settled = entry_get(db, p->a, &p->row.entry);
        p->conversation = p->settled && p->settled->conversation_key
                              ? conversation_by_key(db, p->a, p->settled->conversation_key)
                              : NULL;
        return true;
    }
    if (p->result.outcome != SEND_DONE && has_arrived(p, db)) {
        p->result.outcome = SEND_DONE;
        p->result.error = NULL;
    }
    int state = state_after(p, now);
    outbox_set(db, row->key, state, row->attempts + 1, now + retry_wait(row->attempts, p->result.retry_after_ms),
               p->result.error);
    struct settle s = {.entry = p->row.entry,
                       .cause = cause_because(cause_by(CAUSE_SYSTEM, 0), CAUSE_DELIVERY, 0),
                       .delivery = state,
                       .error = p->result.error,
                       .external_id = p->result.outcome == SEND_DONE ? p->result.external_id : NULL};
    apply_early(p, db, &s);
    bool again = state == DELIVERY_QUEUED;
    if (!again || row->attempts == 0) /* a further failed try changes nothing that an agent sees */
        p->settled = entry_settle(db, p->a, &s);
    p->conversation = s.conversation;
    if (p->copy && state == DELIVERY_SENT)
        mailbox_sent_add(db, p->row.channel, &p->row.entry, p->copy, p->copy_n, now);
    settle_problem(p, db, now);
    return true;
}

static _Atomic uint64_t *const COUNTS[] = {[SEND_DONE] = &deliver_metrics.sent,
                                           [SEND_AGAIN] = &deliver_metrics.retried,
                                           [SEND_UNCERTAIN] = &deliver_metrics.uncertain,
                                           [SEND_NEVER] = &deliver_metrics.failed,
                                           [SEND_REBUILD] = &deliver_metrics.failed};

static void report(struct parcel *p)
{
    char id[UUID_TEXT_SIZE];
    uuid_format(&p->row.entry, id);
    if (p->result.outcome != SEND_DONE)
        log_warning("not sent entry=%s channel=%" PRId64 " attempt=%" PRId64 " outcome=%d err=%s", id, p->row.channel,
                    p->row.attempts + 1, (int)p->result.outcome,
                    log_quoted(p->result.error ? said_english(p->a, p->result.error) : ""));
    (*COUNTS[p->result.outcome])++;
    struct changes changes = {0};
    if (p->settled)
        entry_settled(p->courier->db, p->a, p->settled, p->conversation, &changes);
    if (p->problem_changed)
        changes_add(&changes, (struct change){.kind = CHANGE_CHANNELS});
    if (changes.n)
        p->courier->d->publish(p->courier->d->context, &changes);
    changes_clear(&changes);
}

/* Whoever had it before may have sent it. */
static bool was_left_behind(const struct parcel *p)
{
    return p->row.held && !may_repeat(p->account->type, (int)p->row.attempts);
}

/* What was sent must be written down: the database may be away for a moment. If it stays away, the lease runs out, and
 * whoever takes the row next knows that it may have been sent. */
static void write_down(struct parcel *p)
{
    struct courier *c = p->courier;
    for (int i = 0; i < SETTLE_TRIES; i++) {
        if (db_transact(c->db, settle, p, NULL)) {
            report(p);
            return;
        }
        if (db_failure(c->db) == DB_DUPLICATE && p->result.external_id) {
            p->result.external_id = NULL; /* the provider has given it twice: what left cannot be found by it */
            continue;
        }
        if (!crew_pause(c->member, AWAY_MS))
            break;
    }
    char id[UUID_TEXT_SIZE];
    uuid_format(&p->row.entry, id);
    c->taker.hold = DUE_MAY_HAVE_DONE;
    log_warning("outcome not written entry=%s outcome=%d", id, (int)p->result.outcome);
}

/* Somebody else has taken one of the same channel at the same moment. */
static void give_parcel_back(struct parcel *p)
{
    struct due_taker *taker = &p->courier->taker;
    const struct due_taken row = {p->row.key, p->row.held ? -taker->self : taker->self, p->row.held};
    if (!due_settle(p->courier->db, DUE_MESSAGE, &row, clock_now() + TURN_WAIT_MS))
        taker->hold = DUE_MAY_HOLD;
}

static void deliver_parcel(struct parcel *p)
{
    struct courier *c = p->courier;
    p->result =
        (struct send_result){.outcome = SEND_AGAIN, .retry_after_ms = -1, .error = said(p->a, database_was_away)};
    bool loaded = load(p), leaves = loaded && !was_left_behind(p), alone = leaves && p->account->type->one_at_a_time;
    if (alone && !gate_enter(c->d->gate, p->row.channel)) {
        give_parcel_back(p);
        return;
    }
    if (leaves)
        send_parcel(p);
    else if (loaded)
        p->result =
            (struct send_result){.outcome = SEND_UNCERTAIN, .retry_after_ms = -1, .error = said(p->a, server_stopped)};
    if (alone)
        gate_leave(c->d->gate, p->row.channel);
    int64_t pause = p->result.channel_broken          ? BROKEN_WAIT_MS
                    : p->result.outcome == SEND_AGAIN ? p->result.retry_after_ms
                                                      : 0;
    if (pause > 0)
        pause_channel(&c->paused, p->row.channel, p->version, clock_monotonic() + pause);
    write_down(p);
}

/* ---- the threads ---- */

/* True: there may be more. *ret_away: the database is. */
static bool deliver_next(struct courier *c, bool *ret_away)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct parcel p = {.courier = c, .a = a};
    *ret_away = !take_parcel(&p);
    if (*ret_away || !p.row.key)
        return false;
    deliver_parcel(&p);
    return !crew_stops(c->member->crew);
}

static void run_courier(struct crew_member *m, void *arg)
{
    struct deliver *d = arg;
    struct courier c = {
        .d = d,
        .member = m,
        .db = m->db,
        .taker = {DUE_MESSAGE, d->instance, d->instance + m->number, d->couriers, LEASE_MS, DUE_MAY_HAVE_DONE},
        .transfer = transfer_new(&d->desk->outgoing)};
    struct profiles profiles = {.desk = d->desk,
                                .db = m->db,
                                .transfer = c.transfer,
                                .taker = {DUE_PROFILE, d->instance, d->instance, 1, LEASE_MS, DUE_MAY_HOLD},
                                .publish = d->publish,
                                .context = d->context};
    struct sender_trials trials = {.desk = d->desk,
                                   .db = m->db,
                                   .transfer = c.transfer,
                                   .taker = {DUE_SENDERS, d->instance, d->instance, 1, LEASE_MS, DUE_MAY_HOLD},
                                   .publish = d->publish,
                                   .context = d->context};
    bool away = false;
    do {
        while (deliver_next(&c, &away) || (m->number == 0 && !away && !crew_stops(m->crew) &&
                                           (profile_ask_next(&profiles) || senders_try_next(&trials))))
            ;
    } while (crew_rest(m, away ? AWAY_MS : CREW_UNTIL_WOKEN));
    transfer_free(c.transfer);
}

struct deliver *deliver_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                              unsigned couriers, changes_publish *publish, void *context)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct deliver *d = mem_alloc(sizeof(*d));
    *d = (struct deliver){
        .desk = desk, .publish = publish, .context = context, .instance = instance, .couriers = couriers};
    d->gate = gate_new();
    d->crew = crew_start("courier", couriers, config, run_courier, d);
    return d;
}

void deliver_wake(struct deliver *d)
{
    if (d)
        crew_wake(d->crew);
}

void deliver_stop(struct deliver *d)
{
    if (!d)
        return;
    crew_stop(d->crew);
    gate_free(d->gate);
    free(d);
    curl_global_cleanup();
}
