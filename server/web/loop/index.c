#include "web/loop/index.h"

#include <glib.h>

_Static_assert(sizeof(void *) >= sizeof(uint64_t), "a key is kept where GLib keeps a pointer");

static GHashTable *table_of(const struct index *x)
{
    return (GHashTable *)(uintptr_t)x;
}

static void *slot_of(uint64_t key)
{
    return (void *)(uintptr_t)key;
}

/* g_direct_hash takes the low half alone, and that of an IPv6 group is the same for a whole provider. */
static guint spread(gconstpointer key)
{
    return (guint)((uintptr_t)key * 0x9e3779b97f4a7c15u >> 32);
}

struct index *index_new(void)
{
    return (struct index *)g_hash_table_new(spread, g_direct_equal);
}

void index_free(struct index *x)
{
    if (x)
        g_hash_table_destroy(table_of(x));
}

void *index_get(const struct index *x, uint64_t key)
{
    return g_hash_table_lookup(table_of(x), slot_of(key));
}

void index_put(struct index *x, uint64_t key, void *value)
{
    g_hash_table_insert(table_of(x), slot_of(key), value);
}

void index_remove(struct index *x, uint64_t key)
{
    g_hash_table_remove(table_of(x), slot_of(key));
}
