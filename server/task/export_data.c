#include "task/export_data.h"
#include "base/clock.h"
#include "base/rows.h"
#include "desk/ground/blob.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/file_scan.h"
#include "store/identity.h"
#include "store/journal.h"
#include "store/operation.h"

#include <stdio.h>

#define ORDERS_PAGE 500

static SHAPE(CONSENT, identity, "Consent", "Whether we may write to it.",
    ENUM_REQ(identity, kind, "kind", IDENTITY_KIND_NAMES, ""),
    TEXT_REQ(identity, value, "value", 254, ""),
    ENUM_REQ(identity, consent, "consent", CONSENT_NAMES, ""),
    TIME(identity, consent_at, "consent_at", ""));
static SHAPE(LINK, link_past, "Link", "Whose it was, and when.",
    ENUM_REQ(link_past, kind, "kind", IDENTITY_KIND_NAMES, ""),
    TEXT_REQ(link_past, value, "value", 254, ""),
    UUID_REQ(link_past, customer_id, "customer_id", ""),
    TIME_REQ(link_past, from_at, "from_at", ""),
    TIME(link_past, until_at, "until_at", ""),
    TEXT(link_past, rule, "rule", 40, ""),
    SAID(link_past, evidence, "evidence", ""),
    TEXT(link_past, made_by, "made_by", 200, ""));
static SHAPE(MERGE, operation, "Merge", "What an agent has put together.",
    UUID_REQ(operation, id, "id", ""),
    UUID(operation, from_id, "from_id", ""),
    UUID(operation, into_id, "into_id", ""),
    TEXT(operation, reason, "reason", 500, ""),
    UUID(operation, made_by, "made_by", ""),
    TIME(operation, made_at, "made_at", ""),
    TIME(operation, undone_at, "undone_at", ""));
static SHAPE(FILE_OF_ENTRY, export_file, "File", "A file of an entry.",
    TEXT(export_file, name, "name", 255, ""),
    TEXT(export_file, type, "type", 127, ""),
    INT(export_file, size, "size", 0, 0, ""),
    TEXT(export_file, sha256, "sha256", 64, ""),
    TEXT(export_file, path, "path", 500, ""),
    TEXT(export_file, kept_back, "kept_back", 20, ""));

/* ---- files of their own ---- */

static void write_text(struct export *x, const char *text)
{
    archive_file_write(x->zip, text, strlen(text));
}

/* `uses` USE_EXPORTED: of a stored record what the person gets; 0: all. */
static void write_shape(struct export *x, const struct shape *shape, const void *from, unsigned uses)
{
    AUTO_BUF struct buf out = {0};
    field_encode_used(shape, from, uses, &out);
    archive_file_write(x->zip, out.data, out.len);
}

static void write_list(struct export *x, const char *name, const struct shape *shape, const struct list *items)
{
    archive_file_begin(x->zip, name, clock_now());
    write_text(x, "[");
    for (size_t i = 0; i < items->n; i++) {
        write_text(x, i ? ",\n" : "\n");
        write_shape(x, shape, (const char *)items->items + i * shape->size, 0);
    }
    write_text(x, "\n]\n");
}

static void write_orders(struct export *x)
{
    bool first = true;
    archive_file_begin(x->zip, "orders.json", clock_now());
    write_text(x, "[");
    for (size_t i = 0; i < x->n_identities; i++) {
        struct list page;
        int64_t after = 0;
        do {
            AUTO_ARENA struct arena *a = arena_new();
            page = erase_orders_page(x->run->db, a, x->identities[i], after, ORDERS_PAGE);
            for (size_t k = 0; k < page.n; k++) {
                const struct erased_order *o = (struct erased_order *)page.items + k;
                write_text(x, first ? "\n" : ",\n");
                write_text(x, o->facts);
                first = false;
                after = o->key;
            }
        } while (page.n == ORDERS_PAGE);
    }
    write_text(x, "\n]\n");
}

void export_person(struct export *x)
{
    struct task_run *run = x->run;
    archive_file_begin(x->zip, "person.json", clock_now());
    write_shape(x, &CUSTOMER_SHAPE, x->customer, USE_EXPORTED);
    write_text(x, "\n");
    write_list(x, "consents.json", &CONSENT, &x->customer->identities);
    struct list links = link_history(run->db, run->step, x->identities, x->n_identities);
    write_list(x, "links.json", &LINK, &links);
    struct list merges = operation_of(run->db, run->step, &x->customer->key, 1);
    write_list(x, "merges.json", &MERGE, &merges);
    write_orders(x);
}

/* ---- attachments ---- */

const char *export_file_path(struct arena *a, const struct entry *e, size_t i, const char *name)
{
    char at[TIME_TEXT_SIZE], id[UUID_TEXT_SIZE];
    time_format(e->occurred_at, at);
    uuid_format(&e->id, id);
    return arena_printf(a, "attachments/%.10s %s-%zu %s", at, id + 24, i + 1, archive_file_name(a, name));
}

/* As the scanner says now: the entry may not have been told yet. */
static struct list scans_of(struct export *x, const struct attachment *files, size_t n)
{
    const char *contents[EXPORT_FILES_MAX];
    size_t n_contents = 0;
    for (size_t i = 0; i < n; i++)
        if (files[i].sha256)
            contents[n_contents++] = files[i].sha256;
    return n_contents ? file_scan_of(x->run->db, x->run->step, contents, n_contents) : (struct list){0};
}

