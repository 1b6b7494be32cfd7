/* Records as bytes, by a table: one row describes a member, and both directions follow it, so that nothing is written that is
 * not read. For structs of the channel contract on their way between two processes of one build. */
#pragma once

#include "base/field.h"
#include "base/frame.h"

#include <sys/uio.h>

enum record_kind {
    RECORD_TEXT,   /* const char *, UTF-8, or NULL */
    RECORD_STRING, /* const char *: any bytes, or NULL */
    RECORD_DATA,   /* pointer, and at `count` how many bytes: eight bytes wide */
    RECORD_NUMBER, /* int64_t */
    RECORD_ENUM,   /* an enum, from 0 to `max` */
    RECORD_BOOL,
    RECORD_UUID,
    RECORD_WITHIN,  /* a struct in the struct */
    RECORD_POINTER, /* to a struct, or NULL */
    RECORD_ITEMS,   /* pointer to structs, and at `count` a size_t: a struct list, too */
    RECORD_ARRAY,   /* up to `max` structs in the struct, and at `count` a size_t */
    RECORD_TEXTS,   /* struct list of const char * */
};

struct record;

struct record_field {
    enum record_kind kind;
    size_t offset;
    size_t count; /* offset of the number, where there is one */
    int64_t max;
    const struct record *record;
};

struct record {
    size_t size;
    const struct record_field *fields;
    size_t n;
};

void record_put(struct buf *out, const struct record *record, const void *from);

/* The same bytes in parts, for who sends them: data of RECORD_LARGE bytes or more stay where they are, all else is in `out`. The parts
 * are in the arena, and hold as long as `from` and `out`. */
#define RECORD_LARGE 65536
const struct iovec *record_parts(const struct record *record, const void *from, struct buf *out, struct arena *a,
                                 size_t *ret_n);

/* Fills `ret` (record->size bytes). Texts and data stay where they are in the frame's bytes; all else is in the arena. False:
 * these are no such bytes, and *ret is not to be used. Whoever wrote them can make it use no more memory than a small multiple
 * of their length, and no deeper a stack than RECORD_DEPTH_MAX. */
bool record_take(struct frame *f, const struct record *record, struct arena *a, void *ret);

#define RECORD_DEPTH_MAX 6
