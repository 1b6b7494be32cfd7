#include "base/mem.h"
#include "picture/exif.h"
#include "picture/read.h"

#include <png.h>
#include <setjmp.h>

#define CHUNK_MAX (8UL << 20) /* bytes, unpacked */

struct reading {
    const uint8_t *at;
    size_t left;
    png_structp png;
    png_infop info;
    uint8_t *pixels; /* a row, or all of one whose rows do not come in their order */
    int orientation;
};

static bool is_png(const uint8_t *data, size_t n)
{
    return n > 8 && png_sig_cmp(data, 0, 8) == 0;
}

static void read_some(png_structp png, png_bytep to, size_t n)
{
    struct reading *r = png_get_io_ptr(png);
    if (n > r->left)
        png_error(png, "cut");
    memcpy(to, r->at, n);
    r->at += n;
    r->left -= n;
}

static void say_nothing_of_png(png_structp png, png_const_charp why)
{
    (void)png;
    (void)why;
}

static void give_png_up(png_structp png, png_const_charp why)
{
    (void)why;
    png_longjmp(png, 1);
}

static void note_orientation(struct reading *r)
{
    png_uint_32 n = 0;
    png_bytep exif = NULL;
    r->orientation = png_get_eXIf_1(r->png, r->info, &n, &exif) ? exif_orientation(exif, n) : SMALL_UPRIGHT;
}

/* Red, green, blue and opacity of eight bits, whatever it is stored as. */
static int ask_for_rgba(struct reading *r)
{
    png_set_expand(r->png);
    png_set_scale_16(r->png);
    png_set_gray_to_rgb(r->png);
    png_set_add_alpha(r->png, UINT8_MAX, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(r->png);
    png_read_update_info(r->png, r->info);
    return passes;
}

static void read_png_rows(struct reading *r, struct small *small)
{
    int width = (int)png_get_image_width(r->png, r->info), height = (int)png_get_image_height(r->png, r->info);
    int passes = ask_for_rgba(r);
    size_t row = (size_t)width * SMALL_CHANNELS, rows = passes > 1 ? (size_t)height : 1;
    r->pixels = mem_alloc(row * rows);
    small_begin(small, width, height);
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < height; y++) {
            uint8_t *to = r->pixels + (passes > 1 ? row * (size_t)y : 0);
            png_read_row(r->png, to, NULL);
            if (pass == passes - 1)
                small_row(small, to);
        }
}

static void read_png_all(struct reading *r, struct small *small)
{
    if (setjmp(png_jmpbuf(r->png)) != 0)
        return;
    png_set_read_fn(r->png, r, read_some);
    png_set_crc_action(r->png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    png_set_chunk_malloc_max(r->png, CHUNK_MAX);
    png_set_user_limits(r->png, PICTURE_SIDE_MAX, PICTURE_SIDE_MAX);
    png_read_info(r->png, r->info);
    note_orientation(r);
    if (picture_fits(png_get_image_width(r->png, r->info), png_get_image_height(r->png, r->info)))
        read_png_rows(r, small);
}

static bool read_png(const uint8_t *data, size_t n, struct small *small)
{
    struct reading r = {.at = data, .left = n, .orientation = SMALL_UPRIGHT};
    r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, give_png_up, say_nothing_of_png);
    r.info = r.png ? png_create_info_struct(r.png) : NULL;
    if (r.info)
        read_png_all(&r, small);
    png_destroy_read_struct(&r.png, &r.info, NULL);
    free(r.pixels);
    bool some = small->pixels && small->row > 0;
    if (some) {
        small_end(small);
        small_turn(small, r.orientation);
    }
    return some;
}

const struct picture_reader PICTURE_PNG = {"PNG", is_png, read_png};
