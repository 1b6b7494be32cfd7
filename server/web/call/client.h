/* A screen that calls: one call at a time, so that their order holds, and the others in a bounded line. It knows no call: `run`
 * does. On the loop. */
#pragma once

#include "web/hub/screen.h"
#include "web/state/server.h"

#define CLIENT_LINE_MAX 64 /* messages that wait */

struct batch;
struct line;

struct client {
    struct screen screen;
    struct server *server;
    uint64_t serial; /* its socket's */
    /* One JSON-RPC message; it answers by client_answer at once, or sets `busy` and ends with client_next. */
    void (*run)(struct client *k, const char *text, size_t n);
    bool busy;
    bool authenticated;
    int64_t checked_at; /* monotonic: its log-in, last */
    /* for client.c alone */
    struct batch *batch; /* NULL: the call under way is of none */
    struct line *line, **line_end;
    size_t n_line;
};

struct client *client_of(struct screen *k);                          /* every screen is one */
struct client *client_find(const struct server *s, uint64_t serial); /* NULL: it has gone */
void client_clear(struct client *k);                                 /* frees what waits */

void client_take(struct client *k, const char *text, size_t n); /* a message: runs it, or lets it wait */
void client_next(struct client *k);                             /* the call under way is over */

void client_answer(struct client *k, const char *text, size_t n); /* into the batch, if there is one */
void client_answer_error(struct client *k, const char *id, const struct error *err); /* `id`: JSON, or NULL */
