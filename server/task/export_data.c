#include "base/clock.h"
#include "desk/blob.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/identity.h"
#include "store/journal.h"
#include "store/operation.h"
#include "task/export.h"

#include <stdio.h>

#define ORDERS_PAGE 500

#define AT(T, m) .offset = offsetof(struct T, m)
#define TEXT(T, m)                               \
    {                                            \
        .name = #m, .kind = FIELD_TEXT, AT(T, m) \
    }
#define TIME(T, m)                               \
    {                                            \
        .name = #m, .kind = FIELD_TIME, AT(T, m) \
    }
#define INT(T, m)                               \
    {                                           \
        .name = #m, .kind = FIELD_INT, AT(T, m) \
    }
#define UUID(T, m)                               \
    {                                            \
        .name = #m, .kind = FIELD_UUID, AT(T, m) \
    }
#define JSON(T, m)                               \
    {                                            \
        .name = #m, .kind = FIELD_JSON, AT(T, m) \
    }
#define ENUM(T, m, names_)                                        \
    {                                                             \
        .name = #m, .kind = FIELD_ENUM, AT(T, m), .names = names_ \
    }
#define LIST(T, m, shape_)                                        \
    {                                                             \
        .name = #m, .kind = FIELD_LIST, AT(T, m), .shape = shape_ \
    }
