/* The import of people and orders: what its files share. Rows become intakes, and a step of some hundred rows is one
 * transaction with the counters; running a file again changes nothing. */
#pragma once

#include "task/columns.h"
#include "task/step.h"

#define IMPORT_ROWS_PER_STEP 100

enum import_what { IMPORT_PEOPLE, IMPORT_ORDERS };
extern const char *const IMPORT_WHAT_NAMES[];

struct import_params {
    const char *sha256;
    int what;   /* enum import_what */
    int format; /* enum row_format */
    struct uuid channel_id;
    bool dry_run;
};
extern const struct shape IMPORT_PARAMS_SHAPE;
extern const struct task_type IMPORT_TASK;

/* Is the file there, and does it have known columns only? From any thread; false fills *err. */
bool import_check(const struct desk *desk, const struct import_params *params, struct error *err);

/* Saved with each step. */
struct import_progress {
    int64_t offset, line; /* of the next row */
    int64_t rows, created, changed, unchanged, refused;
    int64_t report_size;  /* bytes of the report file that count */
    int64_t single_until; /* rows up to this offset are taken one by one: one of them cannot be written */
};

/* Why a row is refused. */
struct refusal {
    int64_t line;
    const char *field; /* column, or NULL: the whole line */
    const char *said;  /* and the cure */
};

/* What a row says of a person besides identities; NULL: nothing. */
struct person_row {
    struct customer profile;        /* its texts: what is NULL is not said */
    struct list tags;               /* const char *: to be added */
    struct json_object *attributes; /* in the arena's keeping; NULL: none */
};
/* One row of a step. */
struct import_item {
    int64_t line;
    struct intake intake;
    struct inbound in;
    struct order_facts order;
    struct person_row person;
    bool known; /* an order of which there is a state already */
};

/* What a step and its rows need. */
struct import {
    struct task_run *run;
    const struct import_params *params;
    const struct channel_account *account; /* NULL: none was given */
    struct arena *a;                       /* of the step */
    struct rows *rows;
    struct list attributes; /* struct attribute: those that are defined */
    int report;             /* file */
};

/* A column's refusal; false. */
bool refusal_set(struct refusal *ret, const char *field, const char *said);
#define import_refuse(im, ret, field, ...) refusal_set(ret, field, said((im)->a, __VA_ARGS__))

/* The identities that a row names, best first, into `in`. False fills *ret: one is no such thing, or there is none. */
bool import_identities(struct import *im, const struct row *row, struct inbound *in, struct refusal *ret);

/* ---- import_people.c ---- */

bool import_person_row(struct import *im, const struct row *row, struct import_item *item, struct refusal *ret);
/* In the step's transaction, after the ingest: profiles as the rows say. Counts in intake.changed. */
void import_people_profiles(struct import *im, struct import_item *items, size_t n, int64_t now);

/* ---- import_orders.c ---- */
bool import_order_row(struct import *im, const struct row *row, struct import_item *item, struct refusal *ret);
void import_orders_look(struct import *im, struct import_item *items, size_t n); /* which are known already */

/* ---- import_report.c: the refused rows, as a file ---- */
int report_open(const struct task_run *run, int64_t size, struct error *err); /* -1 fills *err */
bool report_add(struct import *im, struct import_progress *p, const struct refusal *r, size_t n);
/* Keeps the file as a blob (its hash in ret_hex, or "" when nothing was refused) and adds its first rows to `out` as a
 * JSON list. */
bool report_finish(struct task_run *run, int64_t size, char ret_hex[65], struct buf *out);
void report_remove(const struct task_run *run);
