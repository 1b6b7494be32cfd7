#include "search/number.h"

#include "base/text.h"

#include <ctype.h>

#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 17 /* with a prefix before the country code */
#define PHONE_SPELLED_MAX 90
#define PHONE_GROUPS_MAX 6
#define PHONE_TRIES_MAX 60 /* of one text */
#define GROUPS_MAX 8
#define NUMBERS_MAX 60 /* of one text */
#define PREFIX_LETTERS_MAX 4
#define DIGITS_BEHIND_WORD_MIN 3

/* ---- characters ---- */

#define BLANK ' '
#define DASH '-'

/* Characters beyond ASCII that stand for one of it in numbers: full width, blanks, dashes and what is typed for them. */
static size_t read_wide(const unsigned char *p, char *ret)
{
    if (p[0] == 0xc2 && p[1] == 0xa0) {
        *ret = BLANK;
        return 2;
    }
    if (p[0] < 0xe0 || p[0] > 0xef || !p[1] || !p[2])
        return 0;
    unsigned c = (p[0] & 0xfU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
    if (c >= 0xff01 && c <= 0xff5e) {
        *ret = (char)(c - 0xff01 + '!');
        return 3;
    }
    switch (c) {
    case 0x2009:
    case 0x202f:
    case 0x3000:
        *ret = BLANK;
        return 3;
    case 0x2010: /* hyphens and dashes */
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212: /* minus */
    case 0x2500: /* a line of a box */
    case 0x30fc: /* long vowels */
    case 0xff70:
    case 0xfe63:
        *ret = DASH;
        return 3;
    default:
        return 0;
    }
}

static size_t read_ascii(const char *p, char *ret)
{
    unsigned char first = (unsigned char)*p;
    *ret = *p;
    return first < 0x80 ? first != '\0' : read_wide((const unsigned char *)p, ret);
}

/* A character of a number: its bytes, and what it is: a letter or digit of ASCII, BLANK or DASH. 0 bytes: none. */
static size_t read_char(const char *p, char *ret)
{
    size_t size = read_ascii(p, ret);
    if (size && strchr("_/", *ret))
        *ret = DASH;
    return size && (isalnum((unsigned char)*ret) || *ret == BLANK || *ret == DASH) ? size : 0;
}

/* ---- telephone numbers ---- */

/* As long as it may belong to a number: digits, and what is written between them. */
static size_t phone_char(const char *p, char *ret)
{
    size_t size = read_ascii(p, ret);
    return size && (isdigit((unsigned char)*ret) || strchr("+-.()/ ", *ret)) ? size : 0;
}

/* A run of digits and what may stand between them, and where blanks divide it. */
struct phone_run {
    const char *text;
    struct {
        size_t from, to, digits;
    } groups[PHONE_GROUPS_MAX];
    size_t n, length;
};

static struct phone_run read_run(const char *text)
{
    struct phone_run run = {.text = text};
    bool inside = false;
    char c = '\0';
    for (size_t size; (size = phone_char(text + run.length, &c)) > 0; run.length += size) {
        if (c == BLANK) {
            inside = false;
            continue;
        }
        if (!inside && run.n == PHONE_GROUPS_MAX)
            break; /* the rest is the next run */
        if (!inside)
            run.groups[run.n++].from = run.length;
        inside = true;
        run.groups[run.n - 1].to = run.length + size;
        run.groups[run.n - 1].digits += isdigit((unsigned char)c) != 0;
    }
    return run;
}

/* Which of the neighbouring groups make up one number is not known: each choice that can be one counts. */
static void phones_of_run(const struct phone_run *run, const char *text, size_t *tries,
                          const struct search_config *config, number_fn *fn, void *arg)
{
    char spelled[PHONE_SPELLED_MAX], number[24];
    for (size_t i = 0; i < run->n; i++) {
        size_t digits = 0;
        for (size_t k = i; k<run->n && * tries> 0; k++) {
            size_t from = run->groups[i].from, to = run->groups[k].to;
            digits += run->groups[k].digits;
            if (digits < PHONE_DIGITS_MIN || digits > PHONE_DIGITS_MAX || to - from >= sizeof(spelled))
                continue;
            memcpy(spelled, run->text + from, to - from);
            spelled[to - from] = '\0';
            --*tries;
            if (config->phone(spelled, config->country, number))
                fn(arg, number + (number[0] == '+'), (size_t)(run->text - text) + from,
                   (size_t)(run->text - text) + to);
        }
    }
}

void phones_each(const char *text, const struct search_config *config, number_fn *fn, void *arg)
{
    size_t tries = config->phone ? PHONE_TRIES_MAX : 0;
    for (const char *p = text; p && *p && tries > 0;) {
        struct phone_run run = read_run(p);
        phones_of_run(&run, text, &tries, config, fn, arg);
        p += run.length ? run.length : 1;
    }
}

/* ---- all numbers ---- */

struct group {
    size_t from, to;          /* bytes of the text */
    size_t chars, digits;     /* of it */
    size_t end;               /* chars of the run up to here */
    bool upper, blank_before; /* only capitals; a blank and no dash divides it from the one before */
};

/* Neighbouring groups of letters and digits that may be one number. */
struct run {
    struct group groups[GROUPS_MAX];
    size_t n;
    char text[NUMBER_CHARS_MAX + 1]; /* of them together */
    size_t length;
};

/* Letters and digits from here on; their text goes behind that of the run, as far as it has room. */
static struct group read_group(const char *text, size_t at, struct run *run)
{
    struct group g = {.from = at, .to = at, .upper = true};
    char c = '\0';
    for (size_t size; (size = read_char(text + g.to, &c)) > 0 && c != BLANK && c != DASH; g.to += size) {
        g.digits += isdigit((unsigned char)c) != 0;
        g.upper &= isupper((unsigned char)c) != 0;
        if (run->length + g.chars < NUMBER_CHARS_MAX)
            run->text[run->length + g.chars] = (char)tolower((unsigned char)c);
        g.chars++;
    }
    return g;
}

static bool may_belong(const struct group *g, const struct run *run)
{
    bool short_letters = g->upper && g->chars <= PREFIX_LETTERS_MAX;
    return g->chars > 0 && (g->digits > 0 || short_letters) && run->n < GROUPS_MAX &&
           run->length + g->chars <= NUMBER_CHARS_MAX;
}

static int value_of(const struct run *run, size_t i)
{
    int value = 0;
    for (size_t k = run->groups[i].end - run->groups[i].chars; k < run->groups[i].end; k++)
        value = value * 10 + (run->text[k] - '0');
    return value;
}

/* 2026-12-24, 24/12/2026: the day of a message is what nobody looks for by its last digits. */
static bool is_calendar_day(const struct run *run, size_t last)
{
    if (last < 2)
        return false;
    const struct group *g = &run->groups[last - 2];
    if (g[1].blank_before || g[2].blank_before)
        return false;
    for (size_t i = 0; i < 3; i++)
        if (g[i].digits != g[i].chars || g[i].chars > 4)
            return false;
    int first = value_of(run, last - 2), middle = value_of(run, last - 1), end = value_of(run, last);
    int year = first > 31 ? first : end, day = first > 31 ? end : first;
    return year >= 1900 && year < 2100 && ((middle >= 1 && middle <= 12 && day <= 31) || (day <= 12 && middle <= 31));
}

/* Where a number begins in a run need not be known, for it is found by its end. Where it ends: before any blank. */
static size_t tell_run(struct run *run, size_t tries, number_fn *fn, void *arg)
{
    size_t digits = 0, told = 0;
    for (size_t i = 0; i < run->n && told < tries; i++) {
        const struct group *g = &run->groups[i];
        digits += g->digits;
        bool ends = i + 1 == run->n || run->groups[i + 1].blank_before;
        if (!ends || digits < NUMBER_DIGITS_MIN || g->end <= NUMBER_DIGITS_MIN || is_calendar_day(run, i))
            continue;
        char number[NUMBER_CHARS_MAX + 1];
        memcpy(number, run->text, g->end);
        number[g->end] = '\0';
        fn(arg, number, run->groups[0].from, g->to);
        told++;
    }
    run->n = run->length = 0;
    return told;
}

void numbers_each(const char *text, number_fn *fn, void *arg)
{
    struct run run = {0};
    size_t tries = NUMBERS_MAX, at = 0;
    char divider = '\0', next = '\0';
    while (text && text[at] && tries > 0) {
        struct group g = read_group(text, at, &run);
        if (!may_belong(&g, &run) && run.n > 0) { /* it may begin another one */
            tries -= tell_run(&run, tries, fn, arg);
            continue;
        }
        if (may_belong(&g, &run)) {
            g.blank_before = divider == BLANK;
            run.length += g.chars;
            g.end = run.length;
            run.groups[run.n++] = g;
        }
        size_t size = read_char(text + g.to, &divider);
        bool goes_on =
            run.n > 0 && size > 0 && read_char(text + g.to + size, &next) > 0 && next != BLANK && next != DASH;
        if (!goes_on)
            tries -= tell_run(&run, tries, fn, arg);
        at = g.to + (size ? size : text[g.to] != '\0');
    }
    if (text)
        tell_run(&run, tries, fn, arg);
}

size_t number_tail(const char *text, size_t from, size_t to, size_t chars)
{
    size_t tail = to;
    char c = '\0';
    while (tail > from && chars > 0) {
        tail--;
        if (((unsigned char)text[tail] & 0xc0) == 0x80 || read_char(text + tail, &c) == 0)
            continue;
        chars -= c != BLANK && c != DASH;
    }
    return tail;
}

/* ---- as it is typed ---- */

bool number_typed(const char *text, char ret[NUMBER_CHARS_MAX + 1])
{
    size_t n = 0, digits = 0, letters = 0;
    bool blanks = false, words = false;
    while (*text) {
        char c = '\0';
        size_t size = read_char(text, &c);
        bool divides = size ? c == BLANK || c == DASH : strchr("#+().:", *text) != NULL;
        if (!size && !divides)
            return false;
        blanks |= size > 0 && c == BLANK;
        letters = divides || isdigit((unsigned char)c) ? 0 : letters + 1;
        words |= letters > PREFIX_LETTERS_MAX;
        if (!divides && n == NUMBER_CHARS_MAX)
            return false;
        if (!divides) {
            digits += isdigit((unsigned char)c) != 0;
            ret[n++] = (char)tolower((unsigned char)c);
        }
        text += size ? size : 1;
    }
    ret[n] = '\0';
    return digits >= NUMBER_DIGITS_MIN && !(blanks && words);
}

const char *number_without_zeros(const char *number)
{
    size_t zeros = strspn(number, "0"), digits = strspn(number, "0123456789");
    return zeros > 0 && number[digits] == '\0' && digits - zeros >= PHONE_DIGITS_MIN ? number + zeros : NULL;
}

/* Words that say that a number follows: they stand in front of it, and seldom with it in what is looked for. */
static size_t word_of_number(const char *p)
{
    static const char *const WORDS[] = {
        "order number", "order no",  "order",     "tracking number", "tracking no",      "number", "no",
        "nr",           "n\xc2\xb0", "n\xc2\xba", "\xe2\x84\x96", /* n° nº № */
        "注文番号",     "受注番号",  "伝票番号",  "追跡番号",        "お問い合わせ番号", "番号",   "注文"};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (strncasecmp(p, WORDS[i], strlen(WORDS[i])) == 0)
            return strlen(WORDS[i]);
    return 0;
}

/* Bytes of what stands between such a word and its number. */
static size_t between_at(const char *p)
{
    static const char *const BETWEEN[] = {" ", ".", ":", "#", "：", "＃", "．", "\xe3\x80\x80"};
    for (size_t i = 0; i < COUNT_OF(BETWEEN); i++)
        if (strncmp(p, BETWEEN[i], strlen(BETWEEN[i])) == 0)
            return strlen(BETWEEN[i]);
    return 0;
}

size_t number_word(const char *p)
{
    size_t n = word_of_number(p), letters = 0, digits = 0;
    char c = '\0';
    if (n == 0)
        return 0;
    bool apart = between_at(p + n) > 0;
    for (size_t size; (size = between_at(p + n)) > 0;)
        n += size;
    for (size_t at = n, size; (size = read_char(p + at, &c)) > 0 && c != BLANK; at += size) {
        letters += isalpha((unsigned char)c) && digits == 0;
        digits += isdigit((unsigned char)c) != 0;
    }
    return digits >= DIGITS_BEHIND_WORD_MIN && letters <= PREFIX_LETTERS_MAX && (apart || letters == 0) ? n : 0;
}
