/* The first byte chooses the format, the rest is the file. Reading ends, goes on from each place as from the beginning,
 * and gives clean text. */
#include "base/money.h"
#include "channel_fuzz.h"
#include "task/columns.h"
#include "task/rows.h"

#define ROWS_MAX 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct error err = {0};
    if (size < 2)
        return 0;
    FILE *file = fmemopen((void *)(uintptr_t)(data + 1), size - 1, "r");
    struct rows *rows = file ? rows_open(file, data[0] % 2 ? ROWS_JSONL : ROWS_CSV, &err) : NULL;
    struct row row;
    struct row_place last = rows ? rows_first(rows) : (struct row_place){0};
    for (int i = 0; rows && i < ROWS_MAX && rows_next(rows, a, &row, &err); i++) {
        if (row.next.offset <= last.offset || row.next.line <= last.line || row.at.offset < last.offset)
            abort(); /* it does not move on */
        last = row.next;
        for (size_t k = 0; k < row.n && !row.problem; k++) {
            int64_t at;
            must_be_text(row.names[k], SIZE_MAX);
            if (!row.values[k])
                continue;
            must_be_text(row.values[k], SIZE_MAX);
            column_time(a, row.values[k], zone_find("America/New_York"), &at);
            amount_read(a, row.values[k], k % 2 ? "EUR" : NULL);
            column_nearest(ORDER_COLUMNS, row.values[k]);
        }
        rows_seek(rows, last);
    }
    rows_close(rows);
    return 0;
}
