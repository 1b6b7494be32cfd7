/* What agents have begun to write to somebody, or to note, and have not sent: one of each agent and person. Whoever writes it names
 * the version that they have seen, so that two browsers of one agent overwrite nothing of each other unknowingly. */
#pragma once

#include "base/crypto.h"
#include "db/db.h"
#include "store/records.h"

#define DRAFT_BEGINNING_MAX 80                  /* characters */
#define DRAFT_KEEP_MS (30LL * 24 * 3600 * 1000) /* nobody has gone on with it for so long */
#define DRAFTS_LISTED_MAX 200

struct draft_row {
    struct uuid customer;
    int64_t version; /* 0: there is none; never the same again, also when it was gone in between */
    int64_t saved_at;
    const char *beginning; /* how it begins, in one line */
    const char *content;   /* JSON of api/draft.c; not of a listing */
};

/* Those of an agent, the last ones first. */
struct list draft_list(struct db *db, struct arena *a, int64_t agent);
struct draft_row draft_get(struct db *db, struct arena *a, int64_t agent, const struct uuid *customer);

/* Of the one that draft.get answers, which may be to somebody who was merged into them (draft_leads); 0: there is none. */
int64_t draft_version(struct db *db, struct arena *a, int64_t agent, int64_t customer);

/* In a transaction, with the agent locked, so that nobody writes it meanwhile, and before that the person, so that nobody erases
 * them. */
struct draft_row draft_lock(struct db *db, struct arena *a, int64_t agent, const struct uuid *customer);
void draft_put(struct db *db, int64_t agent, const struct draft_row *draft); /* in place of what is there */
void draft_remove(struct db *db, int64_t agent, const struct uuid *customer);

/* Drafts to persons of whom nothing is left because all of them belongs to one other now (merged), who has none. */
struct draft_lead {
    int64_t from_key, to_key, version;
    struct uuid from, to;
};
struct list draft_leads(struct db *db, struct arena *a, int64_t agent); /* struct draft_lead */
/* In a transaction: it is to that other from now on. False: not any more, or somebody is being erased. */
bool draft_follow(struct db *db, struct arena *a, int64_t agent, const struct draft_lead *lead);

int64_t draft_sweep(struct db *db, int64_t before, int64_t limit); /* how many they were */
