/* An import under way and the row under work: what the files of an import share. */
#pragma once

#include "base/saying.h"
#include "task/columns.h"
#include "task/step.h"

enum import_what { IMPORT_PEOPLE, IMPORT_ORDERS };

struct import_params {
    const char *sha256;
    int what;   /* enum import_what */
    int format; /* enum row_format */
    struct uuid channel_id;
    bool dry_run;
};

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
