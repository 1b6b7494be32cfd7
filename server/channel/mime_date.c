/* Dates of mail (RFC 5322 §3.3, §4.3), and as programs write them otherwise: in ISO 8601, as asctime does, with names of zones,
 * in other languages, with comments. What is no date at all is refused; what is not known in one is passed over. */
#include "channel/mime.h"

#include "base/clock.h"
#include "base/text.h"

#include <ctype.h>
#include <limits.h>
#include <strings.h>

#define DATE_MAX 200
#define NOT_SAID (-1)
#define WORD_MAX 40

struct date {
    int year, month, day;
    int hour, minute, second; /* hour NOT_SAID: no time yet */
    int offset;               /* minutes east of Greenwich */
    bool numeric_offset, afternoon, morning;
};

struct named_number {
    const char *name;
    int number;
};

/* How names of months begin, in the languages of the mail that we get. */
static const struct named_number MONTHS[] = {
    {"jan", 1},  {"gen", 1},  {"ene", 1},  {"янв", 1},  {"feb", 2},      {"fev", 2},  {"fév", 2},  {"фев", 2},
    {"mar", 3},  {"mär", 3},  {"mrz", 3},  {"maa", 3},  {"мар", 3},      {"apr", 4},  {"avr", 4},  {"abr", 4},
    {"апр", 4},  {"may", 5},  {"mai", 5},  {"mag", 5},  {"mei", 5},      {"maj", 5},  {"мая", 5},  {"jun", 6},
    {"juin", 6}, {"giu", 6},  {"июн", 6},  {"jul", 7},  {"juil", 7},     {"lug", 7},  {"июл", 7},  {"aug", 8},
    {"ago", 8},  {"aou", 8},  {"aoû", 8},  {"авг", 8},  {"sep", 9},      {"set", 9},  {"сен", 9},  {"oct", 10},
    {"okt", 10}, {"ott", 10}, {"out", 10}, {"окт", 10}, {"nov", 11},     {"noi", 11}, {"ноя", 11}, {"dec", 12},
    {"dez", 12}, {"dic", 12}, {"déc", 12}, {"дек", 12}, {"sty", 1},      {"lut", 2},  {"kwi", 4},  {"cze", 6},
    {"lip", 7},  {"sie", 8},  {"wrz", 9},  {"paź", 10}, {"lis", 11},     {"gru", 12}, {"led", 1},  {"úno", 2},
    {"bře", 3},  {"dub", 4},  {"kvě", 5},  {"čvc", 7},  {"červenec", 7}, {"čvn", 6},  {"čer", 6},  {"srp", 8},
    {"zář", 9},  {"říj", 10}, {"pro", 12}, {"oca", 1},  {"şub", 2},      {"nis", 4},  {"haz", 6},  {"tem", 7},
    {"ağu", 8},  {"eyl", 9},  {"eki", 10}, {"kas", 11}, {"ara", 12},
};

/* Minutes east of Greenwich. Of names that several zones have, RFC 5322's, or the zone that sends most mail. */
static const struct named_number ZONES[] = {
    {"ut", 0},     {"utc", 0},    {"gmt", 0},    {"z", 0},      {"wet", 0},     {"west", 60},  {"bst", 60},
    {"met", 60},   {"mez", 60},   {"cet", 60},   {"mest", 120}, {"mesz", 120},  {"cest", 120}, {"eet", 120},
    {"sast", 120}, {"eest", 180}, {"msk", 180},  {"ist", 330},  {"wib", 420},   {"ict", 420},  {"hkt", 480},
    {"sgt", 480},  {"awst", 480}, {"jst", 540},  {"kst", 540},  {"tokyo", 540}, {"aest", 600}, {"aedt", 660},
    {"nzst", 720}, {"nzdt", 780}, {"brt", -180}, {"ast", -240}, {"adt", -180},  {"est", -300}, {"edt", -240},
    {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480},  {"pdt", -420}, {"hst", -600},
};

static int digits_at(const char **p, int digits_max)
{
    int n = 0;
    for (int i = 0; i < digits_max && isdigit((unsigned char)**p); i++, (*p)++)
        n = n * 10 + (**p - '0');
    return n;
}

/* ":30:05.123", or with dots; *p is behind the hour. */
static void read_time(struct date *d, const char **p, int hour)
{
    d->hour = hour;
    (*p)++;
    d->minute = digits_at(p, 2);
    if ((**p == ':' || **p == '.') && isdigit((unsigned char)(*p)[1])) {
        (*p)++;
        d->second = digits_at(p, 2);
    }
    if (**p == '.' || **p == ',')
        *p += 1 + strspn(*p + 1, "0123456789");
}

/* "+0900", "+09:00", "+9". */
static void read_zone_offset(struct date *d, const char **p)
{
    int sign = **p == '-' ? -1 : 1;
    (*p)++;
    const char *begin = *p;
    int n = digits_at(p, 4);
    int hours = *p - begin > 2 ? n / 100 : n, minutes = *p - begin > 2 ? n % 100 : 0;
    if (*p - begin <= 2 && **p == ':' && isdigit((unsigned char)(*p)[1])) {
        (*p)++;
        minutes = digits_at(p, 2);
    }
    if (hours > 14 || minutes > 59)
        return;
    d->offset = sign * (hours * 60 + minutes);
    d->numeric_offset = true;
}

