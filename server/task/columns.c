#include "task/columns.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/customer.h"

#include <ctype.h>
#include <inttypes.h>

/* The columns by which a line names somebody: those of the kinds of identity. */
#define IMPORTED(name_, form_, example_) {name_, form_, example_},
#define NOT_IMPORTED
#define KIND_COLUMN(number, WORD, name_, column_, ...) column_

#define PROFILE_COLUMN(member, row_, max_, uses_, example_, help_) {#member, COLUMN_ONE, example_},

const struct column PEOPLE_COLUMNS[] = {
    CUSTOMER_PROFILE(PROFILE_COLUMN) IDENTITY_KINDS(KIND_COLUMN){"tags", COLUMN_ONE, "vip;wholesale"},
    {"consent_email", COLUMN_ONE, "granted"},
    {"consent_phone", COLUMN_ONE, "unknown"},
    {"attributes", COLUMN_OWN, "M"},
    {"points", COLUMN_ONE, "1200"},
    {"tier", COLUMN_ONE, "Gold"},
    {0},
};

const struct column ORDER_COLUMNS[] = {
    {"order_id", COLUMN_ONE, "5001"},
    {"number", COLUMN_ONE, "#1042"},
    IDENTITY_KINDS(KIND_COLUMN){"name", COLUMN_ONE, "Hanako Sato"},
    {"placed_at", COLUMN_ONE, "2026-11-02T14:30:00+09:00"},
    {"updated_at", COLUMN_ONE, "2026-11-04T09:00:00+09:00"},
    {"state", COLUMN_ONE, "shipped"},
    {"place", COLUMN_ONE, "web"},
    {"store", COLUMN_ONE, ""},
    {"currency", COLUMN_ONE, "JPY"},
    {"total", COLUMN_ONE, "5400"},
    {"items", COLUMN_ONE, ""},
    {"sku", COLUMN_ITEM, "TEA-01"},
    {"name", COLUMN_ITEM, "Sencha 100 g"},
    {"quantity", COLUMN_ITEM, "2"},
    {"price", COLUMN_ITEM, "2700"},
    {"tracking_carrier", COLUMN_ONE, "Yamato"},
    {"tracking_number", COLUMN_ONE, "4011-2233-4455"},
    {"tracking_url", COLUMN_ONE, ""},
    {"note", COLUMN_ONE, ""},
    {0},
};

/* ---- names ---- */

static bool match_item(const struct column *c, const char *name, int *ret_number)
{
    char *end;
    if (strncmp(name, "item_", 5) != 0 || !isdigit((unsigned char)name[5]))
        return false;
    long number = strtol(name + 5, &end, 10);
    *ret_number = (int)number;
    return number >= 1 && number <= COLUMN_ITEMS_MAX && *end == '_' && strcmp(end + 1, c->name) == 0;
}

static bool match(const struct column *c, const char *name, int *ret_number, const char **ret_own)
{
    size_t n = strlen(c->name);
    *ret_number = 1;
    *ret_own = NULL;
    switch (c->form) {
    case COLUMN_ITEM:
        return match_item(c, name, ret_number);
    case COLUMN_OWN:
        *ret_own = name + n + 1;
        return strncmp(name, c->name, n) == 0 && name[n] == '.' && name[n + 1];
    case COLUMN_NUMBERED:
        if (strncmp(name, c->name, n) == 0 && name[n] == '_' && name[n + 1] >= '2' && name[n + 1] <= '9' &&
            !name[n + 2]) {
            *ret_number = name[n + 1] - '0';
            return true;
        }
        break;
    case COLUMN_ONE:
        break;
    }
    return strcmp(name, c->name) == 0;
}

const struct column *column_find(const struct column *table, const char *name, int *ret_number, const char **ret_own)
{
    for (const struct column *c = table; c->name; c++)
        if (match(c, name, ret_number, ret_own))
            return c;
    return NULL;
}

#define NEAREST_MAX 40

/* Levenshtein's distance. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NEAREST_MAX + 1], n = strlen(b);
    if (n > NEAREST_MAX)
        return n;
    for (size_t k = 0; k <= n; k++)
        row[k] = k;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < n; k++) {
            size_t change = diagonal + (a[i] != b[k]);
            diagonal = row[k + 1];
            row[k + 1] = diagonal + 1 < change ? diagonal + 1 : change;
            row[k + 1] = row[k] + 1 < row[k + 1] ? row[k] + 1 : row[k + 1];
        }
    }
    return row[n];
}

static const char *name_of(struct arena *a, const struct column *c)
{
    return c->form == COLUMN_ITEM  ? arena_printf(a, "item_1_%s", c->name)
           : c->form == COLUMN_OWN ? arena_printf(a, "%s.", c->name)
                                   : c->name;
}

const char *column_nearest(const struct column *table, const char *name)
{
    AUTO_ARENA struct arena *a = arena_new();
    const struct column *best = NULL;
    size_t nearest = strlen(name) / 2 + 2;
    for (const struct column *c = table; c->name; c++) {
        size_t d = distance(name, name_of(a, c));
        if (strstr(name, c->name) && c->form != COLUMN_ITEM && d > 2)
            d = 2; /* "customer email", "e-mail address" */
        if (d < nearest) {
            nearest = d;
            best = c;
        }
    }
    return best ? best->name : NULL;
}

