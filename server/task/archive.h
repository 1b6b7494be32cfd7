/* A ZIP file written as a stream: one file after another, each in pieces, in little memory. Names are UTF-8; large files
 * and archives take the ZIP64 form by themselves. */
#pragma once

#include "base/error.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

struct archive_file;

struct archive_file *archive_file_new(const char *path, struct error *err);      /* NULL fills *err */
void archive_file_begin(struct archive_file *z, const char *name, int64_t time); /* ends the one before */
void archive_file_write(struct archive_file *z, const void *data, size_t n);

/* Writes it to the end; false fills *err: something could not be written, whenever it was. */
bool archive_file_end(struct archive_file *z, struct error *err);
void archive_file_free(struct archive_file *z); /* takes NULL */

/* A name that is safe within an archive, on every system: no path, no control characters, at most 100 bytes. */
const char *archive_file_name(struct arena *a, const char *name);
