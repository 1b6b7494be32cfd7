/* The content-addressed store of attachments and large inputs: a file is named by the SHA-256 of its content, so the
 * same content is kept once and never changes. blob_dir/ab/cd/abcd…; what is being written is in blob_dir/tmp. */
#pragma once

#include "base/error.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

#define BLOB_HEX_SIZE 65

bool blob_init(const char *dir, struct error *err); /* makes the folders, removes what was left half-written long ago */

bool blob_write(int fd, const char *data, size_t n); /* all of it; false: errno says why not */

/* Durable when it returns true; not on the loop. */
bool blob_put(const char *dir, const void *data, size_t n, char ret_hex[BLOB_HEX_SIZE], struct error *err);

/* Files have found no room on their disk a moment ago, in any thread, and none has since. */
bool blob_is_full(void);
void blob_was_full(void); /* others who write below the same folder say so */
#define BLOB_FULL_TEXT "The disk for files is full: free space there, and it goes on by itself."

bool blob_hex_valid(const char *hex);
const char *blob_path(struct arena *a, const char *dir, const char *hex);
/* The whole content, NUL-terminated, in the arena. NULL: it is not there. */
const char *blob_read(struct arena *a, const char *dir, const char *hex, size_t *ret_len);
bool blob_exists(const char *dir, const char *hex, long long *ret_size);

/* Of a file, however large; ret_size may be NULL. */
bool blob_hash(const char *path, char ret_hex[BLOB_HEX_SIZE], long long *ret_size, struct error *err);

/* Takes over a finished file of the same file system, however large: it is gone from `path` afterwards. ret_size may be
 * NULL. */
bool blob_adopt(const char *dir, const char *path, char ret_hex[BLOB_HEX_SIZE], long long *ret_size, struct error *err);
bool blob_adopt_as(const char *dir, const char *path, const char *hex,
                   struct error *err);              /* what blob_hash has said of it */
void blob_remove(const char *dir, const char *hex); /* one that is not there is gone already */
