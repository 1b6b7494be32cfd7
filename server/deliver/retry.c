#include "deliver/retry.h"

#define DOUBLINGS_MAX 12 /* 2 s << 12 is longer than the longest wait */

int64_t retry_after_within_reason(int64_t asked_ms)
{
    return asked_ms < RETRY_AFTER_MAX_MS ? asked_ms : RETRY_AFTER_MAX_MS;
}

int64_t retry_after_of(int64_t seconds)
{
    if (seconds <= 0)
        return -1;
    return seconds < RETRY_AFTER_MAX_MS / 1000 ? seconds * 1000 : RETRY_AFTER_MAX_MS;
}

int64_t retry_wait(int64_t attempts, int64_t asked_ms)
{
    int64_t wait = RETRY_FIRST_WAIT_MS << (attempts < DOUBLINGS_MAX ? attempts : DOUBLINGS_MAX);
    wait = wait < RETRY_LONGEST_WAIT_MS ? wait : RETRY_LONGEST_WAIT_MS;
    return asked_ms > wait ? asked_ms : wait;
}

bool retry_is_over(int64_t attempts, int64_t since_first_ms)
{
    return since_first_ms > RETRY_GIVE_UP_MS && attempts >= RETRY_GIVE_UP_TRIES;
}
