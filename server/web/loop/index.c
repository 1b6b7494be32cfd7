#include "web/loop/index.h"

#include <glib.h>

_Static_assert(sizeof(void *) >= sizeof(uint64_t), "a key is kept where GLib keeps a pointer");

static GHashTable *as_hash_table(const struct index *x)
{
    return (GHashTable *)(uintptr_t)x;
}

static void *as_pointer(uint64_t key)
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
        g_hash_table_destroy(as_hash_table(x));
}

void *index_get(const struct index *x, uint64_t key)
{
    return g_hash_table_lookup(as_hash_table(x), as_pointer(key));
}

void index_put(struct index *x, uint64_t key, void *value)
{
    g_hash_table_insert(as_hash_table(x), as_pointer(key), value);
}

void index_remove(struct index *x, uint64_t key)
{
    g_hash_table_remove(as_hash_table(x), as_pointer(key));
}
