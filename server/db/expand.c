#include "db/expand.h"

#include "base/log.h"

bool db_is_read(const struct field *f)
{
    return f->column || f->sql;
}

static void add_read(struct buf *out, const struct shape *record)
{
    const char *comma = "";
    for (const struct field *f = record->fields; f->name; f++) {
        if (!db_is_read(f))
            continue;
        if (f->sql)
            buf_printf(out, "%s%s", comma, f->sql);
        else
            buf_printf(out, "%s%s.%s", comma, record->alias, f->column);
        comma = ", ";
    }
}

static void add_into(struct buf *out, const struct shape *record)
{
    size_t n = 0;
    for (const struct field *f = record->fields; f->name; f++)
        if (f->column)
            buf_printf(out, "%s%s", n++ ? ", " : "(", f->column);
    for (size_t i = 0; i < n; i++)
        buf_puts(out, i ? ", ?" : ") VALUES (?");
    buf_putc(out, ')');
}

static void add_saved(struct buf *out, const struct shape *record)
{
    const char *comma = "";
    for (const struct field *f = NULL; (f = field_used(record, f, USE_SAVED)) != NULL; comma = ", ")
        buf_printf(out, "%s%s = VALUES(%s)", comma, f->column, f->column);
}

static void add_marks(struct buf *out, const struct shape *record, unsigned use, const char *between)
{
    const char *comma = "";
    for (const struct field *f = NULL; (f = field_used(record, f, use)) != NULL; comma = between)
        buf_printf(out, "%s%s = ?", comma, f->column);
}

static void add_set(struct buf *out, const struct shape *record)
{
    add_marks(out, record, USE_SAVED, ", ");
}

static void add_keys(struct buf *out, const struct shape *record)
{
    add_marks(out, record, USE_KEY, " AND ");
}

static void add_erased(struct buf *out, const struct shape *record)
{
    const char *comma = "";
    for (const struct field *f = NULL; (f = field_used(record, f, USE_PERSONAL)) != NULL; comma = ", ")
        buf_printf(out, "%s%s = DEFAULT", comma, f->column);
}

static const struct {
    const char *name;
    void (*add)(struct buf *out, const struct shape *record);
} PARTS[] = {
    {"}", add_read},    {".into}", add_into}, {".saved}", add_saved},
    {".set}", add_set}, {".keys}", add_keys}, {".erased}", add_erased},
};

/* What stands at `sql`, a brace: how long it is; 0: no record's, but a brace of JSON. */
static size_t add_mark(struct buf *out, const char *sql, const struct db_record *records)
{
    for (const struct db_record *r = records; r && r->name; r++) {
        size_t n = strlen(r->name);
        for (size_t i = 0; strncmp(sql + 1, r->name, n) == 0 && i < COUNT_OF(PARTS); i++) {
            size_t part = strlen(PARTS[i].name);
            if (strncmp(sql + 1 + n, PARTS[i].name, part) != 0)
                continue;
            PARTS[i].add(out, r->shape);
            return 1 + n + part;
        }
    }
    size_t word = strspn(sql + 1, "abcdefghijklmnopqrstuvwxyz_.");
    if (word && sql[1 + word] == '}') {
        log_error("there is no record %.*s", (int)word + 2, sql);
        abort(); /* a mistake in our own code */
    }
    return 0;
}

void db_expand(const char *sql, const struct db_record *records, struct buf *out)
{
    while (*sql) {
        size_t n = strcspn(sql, "{");
        buf_add(out, sql, n);
        sql += n;
        n = *sql ? add_mark(out, sql, records) : 0;
        if (*sql && !n)
            buf_putc(out, *sql);
        sql += n ? n : *sql != '\0';
    }
}
