#include "channel/types.h"

#include <json-c/json.h>

const struct channel_type *const CHANNEL_TYPES[] = {
    &CHANNEL_EMAIL,   &CHANNEL_POSTMARK, &CHANNEL_CHAT, &CHANNEL_TWILIO_VOICE, &CHANNEL_LINE, &CHANNEL_WHATSAPP,
    &CHANNEL_SHOPIFY, &CHANNEL_API,      NULL,
};

const struct channel_type *channel_type_find(const char *name)
{
    for (const struct channel_type *const *t = CHANNEL_TYPES; name && *t; t++)
        if (strcmp((*t)->name, name) == 0)
            return *t;
    return NULL;
}

const char *channel_setting(const struct channel_account *account, const char *name)
{
    struct json_object *value = json_at(account->settings, name);
    if (json_object_is_type(value, json_type_boolean)) /* json-c would write its text into the shared object */
        return json_object_get_boolean(value) ? "true" : "";
    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

const char *web_header(const struct web_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_headers; i++)
        if (strcmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}
