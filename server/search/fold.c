#include "search/fold.h"

#include "base/mem.h"
#include "search/variants.h"

#include <glib.h>

#define DECOMPOSED_MAX 18 /* U+FDFA; Unicode promises no longer one */

/* Letters that Unicode does not decompose, and that people type without their stroke. */
static const struct {
    uint32_t c;
    const char *plain;
} PLAIN[] = {{0xdf, "ss"}, {0xe6, "ae"}, {0xf0, "d"},  {0xf8, "o"},   {0xfe, "th"}, {0x111, "d"},
             {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}, {0x3c2, "\xcf\x83"}};

static bool is_dropped_mark(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } RANGES[] = {{0x0300, 0x036f}, {0x0483, 0x0487}, {0x0591, 0x05c7}, {0x0610, 0x061a},
                  {0x064b, 0x065f}, {0x0670, 0x0670}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
                  {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0x1f3fb, 0x1f3ff},
                  {0x200b, 0x200d}, {0x00ad, 0x00ad}, {0x2060, 0x2060}, {0xfeff, 0xfeff}};
    for (size_t i = 0; i < COUNT_OF(RANGES); i++)
        if (c >= RANGES[i].first && c <= RANGES[i].last)
            return true;
    return false;
}

static bool is_dense(uint32_t c)
{
    if (c < 0x0e00)
        return false;
    switch (g_unichar_get_script(c)) {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
        return true;
    default:
        return c == 0x30fc || c == 0x3099 || c == 0x309a; /* the long vowel and the voicing marks are "common" */
    }
}

static enum fold_class class_of(uint32_t c)
{
    if (c == 0xfffd)
        return FOLD_BREAK;
    GUnicodeType type = g_unichar_type(c);
    if (type == G_UNICODE_DECIMAL_NUMBER)
        return FOLD_DIGIT;
    if (is_dense(c) && (g_unichar_isalnum(c) || g_unichar_ismark(c)))
        return FOLD_DENSE;
    if (g_unichar_isalnum(c) || g_unichar_ismark(c))
        return FOLD_LETTER;
    return type == G_UNICODE_OTHER_SYMBOL ? FOLD_SYMBOL : FOLD_BREAK;
}

static void add_fold(struct folding *f, uint32_t c, size_t from, size_t to)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 256;
        f->items = mem_resize(f->items, f->cap * sizeof(*f->items));
    }
    enum fold_class class = class_of(c);
    if (class == FOLD_DENSE)
        c = variant_of(c);
    if (class == FOLD_DIGIT)
        c = '0' + (uint32_t)g_unichar_digit_value(c);
    f->items[f->n++] = (struct folded){c, (uint32_t)from, (uint32_t)to, class};
}

/* Kana with their voicing, Hangul letters to syllables. True: it has become part of the one before. */
static bool joins(struct folding *f, uint32_t c, size_t from, size_t to)
{
    struct folded *last = f->n ? &f->items[f->n - 1] : NULL;
    bool may = c == 0x3099 || c == 0x309a || (c >= 0x1161 && c <= 0x11ff);
    gunichar whole;
    if (!may || !last || last->to < from || !g_unichar_compose(last->c, c, &whole))
        return false;
    last->c = whole;
    last->to = (uint32_t)to;
    return true;
}

#define VU 0x3094 /* ヴ, as hiragana */
#define BU 0x3076

/* ヴァイオリン is バイオリン: the v that only foreign words have is written as b as well. */
static void write_v_as_b(struct folding *f, size_t first)
{
    static const struct {
        uint32_t small, with_b;
    } VOWELS[] = {{0x3041, 0x3070}, {0x3043, 0x3073}, {0x3047, 0x3079}, {0x3049, 0x307c}};
    size_t n = first;
    for (size_t i = first; i < f->n; i++) {
        struct folded one = f->items[i];
        bool v = one.c == VU;
        one.c = v ? BU : one.c;
        for (size_t k = 0; v && i + 1 < f->n && k < COUNT_OF(VOWELS); k++) {
            if (f->items[i + 1].c != VOWELS[k].small)
                continue;
            one.c = VOWELS[k].with_b;
            one.to = f->items[++i].to;
            break;
        }
        f->items[n++] = one;
    }
    f->n = n;
}

#define LONG_VOWEL 0x30fc
#define BOX_LINE 0x2500

static bool is_plain(const struct folded *one)
{
    return one->class == FOLD_DIGIT || (one->class == FOLD_LETTER && one->c < 0x80);
}

/* 1234ー5678: on a Japanese keyboard these are where the hyphen is looked for. */
static void divide_by_lines(struct folding *f, size_t first)
{
    for (size_t i = first + 1; i + 1 < f->n; i++)
        if ((f->items[i].c == LONG_VOWEL || f->items[i].c == BOX_LINE) && is_plain(&f->items[i - 1]) &&
            is_plain(&f->items[i + 1]))
            f->items[i].class = FOLD_BREAK;
}

static void add_folded(struct folding *f, uint32_t c, size_t from, size_t to)
{
    c = g_unichar_tolower(c);
    for (size_t i = 0; i < COUNT_OF(PLAIN); i++) {
        if (PLAIN[i].c != c)
            continue;
        for (const char *p = PLAIN[i].plain; *p; p = g_utf8_next_char(p))
            add_fold(f, g_utf8_get_char(p), from, to);
        return;
    }
    if (!joins(f, c, from, to))
        add_fold(f, c, from, to);
}

static void fold_one(struct folding *f, uint32_t c, size_t from, size_t to)
{
    gunichar parts[DECOMPOSED_MAX];
    bool syllable = c >= 0xac00 && c <= 0xd7a3; /* would fall apart into letters */
    size_t n = syllable ? 0 : g_unichar_fully_decompose(c, TRUE, parts, DECOMPOSED_MAX);
    if (syllable)
        add_fold(f, c, from, to);
    for (size_t i = 0; i < n; i++) {
        if (!is_dropped_mark(parts[i]))
            add_folded(f, parts[i], from, to);
        else if (f->n && f->items[f->n - 1].to == from)
            f->items[f->n - 1].to = (uint32_t)to;
    }
}

void fold_text(const char *text, size_t n, struct folding *ret)
{
    size_t first = ret->n;
    for (size_t at = 0; at < n;) {
        gunichar c = (unsigned char)text[at];
        size_t length = 1;
        if (c >= 0x80) {
            c = g_utf8_get_char_validated(text + at, (gssize)(n - at));
            length = c < 0x110000 ? (size_t)(g_utf8_skip[(unsigned char)text[at]]) : 1;
        }
        if (c >= 0x110000)
            add_fold(ret, 0xfffd, at, at + 1);
        else if (c < 0x80)
            add_fold(ret, c >= 'A' && c <= 'Z' ? c + 32 : c, at, at + 1);
        else
            fold_one(ret, c, at, at + length);
        at += length;
    }
    write_v_as_b(ret, first);
    divide_by_lines(ret, first);
}

void folding_free(struct folding *f)
{
    free(f->items);
    *f = (struct folding){0};
}
