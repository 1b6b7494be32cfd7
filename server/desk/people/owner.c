#include "desk/people/owner.h"

#define NOBODY SIZE_MAX

/* An identity on its way. */
struct walker {
    size_t voucher; /* index, or NOBODY */
    bool alone;     /* named by a move: goes with nobody */
};

static size_t index_of(const struct owned *items, size_t n, int64_t identity)
{
    for (size_t i = 0; identity && i < n; i++)
        if (items[i].identity == identity)
            return i;
    return NOBODY;
}

/* Named itself, or by way of those it goes with. */
static bool is_moved(const struct operation *o, const struct owned *items, const struct walker *walkers, size_t n,
                     size_t i)
{
    for (size_t hops = 0; i != NOBODY && hops <= n; hops++) {
        if (operation_names(o, items[i].identity))
            return true;
        if (walkers[i].alone || o->kind == OPERATION_SHARE)
            return false;
        i = walkers[i].voucher;
    }
    return false;
}

static void apply_operation(struct arena *a, const struct operation *o, struct owned *items, struct walker *walkers,
                            size_t n)
{
    bool *moved = arena_alloc(a, n * sizeof(*moved));
    for (size_t i = 0; i < n; i++)
        moved[i] = o->kind == OPERATION_MERGE ? items[i].owner == o->from : is_moved(o, items, walkers, n, i);
    for (size_t i = 0; i < n; i++) {
        if (moved[i])
            items[i].owner = o->into;
        walkers[i].alone |= o->kind != OPERATION_MERGE && operation_names(o, items[i].identity);
    }
}

/* A voucher's own voucher, and so on, to where nobody vouched. */
static int64_t first_base(const struct owned *items, const struct walker *walkers, size_t n, size_t i)
{
    for (size_t hops = 0; walkers[i].voucher != NOBODY && hops < n; hops++)
        i = walkers[i].voucher;
    return items[i].base;
}

void owners_follow(struct arena *a, struct owned *items, size_t n, const struct operation *operations,
                   size_t n_operations)
{
    struct walker *walkers = arena_alloc(a, (n + 1) * sizeof(*walkers));
    for (size_t i = 0; i < n; i++)
        walkers[i] = (struct walker){.voucher = index_of(items, n, items[i].via)};
    for (size_t i = 0; i < n; i++)
        items[i].owner = first_base(items, walkers, n, i);
    for (size_t i = 0; i < n_operations; i++)
        if (!operations[i].undone_at)
            apply_operation(a, &operations[i], items, walkers, n);
}
