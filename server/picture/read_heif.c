#include "base/mem.h"
#include "picture/read.h"

#include <libheif/heif.h>

/* HEIC of phones, and AVIF. The library turns a picture by itself. */

static bool is_heif(const uint8_t *data, size_t n)
{
    return n > 12 && memcmp(data + 4, "ftyp", 4) == 0 &&
           heif_check_filetype(data, (int)(n < 1024 ? n : 1024)) != heif_filetype_no;
}

static bool read_image(struct heif_image_handle *handle, struct small *small)
{
    struct heif_image *image = NULL;
    int stride = 0;
    struct heif_error error =
        heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGBA, NULL);
    const uint8_t *rows =
        error.code == heif_error_Ok ? heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride) : NULL;
    if (rows) {
        int width = heif_image_get_width(image, heif_channel_interleaved);
        int height = heif_image_get_height(image, heif_channel_interleaved);
        small_begin(small, width, height);
        for (int y = 0; y < height; y++)
            small_row(small, rows + (size_t)y * (size_t)stride);
        small_end(small);
    }
    heif_image_release(image);
    return rows != NULL;
}

static bool read_heif(const uint8_t *data, size_t n, struct small *small)
{
    struct heif_context *context = heif_context_alloc();
    struct heif_image_handle *handle = NULL;
    heif_context_set_max_decoding_threads(context, 0);
    heif_context_set_maximum_image_size_limit(context, PICTURE_SIDE_MAX);
    bool fine = heif_context_read_from_memory_without_copy(context, data, n, NULL).code == heif_error_Ok &&
                heif_context_get_primary_image_handle(context, &handle).code == heif_error_Ok &&
                picture_fits(heif_image_handle_get_width(handle), heif_image_handle_get_height(handle)) &&
                read_image(handle, small);
    heif_image_handle_release(handle);
    heif_context_free(context);
    return fine;
}

const struct picture_reader PICTURE_HEIF = {"HEIF", is_heif, read_heif};
