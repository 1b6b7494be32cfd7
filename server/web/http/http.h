/* HTTP/1.1 of the server: accepts, reads requests, finds who handles them, and ends them. On the loop. */
#pragma once

#include "web/http/request.h"

/* The upper members of *s are set, and stay. Nothing is listened to yet (listen.h). */
void http_start(struct http_server *s);
void http_tick(struct http_server *s);  /* once a second: whose time is over, and who may come in */
void http_close(struct http_server *s); /* ends all listeners and connections */
void http_free(struct http_server *s);  /* after the loop has run out */
