/* One batch of intakes on its way through a transaction: what ingest.c and the files batch_*.c share, and nobody else.
 * Each file is one step; they run in the order of the prototypes below, and `write_all` in ingest.c is the whole of it.
 * Everything is in the transaction's arena and dies with it. */
#pragma once

#include "base/map.h"
#include "desk/ingest/ingest.h"
#include "store/records.h"

/* A list of pointers: what they point to stays where it is. */
#define ADD(a, list, pointer) (*(void **)list_grow(a, &(list), sizeof(void *)) = (pointer))
#define EACH(T, var, list)                        \
    for (struct T **var##_p = (list).items, *var; \
         var##_p && var##_p < (struct T **)(list).items + (list).n && (var = *var##_p, 1); var##_p++)

/* A person in this batch. */
struct person {
    struct customer c;
    bool is_new, told; /* told: screens that show the person must read again */
    const char *new_name;
};

/* An identity in this batch. */
struct who {
    struct identity d;
    struct person *person;
    bool dirty;
    bool logged; /* by an entry */
};

/* An entry in this batch: found, to be inserted, or to be saved. */
struct item {
    struct entry e;
    struct who *who;
    struct intake *intake;
    const struct inbound *in;
    struct conversation *conversation;
    bool is_new, dirty;
    bool counts_anew; /* what its conversation follows from has changed */
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
    struct list links;               /* struct link_new of known keys; and below those that wait for a key */
    struct list pending_links;       /* struct pending_link */
    struct list early;               /* struct early_receipt */
    struct list claims;              /* struct pending_claim */
    bool outbox;
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

/* ---- batch_known.c: what is there already ---- */
const char *external_key(struct batch *b, int64_t channel, const char *external_id);
const char *id_key(struct batch *b, const struct uuid *id);
struct item *known_item(struct batch *b, const struct intake *t, const struct inbound *in);     /* NULL: it is new */
const char *new_external_id(struct batch *b, const struct intake *t, const struct inbound *in); /* of what is new */
void find_known(struct batch *b);                  /* a receipt about nothing that is known becomes its or_entry */
size_t answered_ids(const struct inbound *in);     /* so many of its references may tell who answers: batch_people.c */
void put_item(struct batch *b, struct item *item); /* into the batch's list, to be found by its ids */
void refresh_known(struct batch *b); /* once their identities are locked: what has changed meanwhile is read again */

/* ---- batch_identity.c: under whom things are filed ---- */
const char *value_key(struct batch *b, int kind, int64_t scope, const char *value);
int64_t scope_of(const struct identity_ref *ref, const struct intake *t);
struct who *who_of(struct batch *b, const struct identity_ref *ref, const struct intake *t);
struct who *who_by_number(struct batch *b, int64_t key);
/* Each entry that is new and names a person by value. */
typedef void each_entry(struct batch *b, struct intake *t, const struct inbound *in, void *arg);
void for_new_entries(struct batch *b, each_entry *fn, void *arg);
bool also_links(const struct inbound *in, size_t i); /* its other name i has the proof that a rule asks for */
void resolve_identities(struct batch *b);            /* finds, makes and locks all of the batch */

/* ---- batch_people.c: to whom each identity belongs ---- */
void resolve_people(struct batch *b); /* new people and links are written at once */

/* ---- batch_repeat.c: the same id, but is it the same thing? ---- */
void hash_content(
    struct intake *t); /* of all its inputs: before the transaction, as it takes as long as they are large */
bool is_other(const struct intake *t, const struct inbound *in, const struct item *item);
const char *other_external_id(struct arena *a, const struct inbound *in); /* for what is other */
const char *twin_key(struct batch *b, const char *external_id, int64_t hash);
struct item *find_twin(struct batch *b, const struct intake *t, const struct inbound *in);       /* or NULL */
bool take_other(struct batch *b, struct intake *t, const struct inbound *in, struct item *item); /* false: refused */

/* ---- batch_entry.c: new, newer, receipt or repeat ---- */
bool take_items(struct batch *b); /* false: refused */
void take_points(struct batch *b, struct who *who, const struct intake *t, const struct inbound *in);

/* ---- batch_conversation.c: into which conversation ---- */
bool edit_conversations(struct batch *b); /* false: refused */
void read_conversations(struct batch *b);
void place_items(struct batch *b);
void refold_conversations(struct batch *b); /* once all entries are written */
