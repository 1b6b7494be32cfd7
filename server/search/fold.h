/* Text as it is compared: one folded code point may stand for several of the original and the other way round, so each
 * knows the bytes it came from.
 *
 * Folded away: case (also the final sigma, ß, the dotless i), diacritics of alphabets (å ä ö, tonos), widths (full-width
 * Latin, half-width katakana), ligatures, the way syllables are composed (Unicode NFKD, UAX #15, by GLib); older
 * forms of Han characters, and which kana a sound is written in (variants.h); a long vowel or a line that stands for a hyphen. Kept: the voicing marks of kana, and marks of scripts in which they are vowels. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fold_class {
    FOLD_BREAK, /* between words */
    FOLD_LETTER,
    FOLD_DIGIT,
    FOLD_DENSE,  /* of a script that is written without blanks: Han, kana, Hangul, Thai … */
    FOLD_SYMBOL, /* a word by itself: emoji */
};

struct folded {
    uint32_t c;
    uint32_t from, to; /* bytes of the original */
    enum fold_class class;
};

struct folding {
    struct folded *items; /* malloc'd */
    size_t n, cap;
};

/* Appends. `text` need not be valid UTF-8: what is not breaks words. */
void fold_text(const char *text, size_t n, struct folding *ret);
void folding_free(struct folding *f);
