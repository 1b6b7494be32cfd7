/* The first byte chooses the mode, the rest is the text. */
#include "search/token.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct seen {
    size_t n, from;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct seen seen = {.n = size - 1};
    tokens_each((const char *)data + 1, size - 1, data[0] % 2 ? TOKENS_OF_QUERY : TOKENS_OF_TEXT, must_be_in_place,
                &seen);
    return 0;
}
