/* One batch of intakes on its way through a transaction: what ingest.c and the files batch_*.c share, and nobody else.
 * Each file is one step; `write_all` in ingest.c has them in their order.
 * Everything is in the transaction's arena and dies with it. */
#pragma once

#include "base/map.h"
#include "db/db.h"
#include "desk/ground/desk.h"
#include "desk/ingest/intake.h"
#include "store/records.h"

/* A list of pointers: what they point to stays where it is. */
#define ADD(a, list, pointer) (*(void **)list_grow(a, &(list), sizeof(void *)) = (pointer))
#define EACH(T, var, list)                        \
    for (struct T **var##_p = (list).items, *var; \
         var##_p && var##_p < (struct T **)(list).items + (list).n && (var = *var##_p, 1); var##_p++)

/* A person in this batch. */
struct person {
    struct customer c;
    bool is_new, told;               /* told: screens that show the person must read again */
    const char *old_name, *new_name; /* new_name NULL: it stays */
};

/* An identity in this batch. */
struct who {
    struct identity d;
    struct person *person;
    struct cause cause; /* who has named it last */
    bool is_new, dirty;
    bool logged; /* by an entry */
};

/* An entry in this batch: found, to be inserted, or to be saved. */
struct item {
    struct entry e;
    struct who *who;
    struct intake *intake;
    const struct inbound *in;
    struct cause cause; /* who has changed it last */
    struct conversation *conversation;
    const struct answered *answered; /* the nearest that it answers, or NULL */
    bool is_new, dirty;
    bool counts_anew; /* what its conversation follows from has changed */
    bool taken_back;  /* its author has: its files go */
    bool again; /* came again: a connection may have been lost in the commit of the first time, and nobody was told */
};

struct batch {
    const struct desk *desk;
    struct db *db;
    struct arena *a;
    struct intake *const *intakes;
    size_t n;
    int64_t now;
    bool (*also)(struct db *db, void *arg); /* ends the transaction, or NULL */
    void *also_arg;
    struct map *items_by_key;        /* 'x' channel external id, 'e' entry id, 't' twin_key */
    struct map *who_by_key;          /* 'v' kind scope value, 'k' key */
    struct map *person_by_key;       /* 'c' key */
    struct list items, whos, people; /* pointers */
    struct list conversations;       /* pointers */
    struct list touched;             /* pointers: conversations to save … */
    struct list refolded;            /* pointers: … and, of these, to fold again from the beginning */
    struct list answered;            /* struct answered */
    struct list links;               /* struct link_new of known keys; and below those that wait for a key */
    struct list pending_links;       /* struct pending_link */
    struct list early;               /* struct early_receipt */
    struct list claims;              /* struct pending_claim */
    bool outbox;
};

/* An entry that a mail of the batch answers: nothing of it is locked. */
struct answered {
    int64_t channel, identity, conversation; /* conversation 0: in none */
    const char *external_id;
    struct uuid entry;
};

struct pending_link {
    struct who *who;
    struct person *person;
    const char *rule, *evidence;
    int64_t via; /* the identity that vouches, or 0 */
};

/* What is said of an identity without the proof that a rule asks for. */
struct pending_claim {
    struct who *who;
    const struct identity_ref *also;
    const struct intake *intake;
    const char *signal, *evidence;
    int confidence;
};

/* Keys of the maps. */
const char *external_key(struct batch *b, int64_t channel, const char *external_id);
const char *id_key(struct batch *b, const struct uuid *id);
/* A mail to two of our addresses comes twice, by two channels, and is one thing to do. */
const char *twin_key(struct batch *b, const char *external_id, int64_t hash);
const char *value_key(struct batch *b, int kind, int64_t scope, const char *value);
int64_t scope_of(const struct identity_ref *ref, const struct intake *t);

void put_item(struct batch *b, struct item *item); /* into the batch's list, to be found by its ids */
struct who *who_of(struct batch *b, const struct identity_ref *ref, const struct intake *t); /* NULL: not there yet */
struct who *who_by_number(struct batch *b, int64_t key);
