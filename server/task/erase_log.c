#include "task/erase_log.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void append_line(const struct desk *desk, const char *kind, const struct uuid *id, const char *more)
{
    AUTO_BUF struct buf line = {0};
    char at[TIME_TEXT_SIZE], text[UUID_TEXT_SIZE];
    if (!desk->erasure_log || !desk->erasure_log[0])
        return;
    time_format(clock_now(), at);
    uuid_format(id, text);
    buf_printf(&line, "%s %s %s %s\n", at, kind, text, more);
    int fd = open(desk->erasure_log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    bool fine = fd >= 0 && write(fd, line.data, line.len) == (ssize_t)line.len && fsync(fd) == 0;
    if (!fine)
        log_error("erasure not noted file=%s %s=%s err=%s", log_quoted(desk->erasure_log), kind, text,
                  log_quoted(strerror(errno)));
    if (fd >= 0)
        close(fd);
}

void erase_log_person(const struct desk *desk, const struct uuid *customer, const char *identities)
{
    append_line(desk, "customer", customer, identities);
}

void erase_log_entry(const struct desk *desk, const struct uuid *entry)
{
    append_line(desk, "entry", entry, "[]");
}
