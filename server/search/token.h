/* From text to the words that are indexed and searched.
 *
 * Words of alphabets are folded (fold.h) and split where letters meet digits, so that "AF-10042", "AF10042" and "af 10042"
 * are one phrase; 12,500 is 12500 too. What is written without blanks becomes overlapping pairs (bigrams), each a position,
 * and the last character of a run by itself; Han and Hangul characters are words too. A byte 1 begins a facet: a word as it
 * stands, up to a blank. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define TOKEN_CHARS_MAX 40 /* the rest of a longer word does not count */
#define TOKEN_SIZE (TOKEN_CHARS_MAX * 4 + 1)
#define FACET_MARK '\x01'

enum token_mode {
    TOKENS_OF_TEXT,
    TOKENS_OF_QUERY, /* one way to say it: no second words at a position */
};

struct token {
    const char *text; /* UTF-8, NUL-terminated; good during the call */
    size_t n;
    size_t from, to; /* bytes of the original */
    bool same_place; /* another word at the place of the one before */
};

/* Calls `fn` for each in their order until it returns false. */
typedef bool token_fn(void *arg, const struct token *token);
void tokens_each(const char *text, size_t n, enum token_mode mode, token_fn *fn, void *arg);

size_t tokens_count(const char *text, enum token_mode mode);
