#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define EARLIEST_BELIEVABLE 631152000000LL /* 1990-01-01 */
#define YEAR_10000 253402300800000LL

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * SECOND_MS + ts.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_cond_init(pthread_cond_t *ret)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(ret, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct timespec clock_in(int64_t ms)
{
    int64_t at = clock_monotonic() + ms;
    return (struct timespec){.tv_sec = (time_t)(at / SECOND_MS), .tv_nsec = (long)(at % SECOND_MS) * 1000000};
}

void time_format(int64_t unix_ms, char out[TIME_TEXT_SIZE])
{
    if (unix_ms < 0)
        unix_ms = 0;
    if (unix_ms >= YEAR_10000)
        unix_ms = YEAR_10000 - 1;
    time_t seconds = (time_t)(unix_ms / SECOND_MS);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    int parts[] = {tm.tm_year + 1900,         tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                   (int)(unix_ms % SECOND_MS)};
    static const char FORM[] = "0000-11-22T33:44:55.666Z"; /* a digit: which part stands there */
    for (size_t i = sizeof(FORM); i-- > 0;) {
        bool digit = FORM[i] >= '0' && FORM[i] <= '6';
        int *part = &parts[digit ? FORM[i] - '0' : 0];
        out[i] = digit ? (char)('0' + *part % 10) : FORM[i];
        *part = digit ? *part / 10 : *part;
    }
}

static bool parse_fraction(const char **p, int64_t *ret_ms)
{
    *ret_ms = 0;
    if (**p != '.')
        return true;
    int digits = 0;
    int64_t scale = 100;
    for ((*p)++; **p >= '0' && **p <= '9'; (*p)++, digits++) {
        *ret_ms += (**p - '0') * scale;
        scale /= 10;
    }
    return digits > 0 && digits <= 9;
}

static bool parse_offset(const char *p, int64_t *ret_ms)
{
    int hours, minutes, n = 0;
    if ((*p == 'Z' || *p == 'z') && p[1] == '\0') {
        *ret_ms = 0;
        return true;
    }
    if ((*p != '+' && *p != '-') || sscanf(p + 1, "%2d:%2d%n", &hours, &minutes, &n) != 2 || n != 5 || p[6] != '\0')
        return false;
    *ret_ms = (hours * HOUR_MS + minutes * MINUTE_MS) * (*p == '-' ? -1 : 1);
    return hours < 24 && minutes < 60;
}

bool time_parse(const char *text, int64_t *ret)
{
    struct tm tm = {0};
    const char *p = strptime(text, "%Y-%m-%d", &tm);
    if (!p || (*p != 'T' && *p != 't' && *p != ' ') || tm.tm_year < 0 || tm.tm_year > 8099)
        return false;
    p = strptime(p + 1, "%H:%M:%S", &tm);
    int64_t fraction, offset;
    if (!p || !parse_fraction(&p, &fraction) || !parse_offset(p, &offset))
        return false;
    *ret = (int64_t)timegm(&tm) * SECOND_MS + fraction - offset;
    return true;
}

static int64_t begun_offset; /* of the wall clock from the monotonic one; 0: not begun */

void clock_begin(void)
{
    begun_offset = clock_now() - clock_monotonic();
}

int64_t time_believable(int64_t unix_ms, int64_t now)
{
    int64_t unstepped = begun_offset ? begun_offset + clock_monotonic() : now;
    int64_t latest = (unstepped > now ? unstepped : now) + DAY_MS;
    return unix_ms < EARLIEST_BELIEVABLE || unix_ms > latest ? now : unix_ms;
}
