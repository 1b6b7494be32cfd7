#include "base/password.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>
#include <zxcvbn.h>

#define PRODUCT "throughline"
#define WORDS_MAX 16
#define WORD_BYTES_MIN 4    /* shorter parts of names are parts of many words */
#define LOOKED_AT_BYTES 100 /* of what is longer, the beginning must be good enough */
#define BITS_OF_A_BLANK 7   /* as any other character */

/* What everybody would try for this person. */
struct personal {
    const char *words[WORDS_MAX + 1]; /* as libzxcvbn wants them: NULL at the end */
    size_t n;
};

static void add_words(struct arena *a, struct personal *p, const char *text, const char *between)
{
    for (const char *at = text; at && *at && p->n < WORDS_MAX;) {
        size_t n = strcspn(at, between);
        if (n >= WORD_BYTES_MIN)
            p->words[p->n++] = arena_strndup(a, at, n);
        at += n + strspn(at + n, between);
    }
}

static struct personal personal_of(struct arena *a, const char *email, const char *name)
{
    struct personal p = {.n = 0};
    const char *address = text_lower_ascii(a, email ? email : "");
    p.words[p.n++] = PRODUCT;
    add_words(a, &p, arena_strndup(a, address, strcspn(address, "@")), ".+-_");
    add_words(a, &p, text_lower_ascii(a, name ? name : ""), " .'-\t\n");
    return p;
}

static bool holds_one(const char *password, const struct personal *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (strstr(password, p->words[i]))
            return true;
    return false;
}

/* libzxcvbn finds no words where blanks stand between them, and takes "password password" for chance. */
static double bits_of(struct arena *a, const char *password, struct personal *p)
{
    char *tight = arena_strdup(a, password), *to = tight;
    size_t blanks = 0;
    for (const char *from = password; *from; from++) {
        if (*from == ' ')
            blanks++;
        else
            *to++ = *from;
    }
    *to = '\0';
    double whole = ZxcvbnMatch(password, p->words, NULL);
    double words = ZxcvbnMatch(tight, p->words, NULL) + (double)blanks * BITS_OF_A_BLANK;
    return words < whole ? words : whole;
}

enum saying password_check(const char *password, const char *email, const char *name)
{
    AUTO_ARENA struct arena *a = arena_new();
    if (utf8_count(password) < PASSWORD_LETTERS_MIN)
        return SAID_password_short;
    struct personal p = personal_of(a, email, name);
    if (holds_one(text_lower_ascii(a, password), &p))
        return SAID_password_personal;
    const char *looked_at = utf8_clean(a, password, strlen(password), LOOKED_AT_BYTES);
    return bits_of(a, looked_at, &p) < PASSWORD_BITS_MIN ? SAID_password_common : SAID_NOTHING;
}
