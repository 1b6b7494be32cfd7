#include "desk/profile/differ.h"

#include "base/kinds.h"
#include "desk/profile/profile.h"

/* Of what kinds one has a value of one's own that people compare. A WhatsApp account is somebody's telephone number besides; an address
 * that failed authentication is no one's. */
static const enum identity_kind COMPARED[] = {IDENTITY_EMAIL, IDENTITY_PHONE, IDENTITY_LOYALTY_CARD,
                                              IDENTITY_SHOP_CUSTOMER, IDENTITY_EXTERNAL};

static void keep_value(struct arena *a, struct list *values, const char *value)
{
    if (values->n < DIFFERENCE_VALUES_MAX)
        *(const char **)list_grow(a, values, sizeof(value)) = value;
}

static struct difference *add_difference(struct arena *a, struct list *all, const char *what)
{
    struct difference *d = list_grow(a, all, sizeof(*d));
    d->what = what;
    return d;
}

/* A note by which agents tell each other something is not what somebody is known by. */
static void compare_profiles(struct arena *a, struct list *all, const struct customer *x, const struct customer *y)
{
    struct list conflicts = profile_conflicts(a, x, y);
    for (size_t i = 0; i < conflicts.n; i++) {
        const struct profile_conflict *c = (struct profile_conflict *)conflicts.items + i;
        if (strcmp(c->field, "about") == 0)
            continue;
        struct difference *d = add_difference(a, all, c->field);
        keep_value(a, &d->a, c->into);
        keep_value(a, &d->b, c->from);
    }
}

/* Customer numbers of another shop say nothing. */
static bool has_scope(const struct customer *c, enum identity_kind kind, int64_t scope)
{
    const struct identity *items = c->identities.items;
    for (size_t i = 0; i < c->identities.n; i++)
        if (items[i].kind == (int)kind && items[i].scope == scope)
            return true;
    return false;
}

static bool has_value(const struct customer *c, const struct identity *d)
{
    const struct identity *items = c->identities.items;
    for (size_t i = 0; i < c->identities.n; i++)
        if (items[i].kind == d->kind && items[i].scope == d->scope && strcmp(items[i].value, d->value) == 0)
            return true;
    return false;
}

/* False: they have one in common. */
static bool values_of(struct arena *a, const struct customer *c, const struct customer *other, enum identity_kind kind,
                      struct list *ret)
{
    const struct identity *items = c->identities.items;
    for (size_t i = 0; i < c->identities.n; i++) {
        if (items[i].kind != (int)kind || !has_scope(other, kind, items[i].scope))
            continue;
        if (has_value(other, &items[i]))
            return false;
        keep_value(a, ret, items[i].value);
    }
    return ret->n > 0;
}

struct list differences(struct arena *a, const struct customer *x, const struct customer *y)
{
    struct list all = {0};
    compare_profiles(a, &all, x, y);
    for (size_t i = 0; i < COUNT_OF(COMPARED); i++) {
        struct list xs = {0}, ys = {0};
        if (!values_of(a, x, y, COMPARED[i], &xs) || !values_of(a, y, x, COMPARED[i], &ys))
            continue;
        struct difference *d = add_difference(a, &all, IDENTITY_KIND_NAMES[COMPARED[i]]);
        d->a = xs;
        d->b = ys;
    }
    return all;
}
