/* How often somebody was in contact, by day (UTC) and means: the journey, without reading the entries. */
#pragma once

#include "db/db.h"
#include "store/records.h"

struct contact_new {
    int64_t identity;
    int64_t at; /* any time of the day */
    int medium;
    int64_t in, out, other; /* to add; may be negative */
};

/* What an entry counts as; false: as nothing. */
bool contact_of(const struct entry *e, struct contact_new *ret);

struct contact_new contact_minus(const struct contact_new *row); /* takes it back */

/* In the transaction that writes the entries, under their identities' locks. Rows of one day are added up. */
void contact_add(struct db *db, struct arena *a, const struct contact_new *rows, size_t n);

struct contact_day {
    int64_t day; /* days since 1970 */
    int medium;
    int64_t in, out, other;
};
/* The whole life of a customer, oldest first; struct contact_day. */
struct list contact_days(struct db *db, struct arena *a, int64_t customer);

struct contact_count {
    int medium;
    int64_t d7, d30, d365, total; /* messages and calls from the person */
};
/* The most used means first; struct contact_count. */
struct list contact_counts(struct db *db, struct arena *a, int64_t customer, int64_t now);
