#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_SIZE 16384
#define QUOTED_SIZE 1024
#define QUOTED_AT_ONCE 4

static enum log_level max_level = LOG_INFO_LEVEL;

void log_set_level(enum log_level level)
{
    max_level = level;
}

const char *log_quoted(const char *text)
{
    static _Thread_local char rooms[QUOTED_AT_ONCE][QUOTED_SIZE];
    static _Thread_local unsigned next;
    char *room = rooms[next++ % QUOTED_AT_ONCE], *at = room, *last = room + QUOTED_SIZE - sizeof("\\x\"");
    *at++ = '"';
    for (text = text ? text : ""; *text && at < last; text++) {
        if (*text == '"' || *text == '\\')
            *at++ = '\\';
        *at++ = *text;
    }
    *at++ = '"';
    *at = '\0';
    return room;
}

/* One event stays one line, and says nothing to a terminal, whatever a stranger sent. */
static void add_harmless(struct buf *out, const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        size_t n;
        unsigned c = utf8_disturbing((const char *)s, &n);
        if (c) {
            buf_printf(out, "\\u%04x", c);
            s += n;
            continue;
        }
        buf_putc(out, *s < 0x20 || *s == 0x7f ? ' ' : (char)*s);
        s++;
    }
}

/* Whole, and not within another thread's: a pipe takes only so many bytes at once. */
static void write_line(const char *line, size_t n)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    for (ssize_t wrote; n && (wrote = write(STDERR_FILENO, line, n)) > 0; n -= (size_t)wrote)
        line += wrote; /* else there is nowhere to say it */
    pthread_mutex_unlock(&lock);
}

void log_line(enum log_level level, const char *fmt, ...)
{
    static const char *const NAMES[] = {"security", "error", "warning", "info", "debug"};
    if (level > max_level)
        return;
    char said[LINE_MAX_SIZE], at[TIME_TEXT_SIZE];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(said, sizeof(said), fmt, ap);
    va_end(ap);
    utf8_mend(said);
    time_format(clock_now(), at);
    AUTO_BUF struct buf line = {0};
    buf_printf(&line, "%s %s ", at, NAMES[level]);
    add_harmless(&line, said);
    buf_putc(&line, '\n');
    write_line(line.data, line.len);
}
