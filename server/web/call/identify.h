/* Who calls: what a request brings for it, and what the database says of that. */
#pragma once

#include <stdbool.h>

struct http;
struct rpc;
struct socket_hello;

/* On the loop. */
void identify_by_request(struct rpc *r, struct http *h);                 /* an agent's browser, or a token */
void identify_by_hello(struct rpc *r, const struct socket_hello *hello); /* of a new socket */

/* On the worker: r->call.caller. False: r->call.err. */
bool identify_caller(struct rpc *r);  /* nobody is a caller too: session.login needs none */
bool identify_again(struct rpc *r);   /* whether what let a socket in still holds, with the same rights */
bool identify_visitor(struct rpc *r); /* a widget's files: its token is the visitor */
