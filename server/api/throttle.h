/* Slows guessing of passwords, and bounds what strangers may use up. Failed tries are counted for a while by address and by account. Thread-safe. Kept in a table of fixed size:
 * when it is full the oldest count makes room. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* `now` is clock_monotonic. */
#define THROTTLE_WINDOW_MS (10 * 60 * 1000)
#define THROTTLE_PER_ACCOUNT 8
#define THROTTLE_PER_ADDRESS 40

bool throttle_allows(const char *address, const char *account, int64_t now);
void throttle_failed(const char *address, const char *account, int64_t now);
void throttle_succeeded(const char *account); /* forgets the account's failures */

/* What a stranger may use up in a window. False: this would be more; nothing is counted then. */
#define THROTTLE_UPLOAD_BYTES (200LL * 1024 * 1024) /* of visitors' files, by address */
#define THROTTLE_VISITOR_MESSAGES 300               /* of one visitor */
bool throttle_spend(char kind, const char *key, int64_t amount, int64_t limit, int64_t now);

void throttle_reset(void); /* for tests */
