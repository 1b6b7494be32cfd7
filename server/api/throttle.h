/* Slows guessing of passwords: failed tries are counted for a while by address and by account. Thread-safe. Kept in a table of fixed size:
 * when it is full the oldest count makes room. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define THROTTLE_WINDOW_MS (10 * 60 * 1000)
#define THROTTLE_PER_ACCOUNT 8
#define THROTTLE_PER_ADDRESS 40

bool throttle_allows(const char *address, const char *account, int64_t now);
void throttle_failed(const char *address, const char *account, int64_t now);
void throttle_succeeded(const char *account); /* forgets the account's failures */
void throttle_reset(void);                    /* for tests */
