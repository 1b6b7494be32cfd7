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

/* Year, month and day of a day since 1970: years counted from March, so that a leap day is the last of its year ("Euclidean
 * affine functions and their application to calendar algorithms", Neri and Schneider, 2022, §1; after Hinnant). gmtime_r
 * takes a lock that all threads share. */
static void civil_of_day(int64_t day, int ret_date[3])
{
    int64_t z = day + 719468, era = z / 146097; /* days of 400 years */
    int in_era = (int)(z % 146097);
    int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int in_year = in_era - (365 * year + year / 4 - year / 100);
    int month = (5 * in_year + 2) / 153; /* 0: March */
    ret_date[0] = (int)(era * 400) + year + (month >= 10);
    ret_date[1] = month < 10 ? month + 3 : month - 9;
    ret_date[2] = in_year - (153 * month + 2) / 5 + 1;
}

void time_format(int64_t unix_ms, char out[TIME_TEXT_SIZE])
{
    if (unix_ms < 0)
        unix_ms = 0;
    if (unix_ms >= YEAR_10000)
        unix_ms = YEAR_10000 - 1;
    int64_t ms = unix_ms % DAY_MS;
    int parts[7];
    civil_of_day(unix_ms / DAY_MS, parts);
    parts[3] = (int)(ms / (60 * 60 * SECOND_MS));
    parts[4] = (int)(ms / (60 * SECOND_MS) % 60);
    parts[5] = (int)(ms / SECOND_MS % 60);
    parts[6] = (int)(ms % SECOND_MS);
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

bool date_parse(const char *text, int64_t *ret)
{
    struct tm tm = {0};
    const char *p = strlen(text) == sizeof("2027-06-30") - 1 ? strptime(text, "%Y-%m-%d", &tm) : NULL;
    int day = tm.tm_mday;
    if (!p || *p || tm.tm_year < 0 || tm.tm_year > 8099)
        return false;
    time_t at = timegm(&tm); /* February 30th becomes a day in March */
    if (tm.tm_mday != day)
        return false;
    *ret = (int64_t)at * SECOND_MS;
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
