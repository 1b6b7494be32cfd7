/* How the records look outside: store/records.h has those that are stored, here is what is made for answers alone. */
#pragma once

#include "base/rows.h"
#include "store/records.h"

extern const struct shape CUSTOMER_HIT_SHAPE, ATTACHMENT_SHAPE, EMPTY_SHAPE, OF_CUSTOMER_SHAPE;

extern const char *const YES_NO[]; /* a bool that may be left out: 0, 1 or -1 */

struct empty {
    char nothing;
};

#define VERSION_HELP \
    "The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is."
#define CLIENT_ID_HELP "Made by the client: asked again with the same id, after a lost answer, it is not done again."

/* {customer_id} */
struct of_customer {
    struct uuid customer_id;
};
