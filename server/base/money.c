#include "base/money.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* ISO 4217, by the digits behind the point; a code every four characters. */
static const struct {
    int digits;
    const char *codes;
} CURRENCIES[] = {
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
    {2,
     "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
     "CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK "
     "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
     "MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP "
     "SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER "
     "ZAR ZMW ZWG ZWL"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
    {4, "CLF UYW"},
};

int currency_digits(const char *currency)
{
    for (size_t i = 0; currency && strlen(currency) == 3 && i < COUNT_OF(CURRENCIES); i++) {
        const char *at = strstr(CURRENCIES[i].codes, currency);
        if (at && (at - CURRENCIES[i].codes) % 4 == 0)
            return CURRENCIES[i].digits;
    }
    return -1;
}

bool decimal_is_plain(const char *text)
{
    if (!text)
        return false;
    const char *p = text + (text[0] == '-');
    size_t whole = strspn(p, "0123456789"), fraction = p[whole] == '.' ? strspn(p + whole + 1, "0123456789") : 0;
    return whole && (p[whole] == '\0' || (fraction && p[whole + 1 + fraction] == '\0'));
}

bool amount_fits(const char *amount, const char *currency)
{
    int digits = currency_digits(currency);
    if (digits < 0 || !decimal_is_plain(amount))
        return false;
    const char *point = strchr(amount, '.');
    size_t fraction = point ? strlen(point + 1) : 0;
    return fraction <= (size_t)digits || strspn(point + 1 + digits, "0") == fraction - (size_t)digits;
}

/* How many digits stand behind the point. */
static size_t fraction_of(const char *decimal)
{
    const char *point = strchr(decimal, '.');
    return point ? strlen(point + 1) : 0;
}

/* In the smallest unit that has `digits` behind the point. */
static bool in_units(const char *decimal, size_t digits, int64_t *ret)
{
    *ret = 0;
    size_t missing = digits - fraction_of(decimal);
    for (const char *p = decimal; *p || missing; p += *p != '\0') {
        if (*p && !isdigit((unsigned char)*p))
            continue;
        missing -= *p == '\0';
        if (__builtin_mul_overflow(*ret, 10, ret) || __builtin_add_overflow(*ret, *p ? *p - '0' : 0, ret))
            return false;
    }
    *ret = decimal[0] == '-' ? -*ret : *ret;
    return true;
}

const char *decimal_sum(struct arena *a, const char *x, const char *y)
{
    size_t digits = fraction_of(x) > fraction_of(y) ? fraction_of(x) : fraction_of(y);
    int64_t units, more;
    if (!in_units(x, digits, &units) || !in_units(y, digits, &more) || __builtin_add_overflow(units, more, &units))
        return NULL;
    const char *text = arena_printf(a, "%0*" PRIu64, (int)digits + 1, units < 0 ? -(uint64_t)units : (uint64_t)units);
    size_t whole = strlen(text) - digits;
    return arena_printf(a, "%s%.*s%s%s", units < 0 ? "-" : "", (int)whole, text, digits ? "." : "", text + whole);
}

/* ---- what people write ---- */

/* What may stand beside an amount, besides the code itself, and the currencies whose sign it is. */
static const struct {
    const char *sign, *codes;
} SIGNS[] = {
    {"¥", "JPY CNY"},
    {"円", "JPY"},
    {"元", "CNY TWD HKD"},
    {"RMB", "CNY"},
    {"₩", "KRW KPW"},
    {"원", "KRW KPW"},
    {"€", "EUR"},
    {"£", "GBP EGP FKP GIP LBP SDG SHP SSP SYP"},
    {"$",
     "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MOP MXN NAD NZD SBD SGD SRD SVC TTD "
     "TWD UYU XCD"},
    {"US$", "USD"},
    {"A$", "AUD"},
    {"C$", "CAD NIO"},
    {"CA$", "CAD"},
    {"HK$", "HKD"},
    {"NT$", "TWD"},
    {"NZ$", "NZD"},
    {"S$", "SGD"},
    {"R$", "BRL"},
    {"MX$", "MXN"},
    {"kr", "DKK ISK NOK SEK"},
    {"kr.", "DKK ISK NOK SEK"},
    {"zł", "PLN"},
    {"Kč", "CZK"},
    {"Ft", "HUF"},
    {"lei", "RON MDL"},
    {"Fr.", "CHF"},
    {"₹", "INR"},
    {"₽", "RUB"},
    {"₺", "TRY"},
    {"₫", "VND"},
    {"đ", "VND"},
    {"฿", "THB"},
    {"₱", "PHP"},
    {"₪", "ILS"},
    {"₴", "UAH"},
    {"R", "ZAR"},
    {"RM", "MYR"},
    {"Rp", "IDR"},
};

/* What stands beside the number, from `s` to `end`, is nothing, or a sign of this currency. */
static bool sign_fits(struct arena *a, const char *s, const char *end, const char *currency)
{
    const char *sign = text_trim(a, arena_strndup(a, s, (size_t)(end - s)));
    if (!sign[0])
        return true;
    if (currency && strcmp(sign, currency) == 0)
        return true;
    for (size_t i = 0; currency && i < COUNT_OF(SIGNS); i++)
        if (strcmp(sign, SIGNS[i].sign) == 0 && strstr(SIGNS[i].codes, currency))
            return true;
    return false;
}

/* Full-width characters as ASCII, the minus sign as '-'. */
static const char *narrow(struct arena *a, const char *text)
{
    AUTO_BUF struct buf out = {0};
    for (const unsigned char *u = (const unsigned char *)text_plain(a, text); *u;) {
        unsigned c = u[0] == 0xef && u[1] && u[2] ? (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu) : 0; /* of U+F000 … U+FFFF */
        if (c >= 0xf01 && c <= 0xf5e) {
            buf_putc(&out, (char)(c - 0xf01 + '!'));
        } else if (c == 0xfe5) {
            buf_puts(&out, "¥");
        } else if (u[0] == 0xe2 && u[1] == 0x88 && u[2] == 0x92) {
            buf_putc(&out, '-');
        } else {
            buf_putc(&out, (char)*u++);
            continue;
        }
        u += 3;
    }
    return text_trim(a, arena_strndup(a, out.data ? out.data : "", out.len));
}

static bool is_group_sign(char c)
{
    return c == ',' || c == '.' || c == '\'' || c == ' ';
}

/* Thousands are separated by one sign: three digits behind the last, two or three (India) behind the others. */
static bool is_grouped(const char *s, size_t n)
{
    char sign = '\0';
    size_t digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_group_sign(s[i])) {
            digits++;
        } else if ((sign && s[i] != sign) || digits < (sign ? 2 : 1) || digits > 3) {
            return false;
        } else {
            sign = s[i];
            digits = 0;
        }
    }
    return sign ? digits == 3 : digits > 0;
}

