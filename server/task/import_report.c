#include "task/import_report.h"

#include "desk/ground/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN_MAX 200
#define HEADER "line,field,problem,said\r\n"

static const char *path_of(const struct task_run *run)
{
    char id[UUID_TEXT_SIZE];
    uuid_format(&run->task->id, id);
    return arena_printf(run->a, "%s/tmp/report-%s", run->desk->blob_dir, id);
}

static bool fail_report(struct error *err)
{
    return error_set(err, NULL, disk_fault, strerror(errno));
}

int report_open(const struct task_run *run, int64_t size, struct error *err)
{
    int fd = open(path_of(run), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat st;
    /* What a killed process had written behind its last step is cut off. */
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size >= size && ftruncate(fd, size) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    fail_report(err);
    return -1;
}

static void put_quoted(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; text && *text; text++)
        buf_printf(out, *text == '"' ? "\"\"" : "%c", *text);
    buf_putc(out, '"');
}

bool report_add(struct import *im, struct import_progress *p, const struct refusal *r, size_t n)
{
    AUTO_BUF struct buf out = {0};
    if (n == 0)
        return true;
    if (p->report_size == 0)
        buf_puts(&out, HEADER);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&out, "%" PRId64 ",", r[i].line);
        put_quoted(&out, r[i].field);
        buf_putc(&out, ',');
        put_quoted(&out, said_english(im->a, r[i].said));
        buf_putc(&out, ',');
        put_quoted(&out, r[i].said);
        buf_puts(&out, "\r\n");
    }
    for (size_t done = 0; done < out.len;) {
        ssize_t got = pwrite(im->report, out.data + done, out.len - done, (off_t)p->report_size + (off_t)done);
        if (got <= 0 && errno != EINTR)
            return fail_report(&im->run->err);
        done += got > 0 ? (size_t)got : 0;
    }
    p->report_size += (int64_t)out.len;
    return fdatasync(im->report) == 0 || fail_report(&im->run->err);
}

static void put_row(struct buf *out, const struct row *row)
{
    json_open(out, NULL, '{');
    json_put_raw(out, "line", row->values[0]);
    json_put_text(out, "field", row->values[1]);
    json_open(out, "said", '[');
    json_put_raw(out, NULL, row->values[3] ? row->values[3] : "");
    json_close(out, ']');
    json_close(out, '}');
}

bool report_finish(struct task_run *run, int64_t size, char ret_hex[65], struct buf *out)
{
    ret_hex[0] = '\0';
    buf_puts(out, "[");
    FILE *file = size ? fopen(path_of(run), "re") : NULL;
    struct rows *rows = file ? rows_open(file, ROWS_CSV, &run->err) : NULL;
    struct row row;
    for (size_t i = 0; rows && i < SHOWN_MAX && rows_next(rows, run->step, &row, &run->err); i++)
        put_row(out, &row);
    rows_close(rows);
    buf_putc(out, ']');
    return size == 0 || blob_adopt(run->desk->blob_dir, path_of(run), ret_hex, NULL, &run->err);
}

void report_remove(const struct task_run *run)
{
    unlink(path_of(run));
}
