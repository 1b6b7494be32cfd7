#include "channel/phone.h"

#include <cctype>
#include <cstring>
#include <phonenumbers/phonenumberutil.h>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static const size_t SPELLING_MAX = 64;

static std::string region_of(const char *country)
{
    if (country == nullptr || strlen(country) != 2)
        return "ZZ"; // libphonenumber's "unknown": only international spellings are taken
    std::string region;
    for (const char *p = country; *p != '\0'; p++)
        region += static_cast<char>(toupper(static_cast<unsigned char>(*p)));
    return region;
}

bool phone_normalise(const char *text, const char *country, char out[PHONE_TEXT_SIZE])
{
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    std::string spelled;
    if (text == nullptr || strlen(text) > SPELLING_MAX)
        return false;
    if (util->Parse(text, region_of(country), &number) != PhoneNumberUtil::NO_PARSING_ERROR)
        return false;
    if (!util->IsPossibleNumber(number))
        return false;
    util->Format(number, PhoneNumberUtil::E164, &spelled);
    if (spelled.size() + 1 > PHONE_TEXT_SIZE)
        return false;
    memcpy(out, spelled.c_str(), spelled.size() + 1);
    return true;
}
