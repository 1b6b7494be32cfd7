#include "task/rows.h"

#include "base/text.h"
#include "channel/charset.h"

#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <strings.h>

#define SAMPLE_BYTES (64 * 1024) /* what the charset is guessed from */
#define NAME_MAX_BYTES 200
#define STRICT_END (CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) /* libcsv heeds the second with the first alone */

const char *const ROW_FORMAT_NAMES[] = {"csv", "jsonl", NULL};

#define READ_AGAIN_MAX \
    (64LL * 1024 * 1024) /* of a file of stray quotation marks; then each must be closed on its line */

struct rows {
    FILE *file;
    enum row_format format;
    struct arena *arena; /* of the header */
    const char *charset; /* label for charset_text; NULL: UTF-16 */
    bool big_endian;     /* UTF-16 */
    iconv_t from_utf16;
    unsigned char delimiter;
    struct list header; /* const char * */
    struct row_place at, first;
    struct buf line;    /* of raw bytes */
    int64_t read_again; /* bytes of rows that were given up */
};

/* ---- lines ---- */

/* One character of two bytes in UTF-16, else one byte. EOF: the end. */
static int next_unit(struct rows *r, struct buf *keep)
{
    int c = getc_unlocked(r->file);
    if (c == EOF)
        return EOF;
    r->at.offset++;
    int first = c;
    if (keep)
        buf_putc(keep, (char)c);
    if (r->charset)
        return c;
    c = getc_unlocked(r->file);
    if (c == EOF)
        return EOF;
    r->at.offset++;
    if (keep)
        buf_putc(keep, (char)c);
    return r->big_endian ? first << 8 | c : c << 8 | first;
}

static void take_line_feed(struct rows *r, struct buf *keep)
{
    struct row_place before = r->at;
    if (next_unit(r, keep) == '\n')
        return;
    if (keep)
        keep->data[keep->len -= (size_t)(r->at.offset - before.offset)] = '\0';
    rows_seek(r, before);
}

enum line_got { LINE_READ, LINE_END, LINE_HUGE };

/* A line with its end, whatever quotation marks are open. `keep` NULL: only goes past it. */
static enum line_got read_line(struct rows *r, struct buf *keep)
{
    int64_t from = r->at.offset;
    int c;
    while ((c = next_unit(r, keep)) != EOF && c != '\n' && c != '\r')
        if (keep && keep->len > ROW_BYTES_MAX)
            return LINE_HUGE;
    if (c == '\r')
        take_line_feed(r, keep);
    if (r->at.offset == from)
        return LINE_END;
    r->at.line++;
    return LINE_READ;
}

static void utf16_to_utf8(struct rows *r, struct buf *b)
{
    struct buf out = {0};
    buf_reserve(&out, b->len * 2 + 16);
    char *from = b->data, *to = out.data;
    size_t left = b->len, room = b->len * 2 + 15;
    iconv(r->from_utf16, NULL, NULL, NULL, NULL);
    while (left >= 2 && iconv(r->from_utf16, &from, &left, &to, &room) == (size_t)-1 && room > 3 && left >= 2) {
        from += 2; /* half of a pair */
        left -= 2;
        *to++ = '?';
        room--;
    }
    out.len = (size_t)(to - out.data);
    out.data[out.len] = '\0';
    buf_free(b);
    *b = out;
}

/* ---- CSV ---- */

struct parsing {
    struct rows *r;
    struct arena *a;
    struct list fields; /* const char * */
    bool over, many;
};

static void on_field(void *data, size_t n, void *arg)
{
    struct parsing *p = arg;
    const char *text = NULL;
    if (p->fields.n >= ROW_FIELDS_MAX) {
        p->many = true;
        return;
    }
    if (data && n)
        text = text_trim(p->a,
                         p->r->charset ? charset_text(p->a, data, n, p->r->charset, 0) : utf8_clean(p->a, data, n, 0));
    *(const char **)list_grow(p->a, &p->fields, sizeof(char *)) = text && text[0] ? text : NULL;
}

