#include "picture/readers.h"

#include "base/mem.h"

static const struct picture_reader *const READERS[] = {&PICTURE_JPEG, &PICTURE_PNG, &PICTURE_GIF, &PICTURE_WEBP,
                                                       &PICTURE_HEIF};

bool picture_read(const uint8_t *data, size_t n, struct small *small)
{
    for (size_t i = 0; i < COUNT_OF(READERS); i++)
        if (READERS[i]->is(data, n))
            return READERS[i]->read(data, n, small);
    return false;
}
