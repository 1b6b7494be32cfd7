#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_SIZE 2048

static enum log_level max_level = LOG_INFO_LEVEL;

void log_set_level(enum log_level level)
{
    max_level = level;
}

void log_line(enum log_level level, const char *fmt, ...)
{
    static const char *const NAMES[] = {"security", "error", "warning", "info", "debug"};
    if (level > max_level)
        return;
    char line[LINE_MAX_SIZE], at[TIME_TEXT_SIZE];
    time_format(clock_now(), at);
    int n = snprintf(line, sizeof(line), "%s %s ", at, NAMES[level]);
    va_list ap;
    va_start(ap, fmt);
    int m = vsnprintf(line + n, sizeof(line) - (size_t)n - 1, fmt, ap);
    va_end(ap);
    size_t len = (size_t)n + (size_t)m;
    if (len > sizeof(line) - 2)
        len = sizeof(line) - 2;
    for (size_t i = (size_t)n; i < len; i++) /* one event stays one line, whatever a stranger sent */
        if ((unsigned char)line[i] < 0x20)
            line[i] = ' ';
    line[len] = '\n';
    if (write(STDERR_FILENO, line, len + 1) < 0)
        return; /* nowhere to say it */
}
