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

struct order_known {
    struct uuid id;
    const char *external_id;
};
/* Those of these ids of which there is a state already; struct order_known. */
struct list order_known(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n);

/* The facts of an order (JSON), and in *ret under whom it is filed; NULL: it is not known. */
const char *order_owner(struct db *db, struct arena *a, int64_t channel, const char *external_id,
                        struct identity_ref *ret);

struct order_found {
    struct order_row *order;
    struct uuid customer_id;
    const char *customer_name;
    const char *then; /* JSON of OrderFacts, or NULL */
};
/* Orders of a number (without #), in all shops that the role may read; of this customer first, then the newest. struct order_found. */
struct list order_find(struct db *db, struct arena *a, const char *number, const struct uuid *customer, int role,
                       int64_t limit);

/* What the order was at a time, from the entry that told it; NULL: it was not there yet. */
const char *order_facts_at(struct db *db, struct arena *a, const struct order_row *order, int64_t at);

struct list order_of_customer(struct db *db, struct arena *a, int64_t customer, int role,
                              int64_t limit); /* order_row */
