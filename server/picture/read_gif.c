#include "base/mem.h"
#include "picture/read.h"

#include <gif_lib.h>

/* The first picture of it alone. */

struct reading {
    const uint8_t *at;
    size_t left;
};

static bool is_gif(const uint8_t *data, size_t n)
{
    return n > 6 && (memcmp(data, "GIF87a", 6) == 0 || memcmp(data, "GIF89a", 6) == 0);
}

static int read_some_of_gif(GifFileType *gif, GifByteType *to, int n)
{
    struct reading *r = gif->UserData;
    int some = (size_t)n < r->left ? n : (int)r->left;
    memcpy(to, r->at, (size_t)some);
    r->at += some;
    r->left -= (size_t)some;
    return some;
}

/* Up to the first picture. *ret_transparent: which colour is none; NO_TRANSPARENT_COLOR: all are. */
static bool find_picture(GifFileType *gif, int *ret_transparent)
{
    GifRecordType type;
    *ret_transparent = NO_TRANSPARENT_COLOR;
    while (DGifGetRecordType(gif, &type) == GIF_OK && type != TERMINATE_RECORD_TYPE) {
        int code;
        GifByteType *data;
        GraphicsControlBlock control;
        if (type == IMAGE_DESC_RECORD_TYPE)
            return DGifGetImageDesc(gif) == GIF_OK;
        if (type != EXTENSION_RECORD_TYPE || DGifGetExtension(gif, &code, &data) != GIF_OK)
            return false;
        if (code == GRAPHICS_EXT_FUNC_CODE && data && DGifExtensionToGCB(data[0], data + 1, &control) == GIF_OK)
            *ret_transparent = control.TransparentColor;
        while (data)
            if (DGifGetExtensionNext(gif, &data) != GIF_OK)
                return false;
    }
    return false;
}

static void put_colours(const ColorMapObject *map, const GifPixelType *line, int n, int transparent, uint8_t *to)
{
    for (int x = 0; x < n; x++, to += SMALL_CHANNELS) {
        int i = line[x] < map->ColorCount ? line[x] : 0;
        const GifColorType *c = &map->Colors[i];
        memcpy(to, (const uint8_t[]){c->Red, c->Green, c->Blue, line[x] == transparent ? 0 : UINT8_MAX},
               SMALL_CHANNELS);
    }
}

/* Whole, for its rows may come in four turns. */
static bool read_gif_lines(GifFileType *gif, GifPixelType *lines)
{
    static const struct {
        int from, step;
    } TURNS[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}}, ONE = {0, 1};
    int width = gif->Image.Width, height = gif->Image.Height;
    bool some = false;
    for (size_t turn = 0; turn < (gif->Image.Interlace ? COUNT_OF(TURNS) : 1); turn++) {
        int from = gif->Image.Interlace ? TURNS[turn].from : ONE.from,
            step = gif->Image.Interlace ? TURNS[turn].step : ONE.step;
        for (int y = from; y < height; y += step) {
            if (DGifGetLine(gif, lines + (size_t)y * (size_t)width, width) != GIF_OK)
                return some;
            some = true;
        }
    }
    return some;
}

static bool read_picture(GifFileType *gif, struct small *small)
{
    int transparent, width, height;
    if (!find_picture(gif, &transparent))
        return false;
    width = gif->Image.Width;
    height = gif->Image.Height;
    const ColorMapObject *map = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
    if (!map || !picture_fits(width, height))
        return false;
    AUTO_FREE char *lines = mem_alloc((size_t)width * (size_t)height),
                   *pixels = mem_alloc((size_t)width * SMALL_CHANNELS);
    bool some = read_gif_lines(gif, (GifPixelType *)lines);
    small_begin(small, width, height);
    for (int y = 0; some && y < height; y++) {
        put_colours(map, (GifPixelType *)lines + (size_t)y * (size_t)width, width, transparent, (uint8_t *)pixels);
        small_row(small, (uint8_t *)pixels);
    }
    small_end(small);
    return some;
}

static bool read_gif(const uint8_t *data, size_t n, struct small *small)
{
    struct reading r = {data, n};
    int error;
    GifFileType *gif = DGifOpen(&r, read_some_of_gif, &error);
    bool some = gif && read_picture(gif, small);
    if (gif)
        DGifCloseFile(gif, &error);
    return some;
}

const struct picture_reader PICTURE_GIF = {"GIF", is_gif, read_gif};
