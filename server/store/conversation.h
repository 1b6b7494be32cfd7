/* Conversations: the rows of the queue. */
#pragma once

#include "db/db.h"
#include "store/records.h"

enum conversation_view { VIEW_OPEN, VIEW_MINE, VIEW_UNASSIGNED, VIEW_SNOOZED, VIEW_RESOLVED, VIEW_ALL };

/* By the newest entry; by who waits longest; by priority, and then by who waits longest. */
enum conversation_sort { CONVERSATIONS_NEWEST, CONVERSATIONS_WAITING, CONVERSATIONS_URGENT, CONVERSATION_SORTS_ };
/* Of all, whatever their status, there is only the order of the newest. */
bool conversation_view_sorts(enum conversation_view view, enum conversation_sort sort);

struct conversation_query {
    enum conversation_view view;
    enum conversation_sort sort;
    int64_t agent; /* of VIEW_MINE */
    int medium;    /* 0: all */
    int64_t
        behind; /* where the last row of the page before stands: its last_at, wait_order or urgency_order; 0: the first page */
    struct uuid behind_id; /* … and which it is */
};
/* A page; struct conversation. */
struct list conversation_list(struct db *db, struct arena *a, const struct conversation_query *q, int64_t limit);
struct list conversation_of_customer(struct db *db, struct arena *a, const struct uuid *customer, int64_t limit);

struct conversation *conversation_get(struct db *db, struct arena *a, const struct uuid *id);

/* The conversations of these customers that are not resolved or were active after `since`; adds struct conversation to
 * *ret. Who writes conversations has locked their customer before (link_lock), so they need no lock of their own. */
void conversation_read_of(struct db *db, struct arena *a, const int64_t *customers, size_t n, int64_t since,
                          struct list *ret);
/* Conversations by their key, with the locks of those to whom they belong; struct conversation. Who has changed an entry holds the
 * lock of the entry's person, and the conversation may be another one's by now: their identities were taken apart. */
struct list conversation_lock(struct db *db, struct arena *a, const int64_t *keys, size_t n);

struct conversation *conversation_by_key(struct db *db, struct arena *a, int64_t key);
/* Of the channels that it came and went by, the one that the fewest may read; 0: it is on none. */
int64_t conversation_strictest_channel(struct db *db, struct arena *a, int64_t key);
struct list conversation_by_keys(struct db *db, struct arena *a, const int64_t *keys, size_t n);

/* The keys of those that these identities have opened; int64_t. */
struct list conversation_opened_by(struct db *db, struct arena *a, const int64_t *identities, size_t n);

/* The newest that are not resolved and show the words of that channel; int64_t. */
struct list conversation_shown_by(struct db *db, struct arena *a, int64_t channel, int64_t limit);

void conversation_insert(struct db *db, struct arena *a, struct conversation *const *items, size_t n); /* fills keys */
/* And when a snooze ends (store/due.h). */
void conversation_save(struct db *db, struct arena *a, struct conversation *const *items, size_t n);

/* Each at most CONVERSATION_COUNT_MAX, which means so many or more: every console asks again whenever something happens,
 * and a queue may be long. */
#define CONVERSATION_COUNT_MAX 1000
struct conversation_count {
    int64_t mine, unassigned, open, snoozed;
};
struct conversation_count conversation_count(struct db *db, struct arena *a, int64_t agent);
