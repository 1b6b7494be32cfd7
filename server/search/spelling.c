#include "search/spelling.h"

#include "base/text.h"
#include "search/token.h"

#include <glib.h>
#include <string.h>

#define PREFIX 7 /* letters that are varied: those of a longer word decide by themselves */

unsigned spelling_tolerance(size_t letters)
{
    return letters < 4 ? 0 : letters < 8 ? 1 : 2;
}

static size_t decode_letter(const char *word, uint32_t *out, size_t max)
{
    size_t n = 0;
    for (; *word && n < max; word = g_utf8_next_char(word))
        out[n++] = g_utf8_get_char(word);
    return n;
}

static void leave_out(const uint32_t *letters, size_t n, size_t from, unsigned deletions, spelling_fn *fn, void *arg)
{
    char text[PREFIX * 6 + 1];
    size_t length = 0;
    for (size_t i = 0; i < n; i++)
        length += (size_t)g_unichar_to_utf8(letters[i], text + length);
    text[length] = '\0';
    fn(arg, text);
    for (size_t i = from; deletions > 0 && n > 1 && i < n; i++) {
        uint32_t fewer[PREFIX];
        memcpy(fewer, letters, i * sizeof(*fewer));
        memcpy(fewer + i, letters + i + 1, (n - i - 1) * sizeof(*fewer));
        leave_out(fewer, n - 1, i, deletions - 1, fn, arg);
    }
}

/* A word of n letters is found by one of up to n + 2 with a tolerance of 2, so it holds the deletions for that. */
void spellings_indexed(const char *word, spelling_fn *fn, void *arg)
{
    uint32_t letters[PREFIX];
    size_t n = decode_letter(word, letters, PREFIX);
    leave_out(letters, n, 0, n < 3 ? 0 : n < 6 ? 1 : 2, fn, arg);
}

void spellings_searched(const char *word, spelling_fn *fn, void *arg)
{
    uint32_t letters[PREFIX];
    leave_out(letters, decode_letter(word, letters, PREFIX), 0, spelling_tolerance(utf8_count(word)), fn, arg);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned spelling_distance(const char *a, const char *b, unsigned max)
{
    uint32_t x[TOKEN_CHARS_MAX], y[TOKEN_CHARS_MAX];
    size_t n = decode_letter(a, x, TOKEN_CHARS_MAX), m = decode_letter(b, y, TOKEN_CHARS_MAX);
    unsigned rows[3][TOKEN_CHARS_MAX + 1], *before = rows[0], *last = rows[1], *now = rows[2];
    if (n > m + max || m > n + max)
        return max + 1;
    for (size_t j = 0; j <= m; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (x[i - 1] != y[j - 1]));
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        unsigned *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[m];
}
