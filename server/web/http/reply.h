/* Answers to requests, by serial id: at once or later, and only once. All on the loop. */
#pragma once

#include "web/http/request.h"

/* Answers the request of that serial, if it is still there and not answered. `headers`: "Name: value\r\n…" or NULL; all texts
 * are copied. */
void http_reply(struct http_server *s, uint64_t serial, int status, const char *content_type, const char *headers,
                const void *body, size_t n);
void http_reply_text(struct http_server *s, uint64_t serial, int status, const char *text);
void http_reply_error(struct http_server *s, uint64_t serial, const struct error *err);

/* ---- for the files of http/: refusals, which are counted ---- */

void http_refuse(struct http *h, enum error_code code);
void http_refuse_head(struct http *h, enum head_fault fault);
void http_refuse_method(struct http *h, const char *allow);

void http_settle(struct http *h);                      /* sends the answer, if it is there and has not left */
void http_write_head(struct http *h, struct buf *out); /* of h->answer; says whether the connection ends behind it */
