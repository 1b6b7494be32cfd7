/* Small copies of pictures: of every kind the right way up, with the colours it has; and what is no picture, cut, spoilt or larger
 * than what is read. The samples are 240 by 160, of four colours: red, green, blue and yellow. */
#include "arena_kit.h"

#include "picture/exif.h"
#include "picture/readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define SAMPLES SOURCE_DIR "/tests/data/pictures/"

static uint8_t *sample(const char *name, size_t *ret_n)
{
    struct stat st;
    FILE *file = fopen(arena_printf(arena, SAMPLES "%s", name), "rb");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &st), 0);
    uint8_t *data = arena_alloc(arena, (size_t)st.st_size);
    assert_int_equal(fread(data, 1, (size_t)st.st_size, file), st.st_size);
    fclose(file);
    *ret_n = (size_t)st.st_size;
    return data;
}

static void colour_is(const struct small *s, int x, int y, const uint8_t colour[3])
{
    const uint8_t *pixel = s->pixels + ((size_t)y * (size_t)s->width + (size_t)x) * SMALL_CHANNELS;
    for (int c = 0; c < 3; c++)
        if (abs(pixel[c] - colour[c]) > 40)
            fail_msg("at %d, %d: %d, %d, %d", x, y, pixel[0], pixel[1], pixel[2]);
    assert_int_equal(pixel[3], UINT8_MAX);
}

static void four_colours(const struct small *s)
{
    static const uint8_t COLOURS[4][3] = {{220, 30, 30}, {30, 160, 60}, {40, 60, 200}, {240, 220, 40}};
    for (int i = 0; i < 4; i++)
        colour_is(s, s->width * (i % 2 ? 3 : 1) / 4, s->height * (i / 2 ? 3 : 1) / 4, COLOURS[i]);
}

static const char *const NAMES[] = {"turned.jpg", "progressive.jpg", "print.jpg",  "four.png",  "interlaced.png",
                                    "four.gif",   "four.webp",       "moves.webp", "four.heic", "four.avif"};

static void each_kind_is_small_and_upright(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        for (int side = 30; side <= 480; side *= 4) {
            size_t n;
            const uint8_t *data = sample(NAMES[i], &n);
            struct small small = {.side = side};
            if (!picture_read(data, n, &small))
                fail_msg("%s cannot be read", NAMES[i]);
            assert_int_equal(small.width, side < 240 ? side : 240);
            assert_int_equal(small.height, side < 240 ? side * 2 / 3 : 160);
            four_colours(&small);
            small_free(&small);
        }
}

static void what_is_transparent_stays_so(void **state)
{
    static const char *const SEEN_THROUGH[] = {"four.png", "interlaced.png", "four.gif", "four.webp"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(SEEN_THROUGH); i++) {
        size_t n;
        const uint8_t *data = sample(SEEN_THROUGH[i], &n);
        struct small small = {.side = 240};
        assert_true(picture_read(data, n, &small));
        assert_int_equal(small.pixels[3], 0);
        small_free(&small);
    }
}

/* Every cut, and a byte changed at every place: it may be read or not, and nothing else happens. */
static void what_is_cut_or_spoilt_harms_nobody(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        size_t n, step;
        uint8_t *data = sample(NAMES[i], &n);
        step = n / 100 + 1;
        for (size_t at = 0; at < n; at += step) {
            struct small small = {.side = 60};
            uint8_t *cut = mem_alloc(at);
            memcpy(cut, data, at);
            picture_read(cut, at, &small);
            small_free(&small);
            free(cut);
            data[at] ^= 0xff;
            small = (struct small){.side = 60};
            picture_read(data, n, &small);
            small_free(&small);
            data[at] ^= 0xff;
        }
    }
}

static void what_is_too_large_is_not_begun(void **state)
{
    size_t n;
    struct small small = {.side = 60};
    (void)state;
    uint8_t *data = sample("four.gif", &n);
    size_t at = 6;
    while (data[at] != ',') /* the picture, behind the colours and the extension */
        at++;
    memcpy(data + at + 5, "\xff\xff\xff\xff", 4); /* 65535 by 65535 */
    assert_false(picture_read(data, n, &small));
    assert_null(small.pixels);
    data = sample("turned.jpg", &n);
    for (at = 2; data[at + 1] != 0xc0; at += 2 + (size_t)(data[at + 2] << 8 | data[at + 3]))
        ;
    memcpy(data + at + 5, "\xff\xdc\xff\xdc", 4); /* 65500 by 65500 */
    assert_false(picture_read(data, n, &small));
    assert_null(small.pixels);
    assert_true(picture_fits(10000, 10000));
    assert_false(picture_fits(10001, 10000));
    assert_false(picture_fits(0, 10));
    assert_false(picture_fits(40000, 10));
    assert_false(picture_fits(-1, -1));
}

