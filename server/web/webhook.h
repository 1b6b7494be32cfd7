/* A provider's call on its way: verify over the raw bytes, parse, lane, commit; and only then the 2xx. What is small and plain
 * is checked and parsed on the loop; mail, and all that is large, by the parser. On the loop. */
#pragma once

#include <stdint.h>

struct http;

struct webhook_metrics {
    uint64_t accepted, refused, failed, later;
};
extern struct webhook_metrics webhook_metrics;

void webhook_handle(struct http *h); /* /in/<type>/<id> */
