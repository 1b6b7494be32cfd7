#include "base/mem.h"
#include "picture/exif.h"
#include "picture/read.h"

#include <stdio.h> /* jpeglib.h wants it before */

#include <jpeglib.h>
#include <setjmp.h>

#define EXIF_MARKER (JPEG_APP0 + 1)
#define EXIF_MAX 65533
#define EXIF_NAME "Exif\0" /* and a NUL */
#define SCALES 8           /* the library makes it smaller by eighths, which costs less than to read it whole */
#define SPARE 2            /* … but leaves it twice as large as wanted, to take means of */
#define SCANS_MAX 100      /* of a progressive one: each goes through all of it */

/* Its error handler does not return. */
struct reading {
    struct jpeg_decompress_struct d; /* first: the handlers are given it */
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf out;
    uint8_t *row, *pixels; /* as the library gives it; as small.h wants it */
};

static bool is_jpeg(const uint8_t *data, size_t n)
{
    return n > 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff;
}

static void give_jpeg_up(j_common_ptr d)
{
    longjmp(((struct reading *)d)->out, 1);
}

static void say_nothing(j_common_ptr d, int level)
{
    (void)d;
    (void)level;
}

static void count_scans(j_common_ptr d)
{
    if (((j_decompress_ptr)d)->input_scan_number > SCANS_MAX)
        give_jpeg_up(d);
}

static int orientation_of(const struct jpeg_decompress_struct *d)
{
    for (const struct jpeg_marker_struct *m = d->marker_list; m; m = m->next)
        if (m->marker == EXIF_MARKER && m->data_length > sizeof(EXIF_NAME) &&
            memcmp(m->data, EXIF_NAME, sizeof(EXIF_NAME)) == 0)
            return exif_orientation(m->data + sizeof(EXIF_NAME), m->data_length - sizeof(EXIF_NAME));
    return SMALL_UPRIGHT;
}

static void choose_scale(struct jpeg_decompress_struct *d, int side)
{
    unsigned longer = d->image_width > d->image_height ? d->image_width : d->image_height;
    d->scale_denom = SCALES;
    for (d->scale_num = 1; d->scale_num < SCALES; d->scale_num++)
        if (longer * d->scale_num / SCALES >= (unsigned)side * SPARE)
            break;
}

/* Of print: cyan, magenta, yellow and black; by Adobe's programs, which are those that write it, upside down. */
static void from_cmyk(const struct reading *r)
{
    bool inverted = r->d.saw_Adobe_marker;
    for (unsigned x = 0; x < r->d.output_width; x++)
        for (int c = 0; c < 3; c++) {
            const uint8_t *from = r->row + x * 4;
            unsigned colour = inverted ? from[c] : 255U - from[c], black = inverted ? from[3] : 255U - from[3];
            r->pixels[x * SMALL_CHANNELS + (unsigned)c] = (uint8_t)(colour * black / 255);
        }
}

static void from_rgb(const struct reading *r)
{
    for (unsigned x = 0; x < r->d.output_width; x++)
        memcpy(r->pixels + x * SMALL_CHANNELS, r->row + x * 3, 3);
}

static void read_rows(struct reading *r, struct small *small)
{
    struct jpeg_decompress_struct *d = &r->d;
    bool print = d->jpeg_color_space == JCS_CMYK || d->jpeg_color_space == JCS_YCCK;
    d->out_color_space = print ? JCS_CMYK : JCS_RGB;
    choose_scale(d, small->side);
    jpeg_start_decompress(d);
    r->row = mem_alloc((size_t)d->output_width * 4);
    r->pixels = mem_alloc((size_t)d->output_width * SMALL_CHANNELS);
    memset(r->pixels, UINT8_MAX, (size_t)d->output_width * SMALL_CHANNELS);
    small_begin(small, (int)d->output_width, (int)d->output_height);
    while (d->output_scanline < d->output_height) {
        JSAMPROW row = r->row;
        if (jpeg_read_scanlines(d, &row, 1) != 1)
            break;
        (print ? from_cmyk : from_rgb)(r);
        small_row(small, r->pixels);
    }
}

static bool read_jpeg(const uint8_t *data, size_t n, struct small *small)
{
    struct reading *r = mem_alloc(sizeof(*r));
    int orientation = SMALL_UPRIGHT;
    r->d.err = jpeg_std_error(&r->errors);
    r->errors.error_exit = give_jpeg_up;
    r->errors.emit_message = say_nothing;
    if (setjmp(r->out) == 0) {
        jpeg_create_decompress(&r->d);
        r->progress.progress_monitor = count_scans;
        r->d.progress = &r->progress;
        jpeg_save_markers(&r->d, EXIF_MARKER, EXIF_MAX);
        jpeg_mem_src(&r->d, data, n);
        jpeg_read_header(&r->d, TRUE);
        if (picture_fits(r->d.image_width, r->d.image_height))
            read_rows(r, small);
    }
    bool some = small->pixels && small->row > 0;
    if (some) {
        orientation = orientation_of(&r->d);
        small_end(small);
        small_turn(small, orientation);
    }
    jpeg_destroy_decompress(&r->d);
    free(r->row);
    free(r->pixels);
    free(r);
    return some;
}

const struct picture_reader PICTURE_JPEG = {"JPEG", is_jpeg, read_jpeg};
