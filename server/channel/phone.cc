#include "channel/phone.h"

#include <cctype>
#include <cstring>
#include <functional>
#include <mutex>
#include <phonenumbers/phonenumberutil.h>
#include <string>
#include <string_view>
#include <utility>

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

// A number that is written in two ways, both of them in use, has one form here. The rules are in docs/IDENTITY.md.
//  * Brazil: mobile numbers have got a 9 in front of their eight digits; old WhatsApp accounts go without it.
//  * Argentina: who calls a mobile from abroad, and WhatsApp, put a 9 behind +54; the same subscriber is never another one
//    without it, and a landline has none.
// (Mexico's former 1 behind +52 is taken off by the library.)
static void one_form(PhoneNumber *number)
{
    const uint64_t MOBILE = 9, BRAZIL_DIGITS = 100000000, ARGENTINA_DIGITS = 10000000000;
    uint64_t national = number->national_number();
    if (number->country_code() == 55 && national >= BRAZIL_DIGITS * 11 && national < BRAZIL_DIGITS * 100 &&
        national % BRAZIL_DIGITS >= 60000000)
        national = (national / BRAZIL_DIGITS * 10 + MOBILE) * BRAZIL_DIGITS + national % BRAZIL_DIGITS;
    else if (number->country_code() == 54 && national / ARGENTINA_DIGITS == MOBILE)
        national %= ARGENTINA_DIGITS;
    number->set_national_number(national);
}

static bool normalise(const char *text, const char *country, char out[PHONE_TEXT_SIZE])
{
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number, same;
    std::string spelled, again;
    if (text == nullptr || strlen(text) > SPELLING_MAX)
        return false;
    if (util->Parse(text, region_of(country), &number) != PhoneNumberUtil::NO_PARSING_ERROR)
        return false;
    if (!util->IsPossibleNumber(number))
        return false;
    one_form(&number);
    util->Format(number, PhoneNumberUtil::E164, &spelled);
    if (spelled.size() + 1 > PHONE_TEXT_SIZE)
        return false;
    // A row of zeros and the like is another number when it is read again: nobody can be called there.
    if (util->Parse(spelled, "ZZ", &same) != PhoneNumberUtil::NO_PARSING_ERROR)
        return false;
    util->Format(same, PhoneNumberUtil::E164, &again);
    if (again != spelled)
        return false;
    memcpy(out, spelled.c_str(), spelled.size() + 1);
    return true;
}

// The numbers seen last: the same people write again and again, and the library takes some ten microseconds for each. A
// number has one of two places; the one that was asked for longer ago gives way.
namespace
{
struct Known {
    char text[32], country[4], number[PHONE_TEXT_SIZE]; // number "": nothing here
};
const size_t PLACES = 16384;
Known known[PLACES][2];
std::mutex known_lock;
} // namespace

static Known *places_of(const char *text, const char *country)
{
    if (text == nullptr || strlen(text) >= sizeof(Known::text) || strlen(country) >= sizeof(Known::country))
        return nullptr;
    size_t hash = std::hash<std::string_view>()(text) * 31 + std::hash<std::string_view>()(country);
    return known[hash % PLACES];
}

static bool recall(Known *places, const char *text, const char *country, char out[PHONE_TEXT_SIZE])
{
    std::lock_guard<std::mutex> hold(known_lock);
    for (int i = 0; i < 2; i++) {
        if (places[i].number[0] == '\0' || strcmp(places[i].text, text) != 0 || strcmp(places[i].country, country) != 0)
            continue;
        if (i == 1)
            std::swap(places[0], places[1]);
        memcpy(out, places[0].number, PHONE_TEXT_SIZE);
        return true;
    }
    return false;
}

static void remember(Known *places, const char *text, const char *country, const char number[PHONE_TEXT_SIZE])
{
    std::lock_guard<std::mutex> hold(known_lock);
    places[1] = places[0];
    strcpy(places[0].text, text);
    strcpy(places[0].country, country);
    strcpy(places[0].number, number);
}

bool phone_normalise(const char *text, const char *country, char out[PHONE_TEXT_SIZE])
{
    if (country == nullptr)
        country = "";
    Known *places = places_of(text, country);
    if (places != nullptr && recall(places, text, country, out))
        return true;
    if (!normalise(text, country, out))
        return false;
    if (places != nullptr)
        remember(places, text, country, out);
    return true;
}

bool phone_is_known(const char *text, const char *country)
{
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    return strlen(text) <= SPELLING_MAX &&
           util->Parse(text, region_of(country), &number) == PhoneNumberUtil::NO_PARSING_ERROR &&
           util->IsValidNumber(number);
}

bool phone_country(const char *text, char out[PHONE_COUNTRY_SIZE])
{
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    std::string region;
    if (strlen(text) > SPELLING_MAX || util->Parse(text, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR)
        return false;
    util->GetRegionCodeForNumber(number, &region);
    if (region.size() != 2 || region == "ZZ") // "001" is the world's
        return false;
    memcpy(out, region.c_str(), PHONE_COUNTRY_SIZE);
    return true;
}
