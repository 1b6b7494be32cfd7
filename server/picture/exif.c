#include "picture/exif.h"

#include <stdbool.h>
#include <string.h>

#define HEADER 8 /* byte order, 42, where the first directory is */
#define FIELD 12 /* tag, type, count, value */
#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3
#define UPRIGHT 1

static uint32_t number(const uint8_t *at, size_t bytes, bool big)
{
    uint32_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | at[big ? i : bytes - 1 - i];
    return n;
}

int exif_orientation(const uint8_t *data, size_t n)
{
    bool big = n >= HEADER && memcmp(data, "MM\0*", 4) == 0;
    if (n < HEADER || (!big && memcmp(data, "II*\0", 4) != 0))
        return UPRIGHT;
    size_t at = number(data + 4, 4, big);
    if (at < HEADER || at > n - 2)
        return UPRIGHT;
    size_t fields = number(data + at, 2, big);
    at += 2;
    for (size_t i = 0; i < fields && n - at >= FIELD; i++, at += FIELD) {
        uint32_t tag = number(data + at, 2, big), type = number(data + at + 2, 2, big);
        uint32_t value = number(data + at + 8, 2, big);
        if (tag == TAG_ORIENTATION && type == TYPE_SHORT)
            return value >= UPRIGHT && value <= 8 ? (int)value : UPRIGHT;
    }
    return UPRIGHT;
}
