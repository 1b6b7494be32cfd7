#include "base/map.h"

#include "base/buf.h"
#include "base/hash.h"

#include <stdint.h>
#include <string.h>

struct slot {
    const char *key;
    void *value;
};

struct map {
    struct arena *arena;
    struct slot *slots;
    size_t size, n; /* size is a power of two */
};

struct map *map_new(struct arena *a)
{
    struct map *map = arena_alloc(a, sizeof(*map));
    *map = (struct map){.arena = a, .size = 64};
    map->slots = arena_alloc(a, map->size * sizeof(struct slot));
    return map;
}

static struct slot *find_slot(struct slot *slots, size_t size, const char *key)
{
    size_t i = hash_bytes(HASH_BEGIN, key, strlen(key)) & (size - 1);
    while (slots[i].key && strcmp(slots[i].key, key) != 0)
        i = (i + 1) & (size - 1);
    return &slots[i];
}

void *map_get(const struct map *map, const char *key)
{
    return find_slot(map->slots, map->size, key)->value;
}

static void grow(struct map *map)
{
    size_t size = map->size * 2;
    struct slot *slots = arena_alloc(map->arena, size * sizeof(*slots));
    for (size_t i = 0; i < map->size; i++)
        if (map->slots[i].key)
            *find_slot(slots, size, map->slots[i].key) = map->slots[i];
    map->slots = slots;
    map->size = size;
}

void map_put(struct map *map, const char *key, void *value)
{
    if (map->n * 2 >= map->size)
        grow(map);
    struct slot *slot = find_slot(map->slots, map->size, key);
    if (!slot->key)
        map->n++;
    *slot = (struct slot){.key = key, .value = value};
}

const char *map_key(struct arena *a, char kind, long long n, const char *text)
{
    char digits[INT_TEXT_SIZE];
    size_t n_digits = int_text(n, digits), n_text = strlen(text);
    char *key = arena_alloc(a, n_digits + n_text + 3);
    key[0] = kind;
    memcpy(key + 1, digits, n_digits);
    key[1 + n_digits] = ':';
    memcpy(key + 2 + n_digits, text, n_text + 1);
    return key;
}
