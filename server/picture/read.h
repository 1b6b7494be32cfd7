/* Readers of pictures: a stranger's bytes become rows of pixels for a small copy of them (small.h). Run in a process of their own
 * (child.c), which may die of them. Each looks at the width and height first, and at nothing else of a picture that is too large; what
 * a picture holds besides (places, names, previews, profiles of colour) goes no further. */
#pragma once

#include "picture/small.h"

#include <stddef.h>

#define PICTURE_PIXELS_MAX (100 * 1000 * 1000LL) /* width by height */
#define PICTURE_SIDE_MAX 32000

struct picture_reader {
    const char *name;
    bool (*is)(const uint8_t *data, size_t n); /* by its first bytes */
    /* False: it is none, is damaged at the beginning, or too large. What is cut at its end gives what there is. */
    bool (*read)(const uint8_t *data, size_t n, struct small *small);
};

bool picture_fits(int64_t width, int64_t height); /* within the limits */
