/* Numbers of orders, parcels, cards and telephones, however they are written: with blanks, brackets or dashes of any kind between
 * their groups, in small or full width, with what says that a number follows. In the index each stands backwards (FACET_NUMBER), so
 * that its end, which people read out and type, is the beginning of a word. */
#pragma once

#include "search/search.h"

#include <stddef.h>

#define NUMBER_DIGITS_MIN 4 /* of an end that is typed; a number is longer */
#define NUMBER_CHARS_MAX 30 /* letters and digits */

/* A number, and the bytes where it stands in the text. */
typedef void number_fn(void *arg, const char *number, size_t from, size_t to);

/* Telephone numbers within a text: E.164 without the plus. */
void phones_each(const char *text, const struct search_config *config, number_fn *fn, void *arg);

/* What may be a number within a text: small letters and digits. What stands before it may be with it: only its end is sure. Groups
 * have digits, or are up to four capitals. At most 60 are told of. */
void numbers_each(const char *text, number_fn *fn, void *arg);

/* Where the last so many letters and digits of from..to begin. */
size_t number_tail(const char *text, size_t from, size_t to, size_t chars);

/* The end of a number, as it was typed; false: it is none, or too short. */
bool number_typed(const char *text, char ret[NUMBER_CHARS_MAX + 1]);
/* A telephone number behind the 0 or 00 that stands for its country code; NULL: there is none. */
const char *number_without_zeros(const char *number);

/* Bytes of what only says that a number follows ("no. ", "order #", 注文番号：); 0: none does. */
size_t number_word(const char *p);
