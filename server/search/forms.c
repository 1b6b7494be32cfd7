#include "search/forms.h"

#include "base/mem.h"

#include <libstemmer.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define WORD_MAX 32
#define ENDINGS_MAX 3

/* Words of a kind: what stands in front of the ending has at least so many letters. */
static const struct paradigm {
    enum language language;
    size_t base_min;
    const char *endings[ENDINGS_MAX];
} PARADIGMS[] = {
    {LANGUAGE_ENGLISH, 3, {"", "s"}},      /* refund, refunds */
    {LANGUAGE_ENGLISH, 3, {"", "es"}},     /* box, boxes */
    {LANGUAGE_ENGLISH, 3, {"y", "ies"}},   /* delivery, deliveries */
    {LANGUAGE_GERMAN, 5, {"", "e", "en"}}, /* Paket, Pakete, Paketen; Rechnung, Rechnungen */
    {LANGUAGE_GERMAN, 4, {"e", "en"}},     /* Karte, Karten */
    {LANGUAGE_FRENCH, 4, {"", "s"}},       /* commande, commandes */
    {LANGUAGE_FRENCH, 3, {"al", "aux"}},   /* journal, journaux */
    {LANGUAGE_FRENCH, 3, {"eau", "eaux"}}, /* cadeau, cadeaux */
};

/* With an ending less or more, these are other words. */
static const char APART[] = " goods customs does means arms glasses news works minutes looks cours pays temps sens ";

static const char *const STEMMERS[] = {NULL, "english", "german", "french", NULL};
_Static_assert(COUNT_OF(STEMMERS) == LANGUAGES_ + 1, "STEMMERS: one each, and NULL");

static bool is_apart(const char *word)
{
    char between[WORD_MAX + 16];
    snprintf(between, sizeof(between), " %s ", word);
    return strstr(APART, between) != NULL;
}

/* Whether the stemmer takes a word to be the one whose stem this is. */
static bool has_stem(struct sb_stemmer *stemmer, const char *word, const char *stem)
{
    const char *got = (const char *)sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)strlen(word));
    return got && strcmp(got, stem) == 0;
}

static void forms_of(const struct paradigm *p, struct sb_stemmer *stemmer, const char *word, const char *stem,
                     form_fn *fn, void *arg)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < ENDINGS_MAX && p->endings[i]; i++) {
        size_t ending = strlen(p->endings[i]);
        if (n < p->base_min + ending || strcmp(word + n - ending, p->endings[i]) != 0)
            continue;
        for (size_t k = 0; k < ENDINGS_MAX && p->endings[k]; k++) {
            char form[WORD_MAX + 8];
            snprintf(form, sizeof(form), "%.*s%s", (int)(n - ending), word, p->endings[k]);
            if (k != i && !is_apart(form) && has_stem(stemmer, form, stem))
                fn(arg, p->language, form);
        }
    }
}

void forms_each(const char *word, form_fn *fn, void *arg)
{
    size_t n = strlen(word);
    if (n < 3 || n > WORD_MAX || strspn(word, "abcdefghijklmnopqrstuvwxyz") != n || is_apart(word))
        return;
    for (enum language language = LANGUAGE_NONE + 1; language < LANGUAGES_; language++) {
        struct sb_stemmer *stemmer = sb_stemmer_new(STEMMERS[language], NULL);
        const char *got = stemmer ? (const char *)sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)n) : NULL;
        char stem[WORD_MAX + 8];
        snprintf(stem, sizeof(stem), "%s", got ? got : "");
        for (size_t i = 0; got && i < COUNT_OF(PARADIGMS); i++)
            if (PARADIGMS[i].language == language)
                forms_of(&PARADIGMS[i], stemmer, word, stem, fn, arg);
        sb_stemmer_delete(stemmer);
    }
}
