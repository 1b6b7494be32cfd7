/* Which handler a request has: the first row of a table that takes its method, its path and the listener it came by. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct http;

#define AT_PUBLIC 1u   /* the listener for all */
#define AT_INTERNAL 2u /* the one for metrics */
#define ROUTE_ALLOW_SIZE 64

struct route {
    const char *method;
    const char *path;               /* ends with '/': whatever follows is the request's `tail` */
    long long body_max;             /* bytes; 0: a body is not read */
    unsigned places;                /* AT_… */
    void (*handle)(struct http *h); /* with the whole body; answers at once or later (reply.h) */
};

struct route_asked {
    const char *method, *path; /* the path decoded */
    bool internal;
};

/* NULL: none; ret_allow: the methods that the path takes, "" when nobody knows it. */
const struct route *route_find(const struct route *routes, size_t n, const struct route_asked *asked,
                               char ret_allow[ROUTE_ALLOW_SIZE]);
