/* From what the search index found to people: many rows a statement. */
#pragma once

#include "db/db.h"
#include "store/records.h"

/* Whose an identity is now. */
struct search_owner {
    int64_t identity, customer; /* keys */
    struct uuid identity_id;
};
struct list search_owners(struct db *db, struct arena *a, const int64_t *identities, size_t n);

/* Where a customer's identities are now: itself, as long as it has any; else those they went to. `asked` -> `customer`. */
struct search_heir {
    int64_t asked, customer;
};
struct list search_heirs(struct db *db, struct arena *a, const int64_t *customers, size_t n);

/* What is shown of a person. */
struct search_person {
    int64_t key;
    struct uuid id;
    const char *name; /* what screens show: never empty */
    struct list media;
    int64_t last_at;
    struct list names;         /* const char *: by providers */
    struct list values, kinds; /* const char *: addresses and numbers, each with the word of its kind */
};
struct list search_people(struct db *db, struct arena *a, const int64_t *customers, size_t n);

/* The identities of customers; int64_t. */
struct list search_identities_of(struct db *db, struct arena *a, const int64_t *customers, size_t n, int64_t limit);

/* The newest conversations with a tag; int64_t. */
struct list search_tagged_conversations(struct db *db, struct arena *a, const char *tag, int64_t limit);

/* In which conversation entries are, and where that stands; those that are in none are left out. */
struct search_place {
    struct uuid entry;
    int64_t conversation; /* key */
    int status;
};
struct list search_places(struct db *db, struct arena *a, const struct uuid *entries, size_t n);

/* Channels whose entries a role may not read; int64_t. */
struct list search_closed_channels(struct db *db, struct arena *a, int role);

int64_t search_agent_key(struct db *db, struct arena *a, const struct uuid *id);        /* 0: none */
int64_t search_conversation_key(struct db *db, struct arena *a, const struct uuid *id); /* 0: none */
