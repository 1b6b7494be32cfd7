/* When a try that failed is made again, and when it is given up. Pure; all times in milliseconds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define RETRY_FIRST_WAIT_MS (2 * 1000LL) /* doubles with each try */
#define RETRY_LONGEST_WAIT_MS (30 * 60 * 1000LL)
#define RETRY_AFTER_MAX_MS \
    (60 * 60 * 1000LL) /* what a provider may ask for; less than DUE_MESSAGE is ever put off (store/due.h) */
#define RETRY_GIVE_UP_MS (24 * 60 * 60 * 1000LL)
#define RETRY_GIVE_UP_TRIES 20 /* hours of trying: a clock set ahead by a day is not a day of trying */

int64_t retry_after_within_reason(int64_t asked_ms); /* -1, for nothing said, stays */
int64_t retry_after_of(int64_t seconds); /* the same of a header's number, of whatever size; 0 or less: -1 */

/* After `attempts` earlier tries (0: this was the first), when the provider asks for `asked_ms`, within reason. */
int64_t retry_wait(int64_t attempts, int64_t asked_ms);

/* Only what has been tried often *and* for long is given up: either alone may come of a clock that was set, or of a burst. */
bool retry_is_over(int64_t attempts, int64_t since_first_ms);
