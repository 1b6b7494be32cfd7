#include "picture/small.h"

#include "base/mem.h"

#define SUMS (SMALL_CHANNELS + 1) /* and how many */

void small_size(int side, int width, int height, int *ret_width, int *ret_height)
{
    int longer = width > height ? width : height, to = longer < side ? longer : side;
    int w = (int)((int64_t)width * to / longer), h = (int)((int64_t)height * to / longer);
    *ret_width = w > 0 ? w : 1;
    *ret_height = h > 0 ? h : 1;
}

void small_begin(struct small *s, int width, int height)
{
    small_free(s);
    s->from_width = width;
    s->from_height = height;
    s->row = 0;
    small_size(s->side, width, height, &s->width, &s->height);
    s->sums = mem_alloc((size_t)s->width * SUMS * sizeof(*s->sums));
    s->pixels = mem_alloc((size_t)s->width * (size_t)s->height * SMALL_CHANNELS);
}

/* Where a row or column of the small picture begins in the large one. */
static int small_begins(int at, int of, int from)
{
    return (int)((int64_t)at * from / of);
}

/* Which row of the small picture one of the large one is in. */
static int row_of(const struct small *s, int row)
{
    return (int)(((int64_t)(row + 1) * s->height - 1) / s->from_height);
}

static void add_pixels(uint64_t *sum, const uint8_t *pixel, int n)
{
    for (int i = 0; i < n; i++, pixel += SMALL_CHANNELS) {
        for (int c = 0; c < 3; c++)
            sum[c] += (uint64_t)pixel[c] * pixel[3];
        sum[3] += pixel[3];
        sum[4]++;
    }
}

static void put_small_row(struct small *s, int row)
{
    uint8_t *to = s->pixels + (size_t)row * (size_t)s->width * SMALL_CHANNELS;
    for (int x = 0; x < s->width; x++, to += SMALL_CHANNELS) {
        const uint64_t *sum = s->sums + x * SUMS;
        for (int c = 0; c < 3; c++)
            to[c] = sum[3] ? (uint8_t)((sum[c] + sum[3] / 2) / sum[3]) : 0;
        to[3] = sum[4] ? (uint8_t)((sum[3] + sum[4] / 2) / sum[4]) : 0;
    }
    memset(s->sums, 0, (size_t)s->width * SUMS * sizeof(*s->sums));
}

void small_row(struct small *s, const uint8_t *pixels)
{
    if (s->row >= s->from_height)
        return;
    for (int x = 0; x < s->width; x++) {
        int from = small_begins(x, s->width, s->from_width), to = small_begins(x + 1, s->width, s->from_width);
        add_pixels(s->sums + x * SUMS, pixels + (size_t)from * SMALL_CHANNELS, to - from);
    }
    int row = row_of(s, s->row++);
    if (s->row == small_begins(row + 1, s->height, s->from_height))
        put_small_row(s, row);
}

void small_end(struct small *s)
{
    int row = row_of(s, s->row);
    if (s->row < s->from_height && s->row > small_begins(row, s->height, s->from_height))
        put_small_row(s, row); /* it has begun */
    free(s->sums);
    s->sums = NULL;
}

/* Where the pixel of a turned picture comes from. */
static size_t turned_from(const struct small *s, int orientation, int x, int y)
{
    int w = s->width, h = s->height;
    const int places[][2] = {{x, y}, {w - 1 - x, y}, {w - 1 - x, h - 1 - y}, {x, h - 1 - y},
                             {y, x}, {y, h - 1 - x}, {w - 1 - y, h - 1 - x}, {w - 1 - y, x}};
    const int *place = places[orientation - 1];
    return ((size_t)place[1] * (size_t)w + (size_t)place[0]) * SMALL_CHANNELS;
}

void small_turn(struct small *s, int orientation)
{
    if (orientation <= SMALL_UPRIGHT || orientation > 8)
        return;
    bool over = orientation > 4; /* its width becomes its height */
    int width = over ? s->height : s->width, height = over ? s->width : s->height;
    uint8_t *turned = mem_alloc((size_t)width * (size_t)height * SMALL_CHANNELS), *to = turned;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++, to += SMALL_CHANNELS)
            memcpy(to, s->pixels + turned_from(s, orientation, x, y), SMALL_CHANNELS);
    free(s->pixels);
    s->pixels = turned;
    s->width = width;
    s->height = height;
}

void small_free(struct small *s)
{
    free(s->sums);
    free(s->pixels);
    s->sums = NULL;
    s->pixels = NULL;
}
