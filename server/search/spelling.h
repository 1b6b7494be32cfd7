/* Names with typos: two words within a small distance share a spelling with some letters left out (symmetric deletion, as
 * in SymSpell by W. Garbe), so candidates are found by exact words; the distance itself decides. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many edits (a letter more, less or another, two neighbours swapped) a word of so many letters may hold: 0 to 2. */
unsigned spelling_tolerance(size_t letters);

typedef void spelling_fn(void *arg, const char *spelling);
/* The spellings of a folded word that is indexed, or searched; a few of them twice. */
void spellings_indexed(const char *word, spelling_fn *fn, void *arg);
void spellings_searched(const char *word, spelling_fn *fn, void *arg);

/* Optimal string alignment distance in code points, or more than `max`. */
unsigned spelling_distance(const char *a, const char *b, unsigned max);
