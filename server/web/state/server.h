/* What API calls, webhooks and chores share: the parts of the running server. The loop thread owns all of it; workers read what
 * is const, and their jobs hold references of their own to anything else. */
#pragma once

#include "base/config.h"
#include "db/db.h"
#include "desk/ground/account.h"
#include "web/http/request.h"
#include "web/loop/loop.h"
#include "web/socket/socket.h"

struct chores;
struct collectors;
struct deliver;
struct errands;
struct fetchers;
struct desk;
struct fanout;
struct hub;
struct lanes;
struct lmtp;
struct probe;
struct log_readers;
struct scanners;
struct search;
struct tasks;
struct work;

struct server {
    const struct config *config;
    const struct desk *desk;
    const struct db_config *db;

    struct loop loop;
    struct http_server http;
    struct sockets sockets;
    struct lmtp *lmtp; /* NULL: nobody hands mail over by it */
    struct hub *hub;
    struct fanout *fanout; /* NULL: this is the only process */

    struct work *work;
    struct probe *probe;
    bool database_ready;
    int64_t log_end;           /* of the pulse before */
    struct accounts *accounts; /* NULL until they could be loaded */
    struct lanes *lanes;
    /* NULL until the tables are there; the search also when none is configured */
    struct search *search;
    struct deliver *deliver;
    struct fetchers *fetchers;
    struct errands *errands;
    struct scanners *scanners; /* NULL when no scanner is configured */
    struct collectors *collectors;
    struct tasks *tasks;
    struct chores *chores;
    struct log_readers *readers;
};

/* Takes over the reference. An older snapshot than the one that is there is dropped. */
void server_set_accounts(struct server *s, struct accounts *accounts);
