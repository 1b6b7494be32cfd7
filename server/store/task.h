/* Pieces of long work: what was asked, and where it stands. See sql/006_tasks.sql and task/runner.h. */
#pragma once

#include "base/terms.h"
#include "db/db.h"
#include "store/due.h"
#include "store/records.h"

extern const struct shape TASK_SHAPE;

struct task {
    int64_t key; /* inside */
    struct uuid id;
    int kind;  /* enum task_kind */
    int state; /* enum task_state */
    const char *title;
    const char *params;   /* inside: JSON */
    const char *progress; /* inside: JSON, or NULL before the first step */
    int64_t done, total;  /* total FIELD_INT_NONE: not known */
    const char *result;   /* JSON, or NULL */
    const char *error;
    int64_t customer; /* inside: key of the person whom it is about, or 0 */
    struct uuid created_by;
    int64_t created_by_key, created_by_token; /* inside: the agent, or the integrator; both 0: this server itself */
    struct uuid token_id;                     /* inside: of the integrator */
    int64_t created_at, started_at, ended_at;
};

/* id, kind, title, params, customer, created_by_key, created_by_token, created_at count. In a transaction. */
void task_insert(struct db *db, const struct task *task);
struct task *task_get(struct db *db, struct arena *a, const struct uuid *id);                    /* or NULL */
struct list task_list(struct db *db, struct arena *a, const struct uuid *before, int64_t limit); /* newest first */

/* The one whose result is this file: an export, or the report of an import; NULL: none. */
struct task *task_with_file(struct db *db, struct arena *a, const char *sha256);

/* Makes one that was taken (store/due.h: DUE_TASK) running. NULL: it is over, or the database has failed. */
struct task *task_begin(struct db *db, struct arena *a, int64_t key, int64_t now);

enum task_hold { TASK_HELD, TASK_LOST, TASK_UNWANTED };

/* Locks the row; lost: another process has it, unwanted: it was cancelled. In a transaction, as what follows. */
enum task_hold task_hold(struct db *db, struct arena *a, const struct due_taken *due);
void task_save(struct db *db, const struct due_taken *due, const char *progress, int64_t done, int64_t total,
               int64_t leased_until);
void task_end(struct db *db, int64_t key, int state, const char *result, const char *error, int64_t now);

/* A waiting one is cancelled at once, a running one before its next step; who finds it due sees that. False: it is over, or there is none. */
bool task_cancel(struct db *db, const struct uuid *id, int64_t now);

/* Of a person who is being erased: no words, no results; of all but `except`. */
void task_erase_words(struct db *db, int64_t customer, int64_t except);
