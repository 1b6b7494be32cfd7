#include "search/token.h"

#include "search/fold.h"

#include <glib.h>
#include <string.h>

struct tokenizer {
    const struct folded *items;
    size_t n;
    enum token_mode mode;
    token_fn *fn;
    void *arg;
    bool over;
};

static void emit(struct tokenizer *t, size_t first, size_t end, bool digits_only, bool same_place)
{
    char text[TOKEN_SIZE];
    size_t n = 0, chars = 0;
    for (size_t i = first; i < end && chars < TOKEN_CHARS_MAX; i++) {
        if (digits_only && t->items[i].class != FOLD_DIGIT)
            continue;
        n += (size_t)g_unichar_to_utf8(t->items[i].c, text + n);
        chars++;
    }
    text[n] = '\0';
    if (!t->over)
        t->over = !t->fn(t->arg, &(struct token){text, n, t->items[first].from, t->items[end - 1].to, same_place});
}

static size_t run_end(const struct tokenizer *t, size_t at)
{
    size_t end = at + 1;
    while (end < t->n && t->items[end].class == t->items[at].class)
        end++;
    return end;
}

static bool is_unit(uint32_t c)
{
    GUnicodeScript script = g_unichar_get_script(c);
    return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HANGUL;
}

static void dense_run(struct tokenizer *t, size_t at, size_t end)
{
    bool query = t->mode == TOKENS_OF_QUERY;
    for (size_t i = at; i + 1 < end; i++) {
        emit(t, i, i + 2, false, false);
        if (!query && is_unit(t->items[i].c))
            emit(t, i, i + 1, false, true);
    }
    /* In a query the last one only bridges to what follows. */
    if (!query || end - at == 1 || end < t->n)
        emit(t, end - 1, end, false, false);
}

/* The end of 12,500 or 1.250.000 that begins here; or 0. */
static size_t grouped_end(const struct tokenizer *t, size_t at, size_t end)
{
    size_t groups = 0;
    if (end - at > 3)
        return 0;
    while (end + 3 < t->n) {
        uint32_t c = t->items[end].c;
        if ((c != ',' && c != '.' && c != '\'') || t->items[end + 1].class != FOLD_DIGIT)
            break;
        size_t next = run_end(t, end + 1);
        if (next - end != 4)
            break;
        end = next;
        groups++;
    }
    return groups ? end : 0;
}

static size_t digit_run(struct tokenizer *t, size_t at, size_t end)
{
    bool inside = at >= 2 && t->items[at - 2].class == FOLD_DIGIT && t->items[at - 1].class == FOLD_BREAK;
    size_t whole = inside ? 0 : grouped_end(t, at, end);
    if (whole && t->mode == TOKENS_OF_QUERY) {
        emit(t, at, whole, true, false);
        return whole;
    }
    emit(t, at, end, false, false);
    if (whole)
        emit(t, at, whole, true, true);
    return end;
}

/* What folding has made of it is its text: a facet is written in plain ASCII. */
static size_t facet(struct tokenizer *t, size_t at)
{
    size_t end = at + 1;
    while (end < t->n && t->items[end].c > ' ')
        end++;
    emit(t, at, end, false, false);
    return end;
}

static size_t step_token(struct tokenizer *t, size_t at)
{
    if (t->items[at].c == FACET_MARK)
        return facet(t, at);
    size_t end = run_end(t, at);
    switch (t->items[at].class) {
    case FOLD_BREAK:
        return at + 1;
    case FOLD_SYMBOL:
        emit(t, at, at + 1, false, false);
        return at + 1;
    case FOLD_DENSE:
        dense_run(t, at, end);
        return end;
    case FOLD_DIGIT:
        return digit_run(t, at, end);
    default:
        emit(t, at, end, false, false);
        return end;
    }
}

void tokens_each(const char *text, size_t n, enum token_mode mode, token_fn *fn, void *arg)
{
    struct folding f = {0};
    fold_text(text, n, &f);
    struct tokenizer t = {f.items, f.n, mode, fn, arg, false};
    for (size_t at = 0; at < t.n && !t.over;)
        at = step_token(&t, at);
    folding_free(&f);
}

static bool count_one(void *arg, const struct token *token)
{
    (void)token;
    ++*(size_t *)arg;
    return true;
}

size_t tokens_count(const char *text, enum token_mode mode)
{
    size_t n = 0;
    tokens_each(text, strlen(text), mode, count_one, &n);
    return n;
}
