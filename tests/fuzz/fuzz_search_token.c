/* The first byte chooses the mode, the rest is the text: its words, the numbers in it, its language, and itself as a number and a word. */
#include "search/forms.h"
#include "search/number.h"
#include "search/token.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct seen {
    size_t n, from;
    const char *text;
};

static bool must_be_in_place(void *arg, const struct token *token)
{
    struct seen *seen = arg;
    if (token->from >= token->to || token->to > seen->n || token->from < seen->from || token->n == 0 ||
        token->n >= TOKEN_SIZE || strlen(token->text) != token->n)
        abort();
    seen->from = token->from;
    return true;
}

static void must_be_number(void *arg, const char *number, size_t from, size_t to)
{
    const struct seen *seen = arg;
    size_t n = strlen(number);
    if (from >= to || to > seen->n || n <= NUMBER_DIGITS_MIN || n > NUMBER_CHARS_MAX)
        abort();
    size_t tail = number_tail(seen->text, from, to, n);
    if (tail < from || tail >= to)
        abort();
}

static void must_be_form(void *arg, enum language language, const char *form)
{
    (void)arg;
    if (language == LANGUAGE_NONE || language >= LANGUAGES_ || form[0] == '\0')
        abort();
}

static void read_numbers(const uint8_t *data, size_t size)
{
    char number[NUMBER_CHARS_MAX + 1], *text = malloc(size + 1); /* of its exact size, for the sanitizer */
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    struct seen seen = {.n = strlen(text), .text = text};
    numbers_each(text, must_be_number, &seen);
    if (number_typed(text, number) && (strlen(number) < NUMBER_DIGITS_MIN || strlen(number) > NUMBER_CHARS_MAX))
        abort();
    if (number_word(text) > seen.n || language_of(text, seen.n) >= LANGUAGES_)
        abort();
    forms_each(text, must_be_form, NULL);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct seen seen = {.n = size - 1};
    tokens_each((const char *)data + 1, size - 1, data[0] % 2 ? TOKENS_OF_QUERY : TOKENS_OF_TEXT, must_be_in_place,
                &seen);
    read_numbers(data + 1, size - 1);
    return 0;
}
