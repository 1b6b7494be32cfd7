/* All readers of pictures (read.h). */
#pragma once

#include "picture/read.h"

extern const struct picture_reader PICTURE_JPEG, PICTURE_PNG, PICTURE_GIF, PICTURE_WEBP, PICTURE_HEIF;

/* By the reader that knows it; small->side is set. False: none does, or it could not; small_free in any case. */
bool picture_read(const uint8_t *data, size_t n, struct small *small);
