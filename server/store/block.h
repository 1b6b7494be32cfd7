/* Visitors of chats: whence they write, and who of them may not. */
#pragma once

#include "db/db.h"
#include "store/records.h"

/* `address` as by address_prefix. */
void visitor_address_seen(struct db *db, int64_t identity, const char *address, int64_t now);
const char *visitor_address(struct db *db, struct arena *a, int64_t identity); /* NULL: not known */
int64_t visitor_address_sweep(struct db *db, int64_t before, int64_t limit);   /* how many they were */

/* The visitors who have written in a conversation; struct identity with key, id and name. */
struct list visitors_of_conversation(struct db *db, struct arena *a, int64_t conversation);

extern const struct shape CHAT_BLOCK_SHAPE;

struct chat_block {
    struct uuid id;
    int64_t identity; /* inside; 0: an address is blocked */
    const char *address;
    struct uuid identity_id;
    const char *name; /* of the visitor */
    int64_t customer; /* inside */
    struct uuid customer_id;
    const char *reason;
    int64_t agent; /* inside */
    struct uuid made_by;
    int64_t made_at;
};

/* False: it is blocked already. */
bool block_insert(struct db *db, struct arena *a, const struct chat_block *block);
bool block_remove(struct db *db, const struct uuid *id);
struct chat_block *block_get(struct db *db, struct arena *a, const struct uuid *id);
/* Newest first, by id; older than `before`, which need not be there. */
struct list block_list(struct db *db, struct arena *a, const struct uuid *before, int64_t limit);
/* identity 0: one who has never written. */
bool block_holds(struct db *db, struct arena *a, int64_t identity, const char *address);
