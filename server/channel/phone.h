/* Phone numbers, by libphonenumber. */
#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PHONE_TEXT_SIZE 24 /* E.164 is at most 15 digits */

/* Writes the number as E.164 ("+819012345678"). `country` (ISO 3166, two letters, may be NULL) is where a number
 * without an international prefix belongs. Any usual spelling goes, full-width digits and "tel:" included. Numbers of Brazil,
 * Argentina and Mexico that are in use with and without a further digit have one form (docs/IDENTITY.md). False when this
 * can be no number: then *out is untouched. Thread-safe. */
bool phone_normalise(const char *text, const char *country, char out[PHONE_TEXT_SIZE]);

/* Whether the number plan knows such a number: more than phone_normalise asks for, which takes what a plan may have tomorrow.
 * Thread-safe. */
bool phone_is_known(const char *text, const char *country);

#define PHONE_COUNTRY_SIZE 3 /* two letters, ISO 3166 */

/* The country of a number in E.164. False: of none, such as a number for ships, or of one that nobody knows. Thread-safe. */
bool phone_country(const char *number, char out[PHONE_COUNTRY_SIZE]);

#ifdef __cplusplus
}
#endif
