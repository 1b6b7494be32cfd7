#include "task/import.h"

#include "base/clock.h"
#include "desk/ground/blob.h"
#include "store/attribute.h"
#include "task/import_orders.h"
#include "task/import_people.h"
#include "task/import_report.h"

#include <stdio.h>
#include <unistd.h>

const char *const IMPORT_WHAT_NAMES[] = {"people", "orders", NULL};

#define P(m, name_, ...)                                                        \
    {                                                                           \
        .name = name_, .offset = offsetof(struct import_params, m), __VA_ARGS__ \
    }
#define NUMBER(m)                                                                                                \
    {                                                                                                            \
        .name = #m, .kind = FIELD_INT, .offset = offsetof(struct import_progress, m), .min = 0, .max = INT64_MAX \
    }

const struct shape IMPORT_PARAMS_SHAPE = {
    .name = "ImportParams",
    .size = sizeof(struct import_params),
    .fields = (const struct field[]){P(sha256, "sha256", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 64),
                                     P(what, "what", .kind = FIELD_ENUM, .names = IMPORT_WHAT_NAMES),
                                     P(format, "format", .kind = FIELD_ENUM, .names = ROW_FORMAT_NAMES),
                                     P(channel_id, "channel_id", .kind = FIELD_UUID),
                                     P(dry_run, "dry_run", .kind = FIELD_BOOL),
                                     {0}},
};

static const struct shape PROGRESS_SHAPE = {
    .name = "ImportProgress",
    .size = sizeof(struct import_progress),
    .fields = (const struct field[]){NUMBER(offset),
                                     NUMBER(line),
                                     NUMBER(rows),
                                     NUMBER(created),
                                     NUMBER(changed),
                                     NUMBER(unchanged),
                                     NUMBER(refused),
                                     NUMBER(report_size),
                                     NUMBER(single_until),
                                     {0}},
};

/* ---- the file ---- */

static const struct column *table_of(const struct import_params *p)
{
    return p->what == IMPORT_ORDERS ? ORDER_COLUMNS : PEOPLE_COLUMNS;
}

/* A file of which no row could be taken is refused at once. */
static bool check_names(const struct import_params *p, struct rows *rows, struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct row row = {0};
    row.names = rows_header(rows, &row.n);
    if (p->format == ROWS_JSONL && (!rows_next(rows, a, &row, err) || row.problem))
        row.n = 0;
    return err->code == ERR_NONE && columns_check(table_of(p), row.names, row.n, err);
}

static struct rows *open_rows(const struct desk *desk, const struct import_params *p, long long *ret_size,
                              struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *dir = desk->blob_dir;
    FILE *file = blob_exists(dir, p->sha256, ret_size) ? fopen(blob_path(a, dir, p->sha256), "re") : NULL;
    if (!file) {
        error_set(err, "sha256", file_gone);
        return NULL;
    }
    struct rows *rows = rows_open(file, (enum row_format)p->format, err);
    if (rows && check_names(p, rows, err))
        return rows;
    rows_close(rows);
    return NULL;
}

bool import_check(const struct desk *desk, const struct import_params *p, struct error *err)
{
    long long size;
    struct rows *rows = open_rows(desk, p, &size, err);
    rows_close(rows);
    return rows != NULL;
}

static bool open_account(struct import *im)
{
    const struct uuid *id = &im->params->channel_id;
    im->account = uuid_is_none(id) ? NULL : accounts_find(im->run->accounts, id);
    if (!uuid_is_none(id) && !im->account)
        return error_set(&im->run->err, "channel_id", no_channel);
    return im->account || im->params->what != IMPORT_ORDERS || error_set(&im->run->err, "channel_id", orders_need_shop);
}

