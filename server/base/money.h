/* Amounts of money: decimal text in a currency of ISO 4217, and how what people and spreadsheets write becomes one. */
#pragma once

#include "base/mem.h"

#include <stdbool.h>

/* How many digits the currency has behind the point ("JPY": 0); -1: there is no such currency. */
int currency_digits(const char *currency);

/* "-12.50": a sign, digits, and a point with digits behind it. NULL is none. */
bool decimal_is_plain(const char *text);

/* A plain decimal, without more digits behind the point than the currency has; zeros may follow them ("1200.00" yen). */
bool amount_fits(const char *amount, const char *currency);

/* Of two plain decimals; NULL: it is too large. */
const char *decimal_sum(struct arena *a, const char *x, const char *y);

/* What was written, as a plain decimal: "1,234.50", "1.234,50 €", "¥1,200", "1,200円", "(12,50)" and "12,50-" (below zero).
 * `currency` says how many digits may stand behind a decimal sign, and which signs of money may stand beside the number; with
 * NULL it is a number and no amount. NULL: it is none, or may be one of two ("1.200" euros). */
const char *amount_read(struct arena *a, const char *text, const char *currency);