static void on_row(int c, void *arg)
{
    (void)c;
    ((struct parsing *)arg)->over = true;
}

static int is_blank_row(unsigned char c)
{
    return c == ' ';
}

static bool line_is_blank(const struct buf *b)
{
    return strspn(b->len ? b->data : "", " \t\r\n") == b->len;
}

/* A row with a fault: reading goes on at the line after the one that it begins on, so that a quotation mark that is
 * missing costs one row. */
static void give_up(struct rows *r, struct row *row, const char *problem)
{
    row->problem = problem;
    r->read_again += r->at.offset - row->at.offset;
    rows_seek(r, row->at);
    read_line(r, NULL);
    row->next = r->at;
}

/* Lines until the row is whole. False: the end of the file. */
static bool parse_row(struct rows *r, struct csv_parser *csv, struct parsing *p, struct row *row)
{
    size_t bytes = 0;
    while (!p->over) {
        struct row_place from = r->at;
        buf_clear(&r->line);
        enum line_got got = read_line(r, &r->line);
        bytes += r->line.len;
        if (got == LINE_HUGE || bytes > ROW_BYTES_MAX) {
            row->at = bytes == r->line.len ? from : row->at;
            give_up(r, row, said(p->a, line_long, ROW_BYTES_MAX));
            return true;
        }
        if (got == LINE_END) {
            if (bytes == 0)
                return false;
            csv_set_opts(csv, STRICT_END);
            if (csv_fini(csv, on_field, on_row, p) != 0)
                give_up(r, row, said(p->a, quote_open));
            return true;
        }
        if (!r->charset)
            utf16_to_utf8(r, &r->line);
        if (bytes == r->line.len || row->at.line == 0) { /* nothing of the row has been seen yet */
            row->at = from;
            if (line_is_blank(&r->line)) {
                bytes = 0;
                row->at.line = 0;
                continue;
            }
        }
        csv_parse(csv, r->line.data, r->line.len, on_field, on_row, p);
        if (!p->over && r->read_again > READ_AGAIN_MAX) {
            give_up(r, row, said(p->a, quote_open));
            return true;
        }
    }
    return true;
}

static bool next_csv(struct rows *r, struct arena *a, struct row *row)
{
    struct csv_parser csv;
    struct parsing p = {.r = r, .a = a};
    csv_init(&csv, CSV_APPEND_NULL);
    csv_set_delim(&csv, r->delimiter);
    csv_set_space_func(&csv, is_blank_row);
    *row = (struct row){.at = {r->at.offset, 0}};
    bool found = parse_row(r, &csv, &p, row);
    csv_free(&csv);
    if (!found)
        return false;
    row->next = r->at;
    row->n = p.fields.n;
    row->values = p.fields.items;
    if (p.many && !row->problem)
        row->problem = said(a, line_many, ROW_FIELDS_MAX);
    return true;
}

static bool fit_header(struct rows *r, struct arena *a, struct row *row)
{
    row->names = r->header.items;
    if (row->problem)
        row->n = 0;
    else if (row->n != r->header.n)
        row->problem = said(a, line_fields, row->n, r->header.n);
    return true;
}

/* ---- JSON lines ---- */

struct flat {
    struct arena *a;
    struct list names, values;
};

static void flatten(struct flat *f, const char *prefix, struct json_object *object, int depth);

static const char *joined_texts(struct arena *a, struct json_object *list)
{
    const char *all = "";
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        if (!json_object_is_type(item, json_type_string))
            return NULL;
        all = arena_printf(a, "%s%s%s", all, i ? ";" : "", json_object_get_string(item));
    }
    return all;
}

