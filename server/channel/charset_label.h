/* What people call a charset. The labels are those of the WHATWG Encoding Standard (encoding.spec.whatwg.org, § 4.2), which says
 * what they mean where programs disagree, and beyond it what else iconv knows and mail has been written in. Pure. */
#pragma once

#include <stddef.h>

/* Names as iconv has them; those that need a hand besides are converted by charset_convert.h. */
#define UTF_8 "UTF-8"
#define JIS "ISO-2022-JP"
#define EUC_JP "EUC-JP"
#define SHIFT_JIS "CP932"
#define GB "GB18030"
#define HZ "HZ"
#define KOREAN "CP949"
#define LATIN "WINDOWS-1252"

/* The charset of a label, or NULL. Case, punctuation and "x-" do not matter, nor who numbered a code page. */
const char *charset_of_label(const char *label);

/* Each charset of the table, then NULL. */
const char *charset_at(size_t i);