bool columns_check(const struct column *table, const char *const *names, size_t n, struct error *err)
{
    int number;
    const char *own;
    for (size_t i = 0; i < n; i++) {
        const struct column *c = column_find(table, names[i], &number, &own);
        const char *near = c ? NULL : column_nearest(table, names[i]);
        if (!c && !names[i][0])
            return error_set(err, "sha256", column_unnamed, i + 1);
        if (!c && near)
            return error_set(err, "sha256", column_near, names[i], near);
        if (!c)
            return error_set(err, "sha256", column_unknown, names[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return error_set(err, "sha256", column_twice, names[i]);
    }
    return true;
}

/* ---- the template ---- */

static const char *template_name(struct arena *a, const struct column *c)
{
    return c->form == COLUMN_OWN ? arena_printf(a, "%s.size", c->name) : name_of(a, c);
}

static void csv_value(struct buf *out, const char *text)
{
    if (!strpbrk(text, ",;\"\t\r\n")) {
        buf_puts(out, text);
        return;
    }
    buf_putc(out, '"');
    for (; *text; text++)
        buf_printf(out, *text == '"' ? "\"\"" : "%c", *text);
    buf_putc(out, '"');
}

void columns_template(const struct column *table, enum row_format format, struct buf *out)
{
    AUTO_ARENA struct arena *a = arena_new();
    if (format == ROWS_JSONL) {
        buf_putc(out, '{');
        for (const struct column *c = table; c->name; c++) {
            const char *name = template_name(a, c);
            buf_puts(out, c == table ? "" : ",");
            buf_json_string(out, name, strlen(name));
            buf_putc(out, ':');
            buf_json_string(out, c->example, strlen(c->example));
        }
        buf_puts(out, "}\n");
        return;
    }
    for (const struct column *c = table; c->name; c++)
        buf_printf(out, "%s%s", c == table ? "" : ",", template_name(a, c));
    buf_puts(out, "\r\n");
    for (const struct column *c = table; c->name; c++) {
        buf_puts(out, c == table ? "" : ",");
        csv_value(out, c->example);
    }
    buf_puts(out, "\r\n");
}

/* ---- values ---- */

const char *row_value(const struct row *row, const char *column)
{
    for (size_t i = 0; i < row->n; i++)
        if (strcmp(row->names[i], column) == 0)
            return row->values[i];
    return NULL;
}

void row_numbered(const struct row *row, const char *column, const char *ret_values[COLUMN_NUMBER_MAX])
{
    struct column numbered = {.name = column, .form = COLUMN_NUMBERED};
    const char *own;
    int number;
    for (size_t i = 0; i < COLUMN_NUMBER_MAX; i++)
        ret_values[i] = NULL;
    for (size_t i = 0; i < row->n; i++)
        if (row->names[i][0] == column[0] && match(&numbered, row->names[i], &number, &own))
            ret_values[number - 1] = row->values[i];
}

static bool in(int64_t value, int64_t min, int64_t max)
{
    return value >= min && value <= max;
}

bool column_time(struct arena *a, const char *text, const struct zone *zone, int64_t *ret)
{
    if (time_parse(text, ret))
        return true;
    int y, mo, d, h = 0, mi = 0, s = 0, end = 0, date_end = 0;
    char slash[2][2];
    if (sscanf(text, "%4d%1[-/.]%2d%1[-/.]%2d%n", &y, slash[0], &mo, slash[1], &d, &date_end) < 5 || !date_end)
        return false;
    end = date_end;
    if (text[end]) {
        int more = 0;
        if ((text[end] != ' ' && text[end] != 'T') || sscanf(text + end + 1, "%2d:%2d%n", &h, &mi, &more) < 2 || !more)
            return false;
        end += 1 + more;
        if (text[end] == ':' && (sscanf(text + end + 1, "%2d%n", &s, &more) < 1 || !more))
            return false;
        end += text[end] == ':' ? 1 + more : 0;
    }
    if (text[end] || !in(y, 1900, 9999) || !in(mo, 1, 12) || !in(d, 1, 31) || !in(h, 0, 23) || !in(mi, 0, 59) ||
        !in(s, 0, 59))
        return false;
    const char *zulu = arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", y, mo, d, h, mi, s);
    char back[TIME_TEXT_SIZE];
    int64_t at;
    if (!time_parse(zulu, &at))
        return false;
    time_format(at, back);
    if (strncmp(back, zulu, 10) != 0) /* there is no 30th of February */
        return false;
    *ret = zone_moment(zone, at);
    return true;
}
