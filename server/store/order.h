/* Orders as they are now. Their history is in the entries. */
#pragma once

#include "channel/inbound.h"
#include "db/db.h"
#include "store/records.h"

struct order_save {
    int64_t channel, identity;
    const struct order_facts *facts;
    const char *facts_json;
};

/* Inserts, or replaces an older snapshot (by updated_at); an older one than what is there changes nothing. */
void order_save(struct db *db, struct arena *a, const struct order_save *orders, size_t n, int64_t now);

/* Those of these ids (const char *) of which there is a state already. */
struct list order_known(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n);

struct list order_of_customer(struct db *db, struct arena *a, const struct uuid *customer,
                              int64_t limit); /* order_row */
