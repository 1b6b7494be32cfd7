#include "web/http/route.h"

#include <stdio.h>
#include <string.h>

static bool matches(const struct route *r, const char *path)
{
    size_t n = strlen(r->path);
    return r->path[n - 1] == '/' ? strncmp(path, r->path, n) == 0 : strcmp(path, r->path) == 0;
}

static void allow_too(char allow[ROUTE_ALLOW_SIZE], const char *method)
{
    size_t n = strlen(allow);
    if (!strstr(allow, method))
        snprintf(allow + n, ROUTE_ALLOW_SIZE - n, "%s%s%s", n ? ", " : "", method,
                 strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

const struct route *route_find(const struct route *routes, size_t n, const struct route_asked *asked,
                               char ret_allow[ROUTE_ALLOW_SIZE])
{
    unsigned place = asked->internal ? AT_INTERNAL : AT_PUBLIC;
    ret_allow[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        if (!(routes[i].places & place) || !matches(&routes[i], asked->path))
            continue;
        if (strcmp(routes[i].method, asked->method) == 0)
            return &routes[i];
        allow_too(ret_allow, routes[i].method);
    }
    return NULL;
}
