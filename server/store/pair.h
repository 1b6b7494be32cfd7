/* Two people who are perhaps one. What speaks for that is a claim of one about the other, that both claim the same third, or that
 * they are called the same. This is the one place that says so: the list of all pairs, a person's suggestions and the dots of the
 * queue read it here.
 *
 * Nothing speaks for a pair that somebody has told apart, nor does what says too little: an identity that several share, a value that
 * more than PAIR_CLAIMS_MAX claim, a name of few letters or of more than PAIR_NAMES_MAX records. So what is read of one person, and
 * of one claim, is bounded however many people there are. */
#pragma once

#include "db/db.h"
#include "store/records.h"

#define PAIR_CLAIMS_MAX 100
#define PAIR_NAMES_MAX 20

/* SQL: the name of this customer says something. "Mia" is no evidence; in Chinese, Japanese and Korean, which begin with U+3000 here, a
 * whole name is two to four characters. */
#define PAIR_NAME_SPEAKS(customer)                                                                                 \
    "CHAR_LENGTH(" customer ".name) >= IF(" customer ".name >= _utf8mb4 x'E38080' COLLATE utf8mb4_bin, 3, 4) AND " \
    "(SELECT pn.id FROM customer pn FORCE INDEX (name) WHERE pn.name = " customer ".name ORDER BY pn.id LIMIT 1 "  \
    "OFFSET " PAIR_DIGITS(PAIR_NAMES_MAX) ") IS NULL "
#define PAIR_DIGITS(number) PAIR_AS_TEXT(number)
#define PAIR_AS_TEXT(text) #text

/* One thing that speaks for a pair, seen from `a`. */
struct pair_witness {
    int64_t a, b; /* keys of customers */
    struct customer_ref people[2];
    int64_t claim;                        /* the newest claim that says it; 0: the name does */
    int64_t confidence;                   /* per cent; of two claims the lower; 0: a name's */
    const char *signal;                   /* a word; NULL: a name's */
    const char *evidence, *more_evidence; /* NULL: there is none */
    struct uuid identity_id, other_identity_id;
    int64_t found_at; /* 0: a name's */
    int64_t last_at;  /* when `b` was last heard of */
};
/* All about pairs with one of these people, in no order; struct pair_witness. One statement. */
struct list pair_witnesses(struct db *db, struct arena *a, const int64_t *customers, size_t n);

/* Those of these people about whom a claim speaks for a pair; int64_t. Names alone do not count: where two in a list are called the
 * same, it tells them apart by a second mark. */
struct list pair_claimed(struct db *db, struct arena *a, const int64_t *customers, size_t n);

/* All pairs, a stretch at a time, newest first: by claims, by the newest that speaks for the pair; by names, by the newer record. */
enum pair_by { PAIR_BY_CLAIM, PAIR_BY_NAME };
struct pair_stretch {
    int64_t first, last; /* keys of claims or of customers */
    bool more;           /* there are lower ones */
};
/* From this key down; reads so many rows whatever comes of them. */
struct pair_stretch pair_stretch(struct db *db, struct arena *a, enum pair_by by, int64_t last);

struct pair_place {
    int64_t at; /* a claim, or a's key */
    int64_t a, b;
};
/* struct pair_place, by `at` and `b`, highest first. By claims a pair comes for each that speaks for it, and `a` is who claims, or has
 * claimed last. */
struct list pair_places(struct db *db, struct arena *a, enum pair_by by, const struct pair_stretch *stretch);
