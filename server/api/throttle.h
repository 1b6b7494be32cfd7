/* Bounds what strangers, and agents by mistake, may use up. What is spent is counted by key in windows of time, of each kind
 * apart, and no key can push another one's count out: a kind is a count-min sketch (Cormode, Muthukrishnan 2005) under a
 * random seed. Keys whose cells all meet others' are counted too high, never too low. Memory is fixed. Thread-safe. Of this
 * process; what servers share is in desk/guard/login.h. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum throttle_kind {
    THROTTLE_GREETINGS,        /* by address */
    THROTTLE_MESSAGES,         /* by visitor */
    THROTTLE_NAMES,            /* chat.identify: by visitor, and by address */
    THROTTLE_ADDRESS_MESSAGES, /* by address */
    THROTTLE_CHANNEL_MESSAGES, /* by channel */
    THROTTLE_ADDRESS_PEOPLE,   /* new ones, by address */
    THROTTLE_CHANNEL_PEOPLE,   /* new ones, by channel */
    THROTTLE_UPLOADS,          /* bytes, by address */
    THROTTLE_SEARCHES,         /* by agent or token */
    THROTTLE_TYPING,           /* changes that agents' screens are told, by visitor */
    THROTTLE_SEEN,             /* chat.seen, by visitor */
    THROTTLE_KINDS,
};

#define THROTTLE_WINDOW_MS (10 * 60 * 1000LL)
#define THROTTLE_SEARCH_WINDOW_MS (60 * 1000LL)
#define THROTTLE_SIGNS_WINDOW_MS (10 * 1000LL) /* typing and seen: what is lost is soon made good */

/* In a window. What operators may want otherwise is a setting (struct limits). */
#define THROTTLE_GREETINGS_MAX 600
#define THROTTLE_MESSAGES_MAX 300
#define THROTTLE_NAMES_MAX 60  /* of one visitor: a page may say with each visit who is there */
#define THROTTLE_TYPING_MAX 10 /* a widget says it every three seconds at most, and its end */
#define THROTTLE_SEEN_MAX 30
#define THROTTLE_UPLOADS_MAX (200LL * 1024 * 1024)
#define THROTTLE_UPLOAD_LEAST (64LL * 1024) /* a smaller file counts as much */

/* Counts `amount` when it still fits under `limit`; both in one step. False: it does not fit, nothing is counted, and
 * *ret_wait_ms is when the window ends. `now` is clock_monotonic. */
bool throttle_spend(enum throttle_kind kind, const char *key, int64_t amount, int64_t limit, int64_t now,
                    int64_t *ret_wait_ms);

void throttle_reset(void); /* for tests */
