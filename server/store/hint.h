/* What tells people apart who are called the same, and whether somebody is perhaps somebody else as well (by more than the name,
 * store/pair.h): for the rows of a list, by two statements however many rows there are. */
#pragma once

#include "db/db.h"
#include "store/records.h"

struct hint {
    struct uuid id;    /* of the customer */
    const char *name;  /* or an identity's name or value */
    struct list marks; /* const char *: the company first, then addresses and numbers in no order */
    bool perhaps;
};

#define HINT_MARKS_MAX 8
/* Struct hint: one for each that exists and has an identity, but that a list of people with thousands of them together is cut. */
struct list hints_of(struct db *db, struct arena *a, const struct uuid *customers, size_t n);