#define SHAPE(var, T, ...)            \
    static const struct shape var = { \
        .name = #T, .size = sizeof(struct T), .fields = (const struct field[]){__VA_ARGS__, {0}}}

SHAPE(IDENTITY, identity, UUID(identity, id), ENUM(identity, kind, IDENTITY_KIND_NAMES), TEXT(identity, value),
      TEXT(identity, name), ENUM(identity, proof, PROOF_NAMES), TIME(identity, first_at), TIME(identity, last_at),
      INT(identity, points), TEXT(identity, tier));
SHAPE(PERSON, customer, UUID(customer, id), TEXT(customer, name), TEXT(customer, language), TEXT(customer, time_zone),
      TEXT(customer, company), TEXT(customer, about), JSON(customer, tags), JSON(customer, attributes),
      TIME(customer, created_at), TIME(customer, first_at), TIME(customer, last_at), INT(customer, points),
      TEXT(customer, tier), LIST(customer, identities, &IDENTITY));
SHAPE(CONSENT, identity, ENUM(identity, kind, IDENTITY_KIND_NAMES), TEXT(identity, value),
      ENUM(identity, consent, CONSENT_NAMES), TIME(identity, consent_at));
SHAPE(LINK, link_past, ENUM(link_past, kind, IDENTITY_KIND_NAMES), TEXT(link_past, value), UUID(link_past, customer_id),
      TIME(link_past, from_at), TIME(link_past, until_at), TEXT(link_past, rule), TEXT(link_past, evidence),
      TEXT(link_past, made_by));
SHAPE(MERGE, operation, UUID(operation, id), UUID(operation, from_id), UUID(operation, into_id),
      TEXT(operation, reason), UUID(operation, made_by), TIME(operation, made_at), TIME(operation, undone_at));
SHAPE(FILE_OF_ENTRY, export_file, TEXT(export_file, name), TEXT(export_file, type), INT(export_file, size),
      TEXT(export_file, sha256), TEXT(export_file, path));

/* An entry as a person gets it. */
struct export_entry {
    struct entry e;
    struct list files;
};

#define OF_ENTRY(m) .name = #m, .offset = offsetof(struct export_entry, e.m)
SHAPE(ENTRY, export_entry, {OF_ENTRY(id), .kind = FIELD_UUID}, {OF_ENTRY(occurred_at), .kind = FIELD_TIME},
      {OF_ENTRY(received_at), .kind = FIELD_TIME}, {OF_ENTRY(medium), .kind = FIELD_ENUM, .names = MEDIUM_NAMES},
      {OF_ENTRY(kind), .kind = FIELD_ENUM, .names = ENTRY_KIND_NAMES},
      {OF_ENTRY(direction), .kind = FIELD_ENUM, .names = DIRECTION_NAMES},
      {OF_ENTRY(author_kind), .kind = FIELD_ENUM, .names = AUTHOR_KIND_NAMES},
      {OF_ENTRY(author_name), .kind = FIELD_TEXT}, {OF_ENTRY(subject), .kind = FIELD_TEXT},
      {OF_ENTRY(text), .kind = FIELD_TEXT}, {OF_ENTRY(html), .kind = FIELD_TEXT},
      {OF_ENTRY(payload), .kind = FIELD_JSON}, {OF_ENTRY(external_id), .kind = FIELD_TEXT},
      {OF_ENTRY(delivery), .kind = FIELD_ENUM, .names = DELIVERY_NAMES}, {OF_ENTRY(moved_to), .kind = FIELD_JSON},
      {OF_ENTRY(moved_from), .kind = FIELD_JSON}, {OF_ENTRY(erased_at), .kind = FIELD_TIME},
      LIST(export_entry, files, &FILE_OF_ENTRY));

/* ---- files of their own ---- */

static void write_text(struct export *x, const char *text)
{
    archive_file_write(x->zip, text, strlen(text));
}

static void write_shape(struct export *x, const struct shape *shape, const void *from)
{
    AUTO_BUF struct buf out = {0};
    field_encode(shape, from, &out);
    archive_file_write(x->zip, out.data, out.len);
}

static void write_list(struct export *x, const char *name, const struct shape *shape, const struct list *items)
{
    archive_file_begin(x->zip, name, clock_now());
    write_text(x, "[");
    for (size_t i = 0; i < items->n; i++) {
        write_text(x, i ? ",\n" : "\n");
        write_shape(x, shape, (const char *)items->items + i * shape->size);
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
    write_shape(x, &PERSON, x->customer);
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

struct list export_files(struct arena *a, const struct entry *e)
{
    struct list all = {0};
    struct json_object *files = e->attachments ? json_parse(e->attachments, strlen(e->attachments), NULL) : NULL;
    for (size_t i = 0; i < json_length(files) && i < EXPORT_FILES_MAX; i++) {
        struct json_object *from = json_object_array_get_idx(files, i);
        struct export_file *file = list_grow(a, &all, sizeof(*file));
        *file = (struct export_file){.name = json_text(a, from, "name"),
                                     .type = json_text(a, from, "type"),
                                     .sha256 = json_text(a, from, "sha256"),
                                     .size = json_int(from, "size", FIELD_INT_NONE)};
        file->path = export_file_path(a, e, i, file->name);
    }
    json_object_put(files);
    return all;
}

/* ---- timeline.json ---- */

static void begin_json(struct export *x)
{
    archive_file_begin(x->zip, "timeline.json", clock_now());
    write_text(x, "[");
}

static void json_entry(struct export *x, const struct entry *e)
{
    struct export_entry item = {.e = *e, .files = export_files(x->run->step, e)};
    write_text(x, x->first ? "\n" : ",\n");
    write_shape(x, &ENTRY, &item);
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
    FILE *file = sha256 && blob_exists(dir, sha256, NULL) ? fopen(blob_path(x->run->step, dir, sha256), "re") : NULL;
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

static void files_of_entry(struct export *x, const struct entry *e)
{
    struct list files = export_files(x->run->step, e);
    for (size_t i = 0; i < files.n; i++) {
        const struct export_file *file = (struct export_file *)files.items + i;
        copy_file(x, file->sha256, file->path, e->occurred_at);
    }
    if (e->medium == MEDIUM_EMAIL && e->direction == DIRECTION_IN && !uuid_is_none(&e->journal_id))
        original_mail(x, e);
}

static void nothing(struct export *x)
{
    (void)x;
}

const struct export_phase EXPORT_FILES = {nothing, files_of_entry, nothing, false};
