/* Requests and their answers. All on the loop. */
#pragma once

#include "base/error.h"
#include "base/mem.h"
#include "web/answer.h"
#include "web/body.h"
#include "web/conn.h"
#include "web/files.h"
#include "web/head.h"
#include "web/origin.h"

struct route;

struct http {
    uint64_t serial;
    struct server *server;
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

/* Answers the request of that serial, if it is still there. `headers`: "Name: value\r\n…" or NULL. */
void http_reply(struct server *s, uint64_t serial, int status, const char *content_type, const char *headers,
                const void *body, size_t n);
void http_reply_text(struct server *s, uint64_t serial, int status, const char *text);
void http_reply_error(struct server *s, uint64_t serial, const struct error *err);
void http_reply_file(struct server *s, uint64_t serial, const char *path, const char *type, const char *headers);
struct http_body http_take_body(struct http *h);                            /* the caller's from now on */
const char *http_header(struct http *h, struct arena *a, const char *name); /* the first; NULL: not sent */

/* ---- for conn.c ---- */

/* A head of `size` bytes, and what has come behind it. *ret_used: the bytes that are done with. NULL: the connection is no
 * longer HTTP's. */
struct http *http_begin(struct conn *c, struct server *s, const char *bytes, size_t size, size_t n, size_t *ret_used);
struct http *http_begin_bad(struct conn *c, struct server *s, enum head_fault fault);
void http_body(struct http *h, const char *data, size_t n);
void http_body_over(struct http *h);
void http_body_bad(struct http *h); /* nobody knows where it ends */
void http_settle(struct http *h);   /* sends the answer, if there is one */
void http_sent(struct http *h);     /* what conn_send was given has left, and more is to come */
void http_end(struct http *h);      /* frees it */
