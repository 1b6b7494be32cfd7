/* A small copy of a picture, from its rows: the mean of the pixels that fall together, so that no more than a row of the large one need
 * be in memory. Never larger than it. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SMALL_CHANNELS 4 /* red, green, blue, how opaque it is; a byte each */

/* As EXIF says which way up a picture is (CIPA DC-008, tag 0x0112): 1 to 8; 1: as it is. */
#define SMALL_UPRIGHT 1

struct small {
    int side; /* the longer one, at most; set before small_begin */
    /* inside */
    int from_width, from_height;
    int width, height;
    int row;        /* the next one of the large picture */
    uint64_t *sums; /* of a row of the small one: of each pixel the channels, weighed by opacity, and the count */
    uint8_t *pixels;
};

/* How large it will be of a picture so large: by the side alone. */
void small_size(int side, int width, int height, int *ret_width, int *ret_height);

void small_begin(struct small *s, int width, int height); /* of the large picture; again begins anew */
void small_row(struct small *s, const uint8_t *pixels);   /* the next one; after the last, nothing */
void small_end(struct small *s);                          /* rows that never came are transparent */
void small_turn(struct small *s, int orientation);        /* after small_end */
void small_free(struct small *s);
