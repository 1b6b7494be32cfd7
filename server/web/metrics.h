/* The numbers of GET /metrics, in the text format of Prometheus, version 0.0.4. On the loop. */
#pragma once

struct buf;
struct server;

void metrics_text(const struct server *s, struct buf *out);
