/* The index file: words of entries and of people in SQLite FTS5, and how far the database has been read, changed together.
 * It is derived: whatever is wrong with it, it is thrown away and made again. Used by one thread.
 *
 * entry_fts: a row an entry, its number made of the time, so that the newest of any words come first and lazily:
 *   facets (where from, what, whose) | words
 * person_fts: a row an identity and a row a customer, so that no merge changes a row:
 *   spellings (names with letters left out, for typos) | names | words */
#pragma once

#include "base/error.h"
#include "base/field.h"
#include "base/id.h"
#include "search/lite.h"

#define INDEX_VERSION 5 /* of tables, tokenizer, facets and the form of numbers: another one is made anew */

/* Milliseconds, then 18 bits to tell entries of one moment apart: 262,144 of them. */
#define ROW_BITS 18
#define ROW_OF(at) ((int64_t)((uint64_t)(at) << ROW_BITS))
#define ROW_AT(row) ((row) >> ROW_BITS)

/* Opens or makes it for writing. A file that is damaged, of another version or of another database is removed first.
 * NULL: the place cannot be written. */
struct lite *index_open(const char *path, const struct uuid *source);
void index_discard(const char *path);

/* How far it is: 0 what was never set.
 *   seen        number in the feed up to which it is applied (but for the holes)
 *   complete    1: everything is in
 *   identity, customer             while it is made: those below it are still to be read
 *   total                          ... of the two together, when it was begun
 *   begun       when
 *   rebuild     1: another one is to be made beside it
 *   purge_entries, purge_people    1: words of what was erased are still in old segments */
int64_t index_state(struct lite *l, const char *name);
void index_set_state(struct lite *l, const char *name, int64_t value);

/* The holes of the feed before `seen`, ascending (store/log_position.h); and those that have come and gone since. int64_t. */
struct list index_holes(struct lite *l, struct arena *a);
void index_set_holes(struct lite *l, const struct list *come, const struct list *gone);

int64_t index_progress(struct lite *l); /* 0..100; 100: complete */

/* Up to which version an identity's entries are in. */
int64_t index_version(struct lite *l, int64_t identity);
void index_set_version(struct lite *l, int64_t identity, int64_t version);

struct index_entry {
    struct uuid id;
    int64_t identity, at;
    const char *facets, *words;
};
void index_put_entry(struct lite *l, const struct index_entry *e);

enum person_row { PERSON_IDENTITY = 0, PERSON_CUSTOMER = 1 };
#define PERSON_ROW(kind, key) ((key)*2 + (kind))

/* NULL words: the row goes. */
void index_put_person(struct lite *l, int64_t row, const char *spellings, const char *names, const char *words);

/* A step of removing from the file what was deleted from the index; false: nothing left to do. */
bool index_purge_step(struct lite *l);

void index_rest(struct lite *l); /* lets go of what it remembers of the file; it is read again when it is needed */
