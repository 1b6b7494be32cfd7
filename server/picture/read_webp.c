#include "base/mem.h"
#include "picture/exif.h"
#include "picture/read.h"

#include <webp/decode.h>
#include <webp/demux.h>

#define CHUNK_HEAD 8
#define RIFF_HEAD 12

static bool is_webp(const uint8_t *data, size_t n)
{
    return n > RIFF_HEAD && memcmp(data, "RIFF", 4) == 0 && memcmp(data + 8, "WEBP", 4) == 0;
}

/* Of its chunks (developers.google.com/speed/webp/docs/riff_container) the one that is EXIF. */
static int orientation_of_webp(const uint8_t *data, size_t n)
{
    for (size_t at = RIFF_HEAD; at + CHUNK_HEAD <= n;) {
        const uint8_t *chunk = data + at;
        size_t size = chunk[4] | (size_t)chunk[5] << 8 | (size_t)chunk[6] << 16 | (size_t)chunk[7] << 24;
        if (size > n - at - CHUNK_HEAD)
            break;
        if (memcmp(chunk, "EXIF", 4) == 0)
            return exif_orientation(chunk + CHUNK_HEAD, size);
        at += CHUNK_HEAD + size + size % 2;
    }
    return SMALL_UPRIGHT;
}

/* The library makes it smaller as it goes. */
static bool read_still(const uint8_t *data, size_t n, struct small *small)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config) || WebPGetFeatures(data, n, &config.input) != VP8_STATUS_OK ||
        config.input.has_animation || !picture_fits(config.input.width, config.input.height))
        return false;
    config.options.use_scaling = 1;
    small_size(small->side, config.input.width, config.input.height, &config.options.scaled_width,
               &config.options.scaled_height);
    config.output.colorspace = MODE_RGBA;
    bool fine = WebPDecode(data, n, &config) == VP8_STATUS_OK;
    if (fine) {
        small_begin(small, config.output.width, config.output.height);
        for (int y = 0; y < config.output.height; y++)
            small_row(small, config.output.u.RGBA.rgba + (size_t)y * (size_t)config.output.u.RGBA.stride);
        small_end(small);
    }
    WebPFreeDecBuffer(&config.output);
    return fine;
}

/* The first picture of one that moves. */
static bool read_first(const uint8_t *data, size_t n, struct small *small)
{
    WebPIterator frame;
    WebPDemuxer *demuxer = WebPDemux(&(WebPData){data, n});
    bool fine = demuxer && WebPDemuxGetFrame(demuxer, 1, &frame);
    if (fine) {
        fine = read_still(frame.fragment.bytes, frame.fragment.size, small);
        WebPDemuxReleaseIterator(&frame);
    }
    WebPDemuxDelete(demuxer);
    return fine;
}

static bool read_webp(const uint8_t *data, size_t n, struct small *small)
{
    if (!read_still(data, n, small) && !read_first(data, n, small))
        return false;
    small_turn(small, orientation_of_webp(data, n));
    return true;
}

const struct picture_reader PICTURE_WEBP = {"WebP", is_webp, read_webp};
