/* API calls by HTTP: POST /api/v1/<method>. On the loop. */
#pragma once

#include "web/call/rpc.h"

struct http;

void http_call(struct http *h);

/* ---- for file_call.c ---- */

void http_call_submit(struct rpc *r);      /* or answers why not, and frees it */
void http_call_done(struct job *job);      /* `done` of a call: publishes what it has changed, and answers */
void http_call_reply(const struct rpc *r); /* the result or the error, with cookies */
