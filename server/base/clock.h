/* Time: milliseconds since 1970-01-01T00:00Z in an int64_t everywhere inside; RFC 3339 text outside. 0 means "none". */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define SECOND_MS 1000LL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

#define TIME_TEXT_SIZE 25 /* 2026-11-21T20:41:25.123Z and the NUL */

int64_t clock_now(void);       /* wall clock */
int64_t clock_monotonic(void); /* never steps; for durations and time-outs */

/* A condition to wait on, and until when: no step of the wall clock makes the wait longer or shorter. */
void clock_cond_init(pthread_cond_t *ret);
struct timespec clock_in(int64_t ms);

void time_format(int64_t unix_ms, char out[TIME_TEXT_SIZE]);

/* RFC 3339 with any offset, fraction optional; a date alone is refused. False leaves *ret alone. */
bool time_parse(const char *text, int64_t *ret);
bool date_parse(const char *text, int64_t *ret); /* "2027-06-30": its midnight in UTC; likewise */

/* Once, when the process begins: by this the wall clock's later steps are known. */
void clock_begin(void);

/* A time a stranger gave, made harmless: one outside 1990 .. now + 1 day becomes `now`. Where the wall clock has been set back
 * since clock_begin, the day after what it would show otherwise counts: the others' clocks have not been. */
int64_t time_believable(int64_t unix_ms, int64_t now);
