#include "search/forms.h"

#include <cstdio> // their header needs it

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

static const int PERCENT_MIN = 85;

static size_t cut_at_character(const char *text, size_t n, size_t max)
{
    if (n <= max)
        return n;
    for (n = max; n > 0 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80;)
        n--;
    return n;
}

enum language language_of(const char *text, size_t n)
{
    const CLD2::CLDHints none = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language three[3];
    int percent[3], bytes = 0, valid = 0;
    double scores[3];
    bool reliable = false;
    CLD2::Language found = CLD2::ExtDetectLanguageSummaryCheckUTF8(
        text, static_cast<int>(cut_at_character(text, n, LANGUAGE_BYTES_MAX)), true, &none, 0, three, percent, scores,
        nullptr, &bytes, &reliable, &valid);
    if (!reliable || percent[0] < PERCENT_MIN)
        return LANGUAGE_NONE;
    return found == CLD2::ENGLISH  ? LANGUAGE_ENGLISH
           : found == CLD2::GERMAN ? LANGUAGE_GERMAN
           : found == CLD2::FRENCH ? LANGUAGE_FRENCH
                                   : LANGUAGE_NONE;
}