/* Whether the last separator, with `behind` digits after it, is the decimal sign: 1 yes, 0 no, -1 it may be either. */
static int decimal_sign(const char *s, const char *last, size_t behind, int digits)
{
    bool alone = strcspn(s, ",.' ") == (size_t)(last - s);
    if (*last == '\'' || *last == ' ')
        return 0;
    if (memchr(s, *last, (size_t)(last - s)))
        return 0; /* it is there more than once */
    if (behind != 3 || !alone || last - s > 3 || s[0] == '0')
        return 1;
    if (digits < 0)
        return *last == '.'; /* a number, and no amount */
    if (digits == 3)
        return *last == '.' ? 1 : -1;
    return digits > 0 && *last == '.' && last[3] == '0' ? -1 : 0;
}

/* Digits and separators, as a plain decimal. */
static const char *number_read(struct arena *a, const char *s, bool negative, const char *currency)
{
    int digits = currency ? currency_digits(currency) : -1;
    const char *last = NULL;
    for (const char *p = s; *p; p++)
        last = is_group_sign(*p) ? p : last;
    int decimal = last ? decimal_sign(s, last, strlen(last + 1), digits) : 0;
    size_t whole = decimal == 1 ? (size_t)(last - s) : strlen(s);
    if (decimal < 0 || !is_grouped(s, whole) || (decimal == 1 && !last[1]))
        return NULL;
    AUTO_BUF struct buf out = {0};
    buf_puts(&out, negative ? "-" : "");
    for (const char *p = s; *p; p++)
        if (!is_group_sign(*p))
            buf_putc(&out, *p);
        else if (decimal == 1 && p == last)
            buf_putc(&out, '.');
    const char *amount = arena_strndup(a, out.data, out.len);
    if (!currency)
        return amount;
    if (!amount_fits(amount, currency))
        return NULL;
    char *point = strchr(amount, '.');
    if (point && strlen(point + 1) > (size_t)digits)
        point[digits ? digits + 1 : 0] = '\0';
    return amount;
}

const char *amount_read(struct arena *a, const char *text, const char *currency)
{
    char *s = text_trim(a, narrow(a, text));
    size_t n = strlen(s), minuses = 0;
    bool behind = false, bracketed = n > 2 && s[0] == '(' && s[n - 1] == ')';
    if (bracketed) {
        s[n - 1] = '\0';
        s = text_trim(a, s + 1);
    }
    /* A minus stands before all, behind all, or between the sign of money and the number. */
    char *first = s + strcspn(s, "0123456789"), *end = s + strlen(s);
    while (end > first && !isdigit((unsigned char)end[-1]))
        end--;
    for (char *p = s; *p; p++)
        if (*p == '-' && (p < first || p >= end)) {
            *p = ' ';
            behind |= p >= end;
            minuses++;
        }
    if (behind && currency_digits(currency) == 0) /* "¥1,200-" says in Japan that it is no more */
        return NULL;
    if (first == end || minuses + bracketed > 1 || !sign_fits(a, s, first, currency) ||
        !sign_fits(a, end, s + strlen(s), currency))
        return NULL;
    const char *number = arena_strndup(a, first, (size_t)(end - first));
    if (strspn(number, "0123456789,.' ") != strlen(number))
        return NULL;
    return number_read(a, number, minuses || bracketed, currency);
}
