/* Which way up a picture is, from its EXIF data (CIPA DC-008: a TIFF file, of which the first directory counts). Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* `data`: beginning with "II" or "MM". 1 to 8; 1 when it does not say, or is no EXIF. */
int exif_orientation(const uint8_t *data, size_t n);