static bool begin_import(struct task_run *run)
{
    struct import *im = arena_alloc(run->a, sizeof(*im));
    struct import_progress *p = run->progress;
    *im = (struct import){.run = run, .params = run->params, .report = -1};
    run->own = im;
    long long size;
    if (!open_account(im) || !(im->rows = open_rows(run->desk, im->params, &size, &run->err)))
        return false;
    run->total = size;
    im->attributes = attribute_list(run->db, run->a);
    if (run->fresh) {
        struct row_place first = rows_first(im->rows);
        *p = (struct import_progress){.offset = first.offset, .line = first.line};
    }
    im->report = report_open(run, p->report_size, &run->err);
    return im->report >= 0;
}

static void close_import(struct task_run *run)
{
    struct import *im = run->own;
    if (!im)
        return;
    rows_close(im->rows);
    if (im->report >= 0)
        close(im->report);
}

/* ---- a step ---- */

struct step {
    struct import *im;
    struct import_progress after; /* when the step is committed */
    struct import_item *items;
    struct refusal *refusals;
    size_t n, n_refused;
    bool end;
};

static bool take_row(struct step *s, const struct row *row)
{
    struct import *im = s->im;
    struct import_item *item = &s->items[s->n];
    struct refusal *r = &s->refusals[s->n_refused];
    struct error err = {0};
    *item = (struct import_item){.line = row->at.line};
    *r = (struct refusal){.line = row->at.line, .said = row->problem};
    bool fine = !row->problem;
    if (fine && im->params->format == ROWS_JSONL && !columns_check(table_of(im->params), row->names, row->n, &err))
        fine = refusal_set(r, NULL, error_said(im->a, &err));
    if (fine)
        fine = (im->params->what == IMPORT_ORDERS ? import_order_row : import_person_row)(im, row, item, r);
    s->n += fine;
    s->n_refused += !fine;
    return fine;
}

static bool read_import_rows(struct step *s)
{
    struct import *im = s->im;
    struct row row;
    int64_t limit = s->after.offset < s->after.single_until ? 1 : IMPORT_ROWS_PER_STEP;
    rows_seek(im->rows, (struct row_place){s->after.offset, s->after.line});
    for (int64_t i = 0; i < limit; i++) {
        if (!rows_next(im->rows, im->a, &row, &im->run->err)) {
            s->end = im->run->err.code == ERR_NONE;
            return s->end;
        }
        take_row(s, &row);
        s->after.rows++;
        s->after.offset = row.next.offset;
        s->after.line = row.next.line;
    }
    return true;
}

static void count_items(struct step *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct import_item *item = &s->items[i];
        bool news = item->intake.created > 0;
        s->after.created += news && !item->known;
        s->after.changed += (news && item->known) || (!news && item->intake.changed);
        s->after.unchanged += !news && !item->intake.changed;
    }
    s->after.refused += (int64_t)s->n_refused;
}

/* The last statements of the transaction: the counters go with the rows. A dry run's rows end here. */
static bool also(struct db *db, void *arg)
{
    struct step *s = arg;
    struct import_progress before = s->after;
    if (s->im->params->what == IMPORT_PEOPLE)
        import_people_profiles(s->im, s->items, s->n, clock_now());
    if (s->im->params->dry_run || db_failure(db) != DB_FINE)
        return false;
    count_items(s);
    memcpy(s->im->run->next, &s->after, sizeof(s->after));
    s->after = before; /* it may run again */
    return task_keep(s->im->run);
}

static bool save_counters(struct task_run *run)
{
    *(struct import_progress *)run->next = ((struct step *)run->own_step)->after;
    return true;
}

/* Nothing but counters: a dry run's, or a step without a good row. */
static bool save_only(struct step *s)
{
    count_items(s);
    s->im->run->own_step = s;
    return task_commit(s->im->run, save_counters);
}