static void add_value(struct flat *f, const char *name, struct json_object *value, int depth)
{
    const char *text = NULL;
    if (json_object_is_type(value, json_type_object) && depth < 2) {
        flatten(f, arena_printf(f->a, "%s.", name), value, depth + 1);
        return;
    }
    if (f->names.n >= ROW_FIELDS_MAX)
        return;
    if (json_object_is_type(value, json_type_array))
        text = joined_texts(f->a, value);
    if (value && !text)
        text = json_object_get_string(value);
    text = text ? text_trim(f->a, utf8_clean(f->a, text, strlen(text), 0)) : NULL;
    *(const char **)list_grow(f->a, &f->names, sizeof(char *)) = name;
    *(const char **)list_grow(f->a, &f->values, sizeof(char *)) = text && text[0] ? text : NULL;
}

static void flatten(struct flat *f, const char *prefix, struct json_object *object, int depth)
{
    json_object_object_foreach(object, key, value) {
        const char *clean = utf8_clean(f->a, key, strlen(key), NAME_MAX_BYTES);
        add_value(f, arena_printf(f->a, "%s%s", prefix, depth ? clean : text_lower_ascii(f->a, clean)), value, depth);
    }
}

static bool next_json(struct rows *r, struct arena *a, struct row *row)
{
    enum line_got got;
    do {
        buf_clear(&r->line);
        *row = (struct row){.at = r->at};
        got = read_line(r, &r->line);
        if (got == LINE_READ && !r->charset)
            utf16_to_utf8(r, &r->line);
    } while (got == LINE_READ && line_is_blank(&r->line));
    if (got == LINE_END)
        return false;
    if (got == LINE_HUGE) {
        give_up(r, row, said(a, line_long, ROW_BYTES_MAX));
        return true;
    }
    row->next = r->at;
    struct error err = {0};
    const char *text = r->line.data;
    size_t n = r->line.len;
    if (r->charset && !utf8_valid(text, n)) {
        text = charset_text(a, text, n, r->charset, 0);
        n = strlen(text);
    }
    struct json_object *object = json_parse(text, n, &err);
    if (!json_object_is_type(object, json_type_object)) {
        row->problem = said(a, line_object, err.text);
    } else {
        struct flat f = {.a = a};
        flatten(&f, "", object, 0);
        row->n = f.names.n;
        row->names = f.names.items;
        row->values = f.values.items;
    }
    json_object_put(object);
    return true;
}

bool rows_next(struct rows *r, struct arena *a, struct row *ret, struct error *err)
{
    bool found = r->format == ROWS_CSV ? next_csv(r, a, ret) && fit_header(r, a, ret) : next_json(r, a, ret);
    if (ferror(r->file))
        return error_set(err, NULL, file_fault, strerror(errno));
    return found;
}

/* ---- the beginning ---- */

static bool looks_utf16(const char *s, size_t n, bool *ret_big_endian)
{
    size_t even = 0, odd = 0;
    for (size_t i = 0; i < n; i++)
        *(i % 2 ? &odd : &even) += s[i] == '\0';
    *ret_big_endian = even > odd;
    return even + odd > n / 10;
}

/* Cut at a character, so that the cut itself makes it no other charset. */
static size_t whole_characters(const char *s, size_t n, bool whole)
{
    for (size_t i = 0; !whole && i < 4 && n > 0; i++)
        if ((s[--n] & 0xc0) != 0x80)
            break;
    return n;
}

/* Names and addresses may hold kanji alone, without the kana by which charset_guess knows Japanese. The lead bytes of the
 * common kanji are punctuation in Western charsets, where they are rare. */
static bool looks_like_kanji(const char *data, size_t n)
{
    const unsigned char *s = (const unsigned char *)data;
    size_t common = 0, leads = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (s[i] < 0x81 || (s[i] >= 0xa0 && s[i] <= 0xdf))
            continue;
        leads++;
        common += s[i] >= 0x88 && s[i] <= 0x9f && s[i + 1] >= 0x40 && s[i + 1] <= 0xfc && s[i + 1] != 0x7f;
        i++;
    }
    return common * 3 >= leads && common > 0;
}