static void what_is_no_picture_is_none(void **state)
{
    static const char *const NONE[] = {"",
                                       "x",
                                       "GIF89a",
                                       "\x89PNG\r\n\x1a\n",
                                       "\xff\xd8\xff\xe0",
                                       "RIFF....WEBPVP8 ",
                                       "<svg/>",
                                       "....ftypheic....",
                                       "BM......"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(NONE); i++) {
        struct small small = {.side = 60};
        assert_false(picture_read((const uint8_t *)NONE[i], strlen(NONE[i]), &small));
        small_free(&small);
    }
}

static void each_way_up_is_turned_right(void **state)
{
    /* Of two by one pixels, A and B, as it is stored; and how it looks. */
    static const struct {
        int width, height;
        const char *shown; /* row by row */
    } TURNED[] = {{2, 1, "AB"}, {2, 1, "BA"}, {2, 1, "BA"}, {2, 1, "AB"},
                  {1, 2, "AB"}, {1, 2, "AB"}, {1, 2, "BA"}, {1, 2, "BA"}};
    (void)state;
    for (int orientation = 1; orientation <= 8; orientation++) {
        struct small s = {.side = 2};
        small_begin(&s, 2, 1);
        small_row(&s, (const uint8_t[]){'A', 0, 0, 255, 'B', 0, 0, 255});
        small_end(&s);
        small_turn(&s, orientation);
        assert_int_equal(s.width, TURNED[orientation - 1].width);
        assert_int_equal(s.height, TURNED[orientation - 1].height);
        assert_int_equal(s.pixels[0], TURNED[orientation - 1].shown[0]);
        assert_int_equal(s.pixels[4], TURNED[orientation - 1].shown[1]);
        small_free(&s);
    }
}

static void the_mean_is_of_the_pixels_that_fall_together(void **state)
{
    struct small s = {.side = 1};
    (void)state;
    small_begin(&s, 2, 2);
    small_row(&s, (const uint8_t[]){100, 0, 0, 255, 200, 0, 0, 255});
    small_row(&s, (const uint8_t[]){0, 0, 0, 0, 0, 0, 0, 0}); /* transparent: it has no colour */
    small_end(&s);
    assert_memory_equal(s.pixels, ((const uint8_t[]){150, 0, 0, 128}), 4);
    s.side = 3;
    small_begin(&s, 1, 7);
    for (uint8_t y = 0; y < 5; y++)
        small_row(&s, (const uint8_t[]){y, y, y, 255});
    small_end(&s); /* the last two never came */
    assert_int_equal(s.height, 3);
    assert_int_equal(s.pixels[4], 3); /* of 2 and 3 */
    assert_int_equal(s.pixels[8], 4); /* what has come of it */
    small_free(&s);
}

static void exif_says_which_way_up(void **state)
{
    uint8_t little[] = "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0",
            big[] = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0";
    (void)state;
    assert_int_equal(exif_orientation(little, sizeof(little)), 8);
    assert_int_equal(exif_orientation(big, sizeof(big)), 6);
    for (size_t n = 0; n < sizeof(big) - 3; n++)
        assert_in_range(exif_orientation(big, n), 1, 8);
    little[18] = 9;
    assert_int_equal(exif_orientation(little, sizeof(little)), 1);
    little[8] = little[9] = 0xff; /* more fields than there are */
    assert_int_equal(exif_orientation(little, sizeof(little)), 1);
    memcpy(little + 4, "\xff\xff\xff\xff", 4);
    assert_int_equal(exif_orientation(little, sizeof(little)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_is_small_and_upright, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_transparent_stays_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_cut_or_spoilt_harms_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_large_is_not_begun, set_up, tear_down),
        cmocka_unit_test(what_is_no_picture_is_none),
        cmocka_unit_test(each_way_up_is_turned_right),
        cmocka_unit_test(the_mean_is_of_the_pixels_that_fall_together),
        cmocka_unit_test(exif_says_which_way_up),
    };
    return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
