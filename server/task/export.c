#include "task/export.h"

#include "task/export_data.h"
#include "task/export_page.h"

#include "base/clock.h"
#include "desk/ground/blob.h"
#include "store/customer.h"
#include "store/entry.h"

#include <unistd.h>

#define PAGE 50
#define IDENTITIES_MAX 500

#define FIELD(T, m, ...)                                         \
    {                                                            \
        .name = #m, .offset = offsetof(struct T, m), __VA_ARGS__ \
    }

struct export_progress {
    const char *sha256; /* of the finished archive, before it is put where files are: an erasure finds it by this */
};

const struct shape EXPORT_PARAMS_SHAPE = {
    .name = "ExportParams",
    .size = sizeof(struct export_params),
    .fields =
        (const struct field[]){FIELD(export_params, customer_id, .kind = FIELD_UUID, .flags = FIELD_REQUIRED), {0}},
};

static const struct shape PROGRESS_SHAPE = {
    .name = "ExportProgress",
    .size = sizeof(struct export_progress),
    .fields = (const struct field[]){FIELD(export_progress, sha256, .kind = FIELD_TEXT, .max = 64), {0}},
};

static const struct export_phase *const PHASES[] = {&EXPORT_JSON, &EXPORT_PAGE, &EXPORT_FILES};

static bool load_person(struct export *x)
{
    struct task_run *run = x->run;
    const struct export_params *p = run->params;
    x->customer = customer_get(run->db, run->a, &p->customer_id);
    if (!db_fine(run->db, &run->err))
        return false;
    if (!x->customer || x->customer->erased_at)
        return error_set(&run->err, "customer_id", person_gone);
    x->identities = arena_alloc(run->a, IDENTITIES_MAX * sizeof(int64_t));
    for (size_t i = 0; i < x->customer->identities.n && i < IDENTITIES_MAX; i++)
        x->identities[x->n_identities++] = ((struct identity *)x->customer->identities.items)[i].key;
    run->total = entry_count(run->db, run->step, x->identities, x->n_identities);
    return true;
}

static void begin_phase(struct export *x)
{
    x->before_at = ENTRY_AT_MAX;
    x->before_id = (struct uuid){{0}};
    x->first = true;
    x->day[0] = '\0';
    (*x->phase).begin(x);
}

/* An archive under work cannot be taken up again, so a new process begins anew; nothing but the finished one is kept. */
static bool begin_export(struct task_run *run)
{
    struct export *x = arena_alloc(run->a, sizeof(*x));
    const struct export_progress *p = run->progress;
    char id[UUID_TEXT_SIZE];
    *x = (struct export){.run = run};
    run->own = x;
    run->done = 0;
    uuid_format(&run->task->id, id);
    x->path = arena_printf(run->a, "%s/tmp/export-%s.zip", run->desk->blob_dir, id);
    if (!load_person(x))
        return false;
    if (p->sha256 && blob_exists(run->desk->blob_dir, p->sha256, NULL))
        return true;
    x->zip = archive_file_new(x->path, &run->err);
    return x->zip != NULL;
}

static void close_export(struct task_run *run)
{
    struct export *x = run->own;
    if (!x)
        return;
    archive_file_free(x->zip);
    unlink(x->path);
}

/* What was filed with somebody else is theirs: that there was something stays. */
static struct entry as_theirs(const struct entry *e)
{
    struct entry copy = *e;
    if (e->moved_to) {
        copy.author_name = copy.subject = copy.text = copy.html = copy.payload = copy.attachments = NULL;
        copy.journal_id = (struct uuid){{0}};
        copy.moved_to = "{}";
    }
    return copy;
}

static void write_page(struct export *x)
{
    struct task_run *run = x->run;
    struct list page =
        entry_page(run->db, run->step, x->identities, x->n_identities, x->before_at, &x->before_id, PAGE);
    for (size_t i = 0; i < page.n; i++) {
        const struct entry *e = (struct entry *)page.items + i;
        struct entry theirs = as_theirs(e);
        x->phase->entry(x, &theirs);
        x->first = false;
        x->before_at = e->occurred_at;
        x->before_id = e->id;
    }
    run->done += x->phase->counts ? (int64_t)page.n : 0;
    if (page.n == PAGE)
        return;
    x->phase->end(x);
    const struct export_phase *next = NULL;
    for (size_t i = 0; i + 1 < COUNT_OF(PHASES); i++)
        if (PHASES[i] == x->phase)
            next = PHASES[i + 1];
    x->phase = next;
    if (x->phase)
        begin_phase(x);
}

static bool keep_hash(struct task_run *run)
{
    ((struct export_progress *)run->next)->sha256 = run->own_step;
    return true;
}

/* The hash is saved before the file is where files are, so that none is there which nobody knows of. */
static bool finish_export(struct export *x)
{
    struct task_run *run = x->run;
    char *hex = arena_alloc(run->a, BLOB_HEX_SIZE);
    bool fine = archive_file_end(x->zip, &run->err) && blob_hash(x->path, hex, NULL, &run->err);
    run->own_step = hex;
    return fine && task_commit(run, keep_hash) && blob_adopt(run->desk->blob_dir, x->path, hex, NULL, &run->err);
}

static bool step_export(struct task_run *run)
{
    struct export *x = run->own;
    if (!x->zip) { /* a process before this one had finished it */
        run->over = true;
        return task_commit(run, NULL);
    }
    if (!x->phase) {
        export_person(x);
        x->phase = PHASES[0];
        begin_phase(x);
    }
    write_page(x);
    if (!db_fine(run->db, &run->err))
        return false;
    run->over = x->phase == NULL;
    return run->over ? finish_export(x) : task_commit(run, NULL);
}

static bool end_export(struct task_run *run, struct buf *result)
{
    const struct export *x = run->own;
    const struct export_progress *p = run->progress;
    long long size = 0;
    if (!p->sha256)
        return true; /* cancelled */
    blob_exists(run->desk->blob_dir, p->sha256, &size);
    char now[TIME_TEXT_SIZE], id[UUID_TEXT_SIZE];
    time_format(clock_now(), now);
    uuid_format(&x->customer->id, id);
    json_open(result, NULL, '{');
    json_put_text(result, "sha256", p->sha256);
    json_put_int(result, "size", size);
    json_put_text(result, "name", arena_printf(run->step, "person-%.8s-%.10s.zip", id + 24, now));
    json_close(result, '}');
    return true;
}

const struct task_type EXPORT_TASK = {
    .params = &EXPORT_PARAMS_SHAPE,
    .progress = &PROGRESS_SHAPE,
    .begin = begin_export,
    .step = step_export,
    .end = end_export,
    .close = close_export,
};
