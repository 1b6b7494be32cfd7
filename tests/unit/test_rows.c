/* The row reader of imports: formats, charsets, faults, and reading on from any place between two rows. */
#include "base/clock.h"
#include "task/columns.h"
#include "task/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static FILE *file_of(const char *text, size_t n)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, n, file), n);
    rewind(file);
    return file;
}

static struct rows *open_text(const char *text, enum row_format format)
{
    struct error err = {0};
    struct rows *rows = rows_open(file_of(text, strlen(text)), format, &err);
    assert_non_null(rows);
    return rows;
}

/* All rows as "line:a|b|c;", faults as "line!;". */
static const char *read_all(struct arena *a, struct rows *rows)
{
    const char *all = "";
    struct row row;
    struct error err = {0};
    while (rows_next(rows, a, &row, &err)) {
        all = arena_printf(a, "%s%lld%s", all, (long long)row.at.line, row.problem ? "!" : ":");
        for (size_t i = 0; i < row.n && !row.problem; i++)
            all = arena_printf(a, "%s%s%s", all, i ? "|" : "", row.values[i] ? row.values[i] : "-");
        all = arena_printf(a, "%s;", all);
    }
    assert_int_equal(err.code, ERR_NONE);
    return all;
}

static void test_csv(void **state)
{
    static const struct {
        const char *text, *rows;
    } CASES[] = {
        {"a,b\n1,2\n", "2:1|2;"},
        {"a,b\r\n1,2\r\n\r\n3,4", "2:1|2;4:3|4;"},
        {"a;b\n1,5;2\n", "2:1,5|2;"},
        {"a\tb\n 1\t \n", "2:1|-;"},
        {"\xef\xbb\xbf"
         "A,b.Own\n,x\n",
         "2:-|x;"},
        {"a,b\n\"x\ny\",\"say \"\"yes\"\"\"\nz,\n", "2:x\ny|say \"yes\";4:z|-;"},
        {"a,b\r1,2\r3,4\r", "2:1|2;3:3|4;"},
        {"a,b\n1,2,3\n4,5\n", "2!;3:4|5;"},
        {"a,b\n1,\"open\n2,3\n", "2!;3:2|3;"},
        {"\"a,;;;;\",b\n1,2\n", "2:1|2;"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        struct rows *rows = open_text(CASES[i].text, ROWS_CSV);
        assert_string_equal(read_all(a, rows), CASES[i].rows);
        rows_close(rows);
    }
}

static void test_charsets(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *rows;
    } CASES[] = {
#define CASE(bytes, rows) {bytes, sizeof(bytes) - 1, rows}
        CASE("a,b\n\x8d\xb2\x93\xa1,\x95\x5c\n", "2:佐藤|表;"), /* kanji alone; a second byte that is a backslash */
        CASE("a,b\n\x82\xb3\x82\xc6\x82\xa4,1\n", "2:さとう|1;"),
        CASE("a,b\nM\xfcller,Stra\xdf"
             "e\n",
             "2:Müller|Straße;"),
        CASE("\xff\xfe"
             "a\0,\0b\0\n\0\x50\x4f,\0\x31\x00\n\0",
             "2:佐|1;"),
        CASE("\xfe\xff\0a\0,\0b\0\n\x4f\x50\0,\0\x31\0\n", "2:佐|1;"),
        CASE("a\0,\0b\0\r\0\n\0001\0,\0002\0", "2:1|2;"),
#undef CASE
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        struct error err = {0};
        struct rows *rows = rows_open(file_of(CASES[i].bytes, CASES[i].n), ROWS_CSV, &err);
        assert_non_null(rows);
        assert_string_equal(read_all(a, rows), CASES[i].rows);
        rows_close(rows);
    }
}

static void test_json_lines(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct rows *rows = open_text("{\"Name\":\"Mia\",\"n\":12,\"attributes\":{\"Size\":\"M\"},\"tags\":[\"a\",\"b\"],"
                                  "\"items\":[{\"q\":1}],\"none\":null}\n\n[1]\nnonsense\n{}\n",
                                  ROWS_JSONL);
    struct row row;
    struct error err = {0};
    (void)state;
    assert_true(rows_next(rows, a, &row, &err));
    assert_string_equal(row_value(&row, "name"), "Mia");
    assert_string_equal(row_value(&row, "n"), "12");
    assert_string_equal(row_value(&row, "attributes.Size"), "M");
    assert_string_equal(row_value(&row, "tags"), "a;b");
    assert_string_equal(row_value(&row, "items"), "[ { \"q\": 1 } ]");
    assert_null(row_value(&row, "none"));
    assert_string_equal(read_all(a, rows), "3!;4!;5:;");
    rows_close(rows);
}

