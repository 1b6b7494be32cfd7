/* A table from serial ids, or other 64-bit keys, to objects: late results name their requester by an id, never by a pointer.
 * Keys that strangers choose (address groups) are spread as well. The values are the caller's. One thread at a time. */
#pragma once

#include <stdint.h>

struct index;

struct index *index_new(void);
void index_free(struct index *x); /* takes NULL */
void index_put(struct index *x, uint64_t key, void *value);
void *index_get(const struct index *x, uint64_t key); /* NULL: there is none */
void index_remove(struct index *x, uint64_t key);
