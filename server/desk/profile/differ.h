/* What two people, who are perhaps one, have both and not in common: texts of the profile, attributes, addresses and numbers. What only
 * one of them has is no difference. Pure. */
#pragma once

#include "store/records.h"

#define DIFFERENCE_VALUES_MAX 3

struct difference {
    const char *what; /* "name", "attributes.<name>", a kind of identity ("phone"), or "country" */
    struct list a, b; /* const char *: of each at most DIFFERENCE_VALUES_MAX; nobody has all of them */
};

/* struct difference; of the customers their profiles and the kind, scope and value of their identities. */
struct list differences(struct arena *a, const struct customer *x, const struct customer *y);
