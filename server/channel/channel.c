#include "channel/channel.h"

#include "base/json.h"

const char *channel_setting(const struct channel_account *account, const char *name)
{
    struct json_object *value = json_at(account->settings, name);
    if (json_object_is_type(value, json_type_boolean)) /* json-c would write its text into the shared object */
        return json_object_get_boolean(value) ? "true" : "";
    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

const char *const *channel_choice(const struct channel_type *type, const char *setting)
{
    for (const struct setting_choice *c = type->choices; c && c->setting; c++)
        if (strcmp(c->setting, setting) == 0)
            return c->words;
    return NULL;
}

const char *account_country(const struct channel_account *account, const char *otherwise)
{
    const char *country = account ? channel_setting(account, COUNTRY) : "";
    return country[0] ? country : otherwise;
}

enum medium channel_medium(const struct channel_account *account)
{
    int medium = names_find(MEDIUM_NAMES, channel_setting(account, CHANNEL_MEDIUM));
    return medium > MEDIUM_NONE ? (enum medium)medium : account->type->medium;
}

const char *channel_kept(const struct channel_account *account, const char *handle, int64_t now)
{
    for (size_t i = 0; i < account->kept.n; i++) {
        const struct kept *one = (const struct kept *)account->kept.items + i;
        if (one->until > now && strcmp(one->name, handle) == 0)
            return one->value;
    }
    return NULL;
}

const char *web_header(const struct web_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_headers; i++)
        if (strcmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}