/* One that was never looked at keeps nothing back. */
static int why_kept_back(const struct export *x, const struct list *scans, const char *sha256)
{
    const struct file_scan *scan = sha256 ? file_scan_in(scans, sha256) : NULL;
    bool back = scan && (scan->state == FILE_INFECTED || (scan->state == FILE_WAITING && x->run->desk->scanner));
    return back ? (int)scan->state : FILE_CLEAN;
}

struct list export_files(struct export *x, const struct entry *e)
{
    struct arena *a = x->run->step;
    struct list all = {0}, files = entry_files(a, e);
    const struct attachment *from = files.items;
    size_t n = files.n < EXPORT_FILES_MAX ? files.n : EXPORT_FILES_MAX;
    struct list scans = scans_of(x, from, n);
    for (size_t i = 0; i < n; i++) {
        int scan = why_kept_back(x, &scans, from[i].sha256);
        bool here = from[i].sha256 && scan == FILE_CLEAN;
        *(struct export_file *)list_grow(a, &all, sizeof(struct export_file)) =
            (struct export_file){from[i].name,
                                 from[i].type,
                                 from[i].sha256,
                                 here ? export_file_path(a, e, i, from[i].name) : NULL,
                                 scan == FILE_CLEAN ? NULL : FILE_SCAN_NAMES[scan],
                                 from[i].size,
                                 scan};
    }
    return all;
}

static bool has_mail(const struct entry *e)
{
    return e->medium == MEDIUM_EMAIL && e->direction == DIRECTION_IN && !uuid_is_none(&e->journal_id);
}

bool export_leaves_mail_out(const struct entry *e, const struct list *files)
{
    const struct export_file *all = files->items;
    bool any = false;
    for (size_t i = 0; i < files->n; i++)
        any = any || all[i].scan != FILE_CLEAN;
    return any && has_mail(e);
}

/* ---- timeline.json ---- */

static void begin_json(struct export *x)
{
    archive_file_begin(x->zip, "timeline.json", clock_now());
    write_text(x, "[");
}

static void json_entry(struct export *x, const struct entry *e)
{
    AUTO_BUF struct buf out = {0};
    struct list files = export_files(x, e);
    field_encode_used(&ENTRY_SHAPE, e, USE_EXPORTED, &out);
    out.len--; /* the files come before the end of the object */
    json_open(&out, "files", '[');
    for (size_t i = 0; i < files.n; i++) {
        json_key(&out, NULL);
        field_encode(&FILE_OF_ENTRY, (struct export_file *)files.items + i, &out);
    }
    buf_puts(&out, "]}");
    write_text(x, x->first ? "\n" : ",\n");
    archive_file_write(x->zip, out.data, out.len);
}

static void end_json(struct export *x)
{
    write_text(x, "\n]\n");
}

const struct export_phase EXPORT_JSON = {begin_json, json_entry, end_json, true};

/* ---- attachments/, mails/ ---- */

static void copy_file(struct export *x, const char *sha256, const char *path, int64_t time)
{
    char data[65536];
    const char *dir = x->run->desk->blob_dir;
    FILE *file = path && blob_exists(dir, sha256, NULL) ? fopen(blob_path(x->run->step, dir, sha256), "re") : NULL;
    if (!file)
        return;
    archive_file_begin(x->zip, path, time);
    for (size_t n; (n = fread(data, 1, sizeof(data), file)) > 0;)
        archive_file_write(x->zip, data, n);
    fclose(file);
}

/* A provider that hands mail over as JSON has the mail in it. */
static void write_mail(struct export *x, const char *path, int64_t time, const char *body, size_t n)
{
    struct json_object *json = n && body[0] == '{' ? json_parse(body, n, NULL) : NULL;
    struct json_object *raw = json_at(json, "RawEmail");
    if (json_object_is_type(raw, json_type_string)) {
        body = json_object_get_string(raw);
        n = (size_t)json_object_get_string_len(raw);
    }
    if (!json || raw) {
        archive_file_begin(x->zip, path, time);
        archive_file_write(x->zip, body, n);
    }
    json_object_put(json);
}

static void original_mail(struct export *x, const struct entry *e)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct journal_full *j = journal_get(x->run->db, a, &e->journal_id);
    char at[TIME_TEXT_SIZE], id[UUID_TEXT_SIZE];
    if (!j)
        return;
    time_format(e->occurred_at, at);
    uuid_format(&e->id, id);
    const char *path = arena_printf(a, "mails/%.10s %s.eml", at, id + 24);
    if (j->sha256 && !j->body)
        j->body = blob_read(a, x->run->desk->blob_dir, j->sha256, &j->body_len);
    if (j->body && j->body_len)
        write_mail(x, path, e->occurred_at, j->body, j->body_len);
}

static void write_files(struct export *x, const struct entry *e)
{
    struct list files = export_files(x, e);
    for (size_t i = 0; i < files.n; i++) {
        const struct export_file *file = (struct export_file *)files.items + i;
        copy_file(x, file->sha256, file->path, e->occurred_at);
    }
    if (has_mail(e) && !export_leaves_mail_out(e, &files))
        original_mail(x, e);
}

static void nothing(struct export *x)
{
    (void)x;
}

const struct export_phase EXPORT_FILES = {nothing, write_files, nothing, false};