/* From every place between two rows the rest is the same as from the beginning. */
static void test_reads_on_from_any_place(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct rows *rows = open_text("a,b\n1,\"x\ny\"\n\n2,\"open\n3,4\n5,6,7\n8,9", ROWS_CSV);
    struct row_place places[16];
    struct row row;
    struct error err = {0};
    size_t n = 0;
    (void)state;
    places[n++] = rows_first(rows);
    const char *whole = read_all(a, rows);
    assert_string_equal(whole, "2:1|x\ny;5!;6:3|4;7!;8:8|9;");
    rows_seek(rows, places[0]);
    while (rows_next(rows, a, &row, &err))
        places[n++] = row.next;
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++) {
        rows_seek(rows, places[i]);
        const char *rest = read_all(a, rows);
        assert_true(strlen(rest) <= strlen(whole));
        assert_string_equal(rest, whole + strlen(whole) - strlen(rest));
    }
    rows_close(rows);
}

static void test_too_long_a_row_costs_one_line(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    size_t n = 3 * ROW_BYTES_MAX;
    char *text = mem_alloc(n + 100);
    (void)state;
    memcpy(text, "a,b\n1,", 6);
    memset(text + 6, 'x', n);
    memcpy(text + 6 + n, "\n2,3\n", 5);
    struct error err = {0};
    struct rows *rows = rows_open(file_of(text, 6 + n + 5), ROWS_CSV, &err);
    assert_string_equal(read_all(a, rows), "2!;3:2|3;");
    rows_close(rows);
    free(text);
}

static void test_columns(void **state)
{
    struct error err = {0};
    const char *good[] = {"name", "email", "email_9", "attributes.shoe size", "points"};
    const char *unknown[] = {"email", "e-mail"};
    const char *twice[] = {"email", "email"};
    (void)state;
    assert_true(columns_check(PEOPLE_COLUMNS, good, COUNT_OF(good), &err));
    assert_false(columns_check(PEOPLE_COLUMNS, unknown, COUNT_OF(unknown), &err));
    assert_non_null(strstr(err.text, "\"e-mail\"; the nearest is \"email\""));
    assert_false(columns_check(PEOPLE_COLUMNS, twice, COUNT_OF(twice), &err));
    assert_string_equal(column_nearest(ORDER_COLUMNS, "item_1_quantiti"), "quantity");
    assert_string_equal(column_nearest(ORDER_COLUMNS, "curency"), "currency");
    assert_null(column_nearest(PEOPLE_COLUMNS, "zzzzzz"));
    int number;
    const char *own;
    assert_null(column_find(PEOPLE_COLUMNS, "email_10", &number, &own));
    assert_null(column_find(ORDER_COLUMNS, "item_51_name", &number, &own));
    assert_non_null(column_find(ORDER_COLUMNS, "item_50_name", &number, &own));
    assert_int_equal(number, 50);
}

static void test_times(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    static const char *const TIMES[][2] = {
        {"2026-11-02T14:30:00+09:00", "2026-11-02T05:30:00.000Z"},
        {"2026-11-02", "2026-11-02T00:00:00.000Z"},
        {"2026/1/2 9:05", "2026-01-02T09:05:00.000Z"},
        {"2026-11-02 14:30:15", "2026-11-02T14:30:15.000Z"},
        {"2026-13-02", NULL},
        {"02.11.2026", NULL},
        {"2026-11-02 14:30 or so", NULL},
        {"2026-02-30", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(TIMES); i++) {
        char text[TIME_TEXT_SIZE] = "none";
        int64_t at;
        if (column_time(a, TIMES[i][0], zone_find("UTC"), &at))
            time_format(at, text);
        assert_string_equal(text, TIMES[i][1] ? TIMES[i][1] : "none");
    }
}

/* Every template is a file that the reader takes, with known columns only. */
static void test_templates(void **state)
{
    const struct column *const TABLES[] = {PEOPLE_COLUMNS, ORDER_COLUMNS};
    (void)state;
    for (size_t t = 0; t < COUNT_OF(TABLES); t++)
        for (int format = ROWS_CSV; format <= ROWS_JSONL; format++) {
            AUTO_ARENA struct arena *a = arena_new();
            AUTO_BUF struct buf out = {0};
            struct row row;
            struct error err = {0};
            columns_template(TABLES[t], (enum row_format)format, &out);
            struct rows *rows = open_text(out.data, (enum row_format)format);
            assert_true(rows_next(rows, a, &row, &err));
            assert_null(row.problem);
            assert_true(columns_check(TABLES[t], row.names, row.n, &err));
            rows_close(rows);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_charsets),
        cmocka_unit_test(test_json_lines),
        cmocka_unit_test(test_reads_on_from_any_place),
        cmocka_unit_test(test_too_long_a_row_costs_one_line),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
