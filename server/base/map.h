/* A small hash map from text to pointer, for the length of a request: everything is in its arena, nothing is removed. */
#pragma once

#include "base/mem.h"

struct map;

struct map *map_new(struct arena *a);
void *map_get(const struct map *map, const char *key);       /* or NULL */
void map_put(struct map *map, const char *key, void *value); /* replaces; the key must live as long as the map */
const char *map_key(struct arena *a, char kind, long long n, const char *text); /* a composed key */
