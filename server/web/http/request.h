/* One request of HTTP: what was asked, and the answer while it is made. It is named by a serial id, so that an answer from
 * elsewhere finds it, or finds that it has gone. All on the loop. */
#pragma once

#include "base/error.h"
#include "base/mem.h"
#include "web/http/answer.h"
#include "web/http/body.h"
#include "web/http/conn.h"
#include "web/http/file.h"
#include "web/http/route.h"

struct index;
struct listeners;
struct loop;

/* What all requests share. The settings are borrowed. */
struct http_server {
    struct loop *loop;
    const char *public_url, *trusted_proxies, *web_root, *blob_dir;
    bool demo;
    const struct route *routes;
    size_t n_routes;
    void *owner; /* for the handlers of the routes */
    /* A WebSocket is asked for; `behind`: frames that came with the head. False: it is refused, and has been answered. True:
     * the connection is gone from HTTP. */
    bool (*upgrade)(struct http *h, const char *behind, size_t n);
    /* its own */
    struct conns *conns;
    struct listeners *listeners;
    struct bodies bodies;
    struct index *by_serial;
    uint64_t last_serial;
};

struct http {
    uint64_t serial;
    struct http_server *server;
    struct conn *conn;
    struct arena *arena;     /* of the request */
    const struct head *head; /* NULL: it could not be read */
    const struct route *route;
    struct file_place place;                                              /* of a file that the path names */
    const char *method;                                                   /* HEAD is GET */
    const char *path;                                                     /* decoded, once */
    const char *tail;                                                     /* of the path, behind the route's */
    const char *query;                                                    /* as it was sent */
    const char *content_type, *cookie, *authorization, *origin, *visitor; /* "": not sent */
    char address[ADDRESS_TEXT_SIZE];                                      /* the client's */
    bool head_only;
    long long received; /* bytes of the body */
    struct body body;
    /* the answer */
    bool answered, sending;
    struct http_answer answer;
    struct buf out;
    struct file *file;
};

struct http *http_new(struct conn *c, struct http_server *s);
void http_end(struct http *h);                                  /* frees it; takes NULL */
struct http *http_find(struct http_server *s, uint64_t serial); /* NULL: it has gone, or is answered */

/* Reads a head of that size, as head_measure found it. */
enum head_fault http_read(struct http *h, const char *bytes, size_t size);
bool http_asks_websocket(const struct http *h); /* other upgrades are not taken, and the request is served */

/* ---- for handlers ---- */

struct http_body http_take_body(struct http *h);                            /* the caller's from now on */
const char *http_header(struct http *h, struct arena *a, const char *name); /* the first; NULL: not sent */
const char *http_text(struct http *h, const char *name); /* the same in its own arena; "": not sent */
