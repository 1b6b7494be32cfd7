/* The same word in the singular and in the plural, where that is certain: in languages whose texts can be told, by endings that make no
 * other word of it, and only where the language's stemmer of Snowball (libstemmer) calls both the same. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

#include <stddef.h>

enum language { LANGUAGE_NONE, LANGUAGE_ENGLISH, LANGUAGE_GERMAN, LANGUAGE_FRENCH, LANGUAGES_ };

/* In what a text is written; NONE: in another, in several, or there is too little of it to tell. By Compact Language Detector 2
 * from what it calls reliable, of up to the first LANGUAGE_BYTES_MAX bytes; a few words are enough. Thread-safe. */
#define LANGUAGE_BYTES_MAX 1000
enum language language_of(const char *text, size_t n);

/* The other forms of a folded word; one may come twice. Thread-safe. */
typedef void form_fn(void *arg, enum language language, const char *form);
void forms_each(const char *word, form_fn *fn, void *arg);

#ifdef __cplusplus
}
#endif