static bool is_followed_by(const char **p, const char *word)
{
    size_t n = strlen(word);
    bool is = strncmp(*p, word, n) == 0;
    *p += is ? n : 0;
    return is;
}

/* RFC 5322 §4.3. */
static int full_year(int year, int digits)
{
    return digits >= 4 ? year : digits == 3 || year >= 50 ? year + 1900 : year + 2000;
}

/* A number that is no time: of a day, or a year, or all of "2026-11-16". */
static void take_date_number(struct date *d, const char **p, int n, int digits)
{
    if (digits == 4 && (**p == '-' || **p == '/' || **p == '.') && isdigit((unsigned char)(*p)[1]) && !d->month) {
        d->year = n;
        (*p)++;
        d->month = digits_at(p, 2);
        *p += strspn(*p, "-/.");
        d->day = digits_at(p, 2);
        *p += **p == 'T' || **p == 't';
    } else if (is_followed_by(p, "年") || is_followed_by(p, "년")) {
        d->year = full_year(n, digits);
    } else if (is_followed_by(p, "月") || is_followed_by(p, "월")) {
        d->month = n;
    } else if (d->day == NOT_SAID && (digits <= 2 || (digits == 3 && n <= 31))) { /* "009" */
        d->day = n;
        if (!is_followed_by(p, "日"))
            is_followed_by(p, "일");
    } else if (d->year == NOT_SAID && digits <= 4) {
        d->year = full_year(n, digits);
    }
}

static void read_number(struct date *d, const char **p)
{
    const char *begin = *p;
    int n = digits_at(p, 5), digits = (int)(*p - begin);
    *p += strspn(*p, "0123456789");
    bool dotted = **p == '.' && isdigit((unsigned char)(*p)[1]) && isdigit((unsigned char)(*p)[2]) && (*p)[3] == '.';
    if (d->hour == NOT_SAID && digits <= 2 && ((**p == ':' && isdigit((unsigned char)(*p)[1])) || dotted))
        read_time(d, p, n);
    else
        take_date_number(d, p, n, digits);
}

static int named(const struct named_number *table, size_t n, const char *word, bool whole)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(table[i].name);
        if (strncasecmp(table[i].name, word, len) == 0 && (!whole || !word[len]))
            return table[i].number;
    }
    return INT_MIN;
}

/* Of two words that may be a month the second is one: the first is a weekday ("mar. 15 déc."). */
static void read_date_word(struct date *d, const char **p)
{
    char word[WORD_MAX];
    size_t n = 0;
    for (; isalpha((unsigned char)**p) || **p & 0x80; (*p)++)
        if (n < WORD_MAX - 1)
            word[n++] = **p;
    word[n] = '\0';
    int month = named(MONTHS, COUNT_OF(MONTHS), word, false), zone = named(ZONES, COUNT_OF(ZONES), word, true);
    d->afternoon = d->afternoon || strcasecmp(word, "pm") == 0;
    d->morning = d->morning || strcasecmp(word, "am") == 0;
    if (d->hour == NOT_SAID && month > 0)
        d->month = month;
    else if (d->hour != NOT_SAID && zone != INT_MIN && !d->numeric_offset)
        d->offset = zone;
}

static bool is_whole_date(const struct date *d)
{
    static const int DAYS[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = d->year % 4 == 0 && (d->year % 100 != 0 || d->year % 400 == 0);
    return d->year >= 1900 && d->month >= 1 && d->month <= 12 && d->day >= 1 && d->day <= DAYS[d->month - 1] &&
           (d->month != 2 || d->day < 29 || leap) && d->hour <= 24 && d->minute <= 59 && d->second <= 60;
}

static int64_t ms_of(const struct date *d)
{
    int hour = d->hour == NOT_SAID ? 0 : d->hour;
    if (d->afternoon && hour < 12)
        hour += 12;
    if (d->morning && hour == 12)
        hour = 0;
    struct tm tm = {.tm_year = d->year - 1900,
                    .tm_mon = d->month - 1,
                    .tm_mday = d->day,
                    .tm_hour = hour,
                    .tm_min = d->minute - d->offset,
                    .tm_sec = d->second};
    return (int64_t)timegm(&tm) * SECOND_MS;
}

bool mime_date(const char *text, int64_t *ret)
{
    struct date d = {.year = NOT_SAID, .day = NOT_SAID, .hour = NOT_SAID};
    if (!text || strlen(text) > DATE_MAX)
        return false;
    int depth = 0; /* of comments */
    for (const char *p = text; *p;) {
        bool outside = depth == 0;
        depth += *p == '(' ? 1 : *p == ')' && depth ? -1 : 0;
        if (outside && isdigit((unsigned char)*p))
            read_number(&d, &p);
        else if (outside && (isalpha((unsigned char)*p) || *p & 0x80))
            read_date_word(&d, &p);
        else if (outside && (*p == '+' || *p == '-') && isdigit((unsigned char)p[1]) && d.hour != NOT_SAID)
            read_zone_offset(&d, &p);
        else
            p++;
    }
    if (!is_whole_date(&d))
        return false;
    *ret = ms_of(&d);
    return true;
}
