/* Files as answers: whole, in part, or only that nothing has changed (RFC 9110 §13, §14). All on the loop. */
#pragma once

#include "web/http/reply.h"

/* Answers with a file that is below none of our own folders; the texts are copied. */
void http_reply_file(struct http_server *s, uint64_t serial, const char *path, const char *type, const char *headers);

void http_send_place(struct http *h); /* the file of h->place */
void http_sent(struct http *h);       /* a piece has left: has the next one read */
