/* Lets an agent's console in, or a program with a token, and asks again later whether that still holds. On the loop. */
#pragma once

#include <stdint.h>

struct client;
struct socket_hello;

void admit_begin(struct client *k, const struct socket_hello *hello); /* later it is in, or closed */
void admit_recheck(struct client *k);                                 /* closes it when its log-in holds no more */
void admit_recheck_due(struct client *k, int64_t now);                /* the same, from time to time; monotonic */
