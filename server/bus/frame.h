/* A message between server processes, as bytes: a head (magic with the format's number, sender, running number, kind),
 * then fields in an order that the kind fixes. Numbers are little-endian. What cannot be read is refused as a whole. */
#pragma once

#include "base/buf.h"
#include "base/id.h"

#define FRAME_HEAD_SIZE 32

struct frame_head {
    struct uuid sender; /* a process, from its start on */
    uint64_t seq;       /* of the sender: 1, 2, … ; a number left out is a message lost */
    uint8_t kind;
};

void frame_head(struct buf *out, const struct frame_head *head);
void frame_number(struct buf *out, uint64_t n);
void frame_uuid(struct buf *out, const struct uuid *id);
void frame_text(struct buf *out, const char *text); /* or NULL */

/* Reads from the left. After the first fault all further fields read as nothing: ask `broken` at the end. */
struct frame {
    const uint8_t *at, *end;
    bool broken;
};

bool frame_open(struct frame *f, const void *data, size_t n, struct frame_head *ret); /* false: not ours */
uint64_t frame_take_number(struct frame *f);
struct uuid frame_take_uuid(struct frame *f);
char *frame_take_text(struct frame *f); /* malloc'd, or NULL; UTF-8 without NUL */
