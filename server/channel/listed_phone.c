/* Telephone numbers of lists: spreadsheets take them for numbers, and people write beside them whose they are. */
#include "channel/channel.h"
#include "channel/phone.h"

#include "base/text.h"

/* "819012345678.0", "8.19012E+11": what was a number once may have lost digits. */
static bool was_number(const char *text)
{
    size_t digits = strspn(text, "0123456789"), point = text[digits] == '.' || text[digits] == ',';
    const char *fraction = text + digits + point, *power = fraction + strspn(fraction, "0123456789");
    if (!digits)
        return false;
    if (*power == 'e' || *power == 'E')
        return power[1] && strspn(power + 1, "+0123456789") == strlen(power + 1);
    return point && *fraction && !fraction[strspn(fraction, "0")];
}

/* Without "(12)" or "(home)" at the end, where a number stands before it. */
static const char *without_remark(struct arena *a, const char *text, const char *country)
{
    char number[PHONE_TEXT_SIZE];
    size_t n = strlen(text);
    const char *open = n && text[n - 1] == ')' ? strrchr(text, '(') : NULL;
    if (n > 3 && strcmp(text + n - 3, "）") == 0)
        open = strstr(text, "（");
    const char *before = open ? arena_strndup(a, text, (size_t)(open - text)) : text;
    return open && phone_normalise(before, country, number) ? before : text;
}

const char *phone_listed(struct arena *a, const char *value, const char *country, enum phone_doubt *ret_doubt)
{
    char number[PHONE_TEXT_SIZE];
    const char *text = without_remark(a, text_trim(a, text_plain(a, value)), country);
    *ret_doubt = PHONE_ROUNDED;
    if (was_number(text))
        return NULL;
    *ret_doubt = PHONE_NONE;
    if (!phone_normalise(text, country, number))
        return NULL;
    const char *abroad = text[0] == '0' && text[1] == '0' ? arena_printf(a, "+%s", text + 2) : NULL;
    bool sure = strchr(text, '+') || phone_is_known(text, country);
    if (!sure && abroad && phone_is_known(abroad, country))
        sure = phone_normalise(abroad, country, number);
    *ret_doubt = PHONE_UNSURE;
    return sure ? arena_strdup(a, number) : NULL;
}