static void make_intake(struct import *im, struct import_item *item)
{
    item->intake = (struct intake){.channel = im->account ? im->account->id : 0,
                                   .channel_id = im->account ? im->account->uuid : (struct uuid){{0}},
                                   .readers = im->account ? im->account->readers : ROLE_NONE,
                                   .medium = im->account ? (int)channel_medium(im->account) : MEDIUM_OTHER,
                                   .list = {.items = &item->in, .n = 1},
                                   .received_at = im->run->task->started_at,
                                   .cause = task_cause(im->run->task),
                                   .history = true};
}

/* True: committed. */
static bool write_items(struct step *s)
{
    struct import *im = s->im;
    struct task_run *run = im->run;
    struct intake **intakes = arena_alloc(im->a, (s->n + 1) * sizeof(struct intake *));
    for (size_t i = 0; i < s->n; i++) {
        make_intake(im, &s->items[i]);
        intakes[i] = &s->items[i].intake;
    }
    if (im->params->what == IMPORT_ORDERS)
        import_orders_look(im, s->items, s->n);
    run->err = (struct error){0};
    if (ingest_with(run->desk, run->db, im->a, intakes, s->n, also, s, run->changes, &run->err)) {
        memcpy(run->progress, run->next, sizeof(struct import_progress));
        return true;
    }
    if (run->lost || run->unwanted)
        return false;
    if (im->params->dry_run && run->err.code == ERR_NONE)
        return save_only(s);
    return false;
}

/* Rows that cannot be written together are taken one by one, and the one that cannot be written alone is refused. */
static bool isolate(struct step *s)
{
    struct import *im = s->im;
    struct import_progress *before = im->run->progress;
    if (s->n == 1) {
        s->refusals[s->n_refused++] = (struct refusal){.line = s->items[0].line, .said = said(im->a, import_refused)};
        s->n = 0;
        return report_add(im, &s->after, &s->refusals[s->n_refused - 1], 1) && save_only(s);
    }
    int64_t until = s->after.offset;
    s->after = *before;
    s->after.single_until = until;
    s->n = s->n_refused = 0;
    return save_only(s);
}

static bool step_import(struct task_run *run)
{
    struct import *im = run->own;
    im->a = run->step;
    struct step s = {.im = im, .after = *(struct import_progress *)run->progress};
    s.items = arena_alloc(im->a, IMPORT_ROWS_PER_STEP * sizeof(*s.items));
    s.refusals = arena_alloc(im->a, (IMPORT_ROWS_PER_STEP + 1) * sizeof(*s.refusals));
    if (!read_import_rows(&s))
        return false;
    int64_t done = run->done;
    run->done = s.end ? run->total : s.after.offset;
    if (!report_add(im, &s.after, s.refusals, s.n_refused))
        return false;
    bool fine = s.n ? write_items(&s) : save_only(&s);
    enum db_failure why = db_failure(run->db);
    if (!fine && s.n && (why == DB_BROKEN || why == DB_DUPLICATE)) {
        run->done = done;
        run->err = (struct error){0};
        return isolate(&s);
    }
    run->over = fine && s.end;
    return fine;
}

/* ---- the end ---- */

static bool end_import(struct task_run *run, struct buf *result)
{
    const struct import_progress *p = run->progress;
    AUTO_BUF struct buf list = {0};
    char hex[BLOB_HEX_SIZE];
    if (!report_finish(run, p->report_size, hex, &list))
        return false;
    json_open(result, NULL, '{');
    json_put_int(result, "rows", p->rows);
    json_put_int(result, "created", p->created);
    json_put_int(result, "changed", p->changed);
    json_put_int(result, "unchanged", p->unchanged);
    json_put_int(result, "refused", p->refused);
    json_put_raw(result, "report", list.data);
    json_put_text(result, "report_sha256", hex[0] ? hex : NULL);
    json_close(result, '}');
    report_remove(run);
    return true;
}

const struct task_type IMPORT_TASK = {
    .params = &IMPORT_PARAMS_SHAPE,
    .progress = &PROGRESS_SHAPE,
    .begin = begin_import,
    .step = step_import,
    .end = end_import,
    .close = close_import,
};
