/* What anybody may send as a picture. */
#include "picture/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct small small = {.side = 64};
    picture_read(data, size, &small);
    small_free(&small);
    return 0;
}