static const char *eight_bit_charset(const char *s, size_t n)
{
    const char *guess = charset_guess(s, n);
    bool japanese = strcasecmp(guess, "euc-jp") == 0 || strncasecmp(guess, "iso-2022", 8) == 0;
    return !japanese && looks_like_kanji(s, n) ? "cp932" : guess;
}

static void find_charset(struct rows *r)
{
    AUTO_FREE char *s = mem_alloc(SAMPLE_BYTES + 1);
    size_t n = fread(s, 1, SAMPLE_BYTES, r->file);
    bool whole = n < SAMPLE_BYTES;
    r->charset = "utf-8";
    if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
        r->at.offset = 3;
    } else if (n >= 2 && (memcmp(s, "\xff\xfe", 2) == 0 || memcmp(s, "\xfe\xff", 2) == 0)) {
        r->charset = NULL;
        r->big_endian = s[0] == '\xfe';
        r->at.offset = 2;
    } else if (looks_utf16(s, n, &r->big_endian)) {
        r->charset = NULL;
    } else if (!utf8_valid(s, whole_characters(s, n, whole))) {
        r->charset = eight_bit_charset(s, n);
    }
    if (!r->charset)
        r->from_utf16 = iconv_open("UTF-8", r->big_endian ? "UTF-16BE" : "UTF-16LE");
    rows_seek(r, r->at);
}

/* Of the three the one that the first line has most of, outside of quotation marks. */
static unsigned char find_delimiter(struct rows *r)
{
    static const char ALL[] = ",;\t";
    size_t counts[3] = {0};
    bool quoted = false;
    buf_clear(&r->line);
    if (read_line(r, &r->line) == LINE_READ && !r->charset)
        utf16_to_utf8(r, &r->line);
    for (size_t i = 0; i < r->line.len; i++) {
        const char *at = strchr(ALL, r->line.data[i]);
        quoted ^= r->line.data[i] == '"';
        if (at && *at && !quoted)
            counts[at - ALL]++;
    }
    size_t best = 0;
    for (size_t i = 1; i < 3; i++)
        best = counts[i] > counts[best] ? i : best;
    return (unsigned char)ALL[best];
}

static bool read_column_names(struct rows *r, struct error *err)
{
    struct row row;
    struct row_place from = r->at;
    r->delimiter = find_delimiter(r);
    rows_seek(r, from);
    if (!next_csv(r, r->arena, &row) || row.problem)
        return error_set(err, "sha256", no_header);
    for (size_t i = 0; i < row.n; i++) {
        const char *name = row.values[i] ? row.values[i] : "";
        const char *dot = strchr(name, '.'); /* what is behind a dot is somebody's own name */
        size_t own = dot ? (size_t)(dot - name) : strlen(name);
        const char *lower = text_lower_ascii(r->arena, arena_strndup(r->arena, name, own));
        *(const char **)list_grow(r->arena, &r->header, sizeof(char *)) =
            arena_printf(r->arena, "%s%s", lower, name + own);
    }
    return true;
}

struct rows *rows_open(FILE *file, enum row_format format, struct error *err)
{
    struct rows *r = mem_alloc(sizeof(*r));
    r->file = file;
    r->format = format;
    r->arena = arena_new();
    r->at.line = 1;
    r->from_utf16 = (iconv_t)-1;
    find_charset(r);
    if (format == ROWS_CSV && !read_column_names(r, err)) {
        rows_close(r);
        return NULL;
    }
    r->first = r->at;
    return r;
}

void rows_close(struct rows *r)
{
    if (!r)
        return;
    if (r->from_utf16 != (iconv_t)-1)
        iconv_close(r->from_utf16);
    buf_free(&r->line);
    arena_free(r->arena);
    fclose(r->file);
    free(r);
}

const char *const *rows_header(const struct rows *r, size_t *ret_n)
{
    *ret_n = r->header.n;
    return r->header.items;
}

struct row_place rows_first(const struct rows *r)
{
    return r->first;
}

void rows_seek(struct rows *r, struct row_place at)
{
    fseeko(r->file, at.offset, SEEK_SET);
    r->at = at;
}
