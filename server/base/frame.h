/* A message between processes, as bytes: fields in an order that both sides know. Numbers are little-endian. What cannot be
 * read is refused as a whole. Between servers (bus/) a head comes first: magic with the format's number, sender, running
 * number, kind. */
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
void frame_text(struct buf *out, const char *text);           /* or NULL */
void frame_data(struct buf *out, const void *data, size_t n); /* or NULL; a NUL follows */

/* Reads from the left. After the first fault all further fields read as nothing: ask `broken` at the end. */
struct frame {
    const uint8_t *at, *end;
    bool broken;
};

bool frame_open(struct frame *f, const void *data, size_t n, struct frame_head *ret); /* false: not ours */
uint64_t frame_take_number(struct frame *f);
struct uuid frame_take_uuid(struct frame *f);
char *frame_take_text(struct frame *f); /* malloc'd, or NULL; UTF-8 without NUL */
/* What frame_data wrote, where it is: as long as the frame's bytes. NUL-terminated, or NULL. */
const char *frame_take_data(struct frame *f, size_t *ret_n);
