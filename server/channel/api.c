/* Systems of your own. They put by the API; answers go to them as Standard Webhooks (standardwebhooks.com): `webhook-id` is the
 * same for each try, `webhook-timestamp` is the try's own, and `webhook-signature` holds, for each secret,
 * v1,base64(HMAC-SHA256(secret, id.timestamp.body)). */
#include "channel/kit.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

#define REASON_TEXT_MAX 200

static const struct setting SETTINGS[] = {
    {"label", SETTING_TEXT, 0, NULL, "Label", "What agents see beside its entries, such as \"Till in Osaka\"."},
    {CHANNEL_MEDIUM, SETTING_MEDIUM, 0, "other", "Medium",
     "By what means it speaks with people, for icons and filters: email, phone, sms, shop, other …"},
    COUNTRY_SETTING,
    CUSTOMER_SPACE_SETTING,
    {"delivery_url", SETTING_URL, 0, NULL, "Address for answers",
     "Where answers are posted to, signed; docs/channels/api.md says how. Empty: nobody is answered by it."},
    {CHANNEL_REACHES, SETTING_IDENTITY, 0, "external", "Whom it answers",
     "The kind of identity that answers go to: external (customer numbers), email, phone …"},
    {"signing_secret", SETTING_SECRET, SETTING_GENERATED, NULL, "Signing secret",
     "Answers are signed with it. The server makes one and shows it once."},
    {"signing_secret_previous", SETTING_SECRET, 0, NULL, "Signing secret before it",
     "Answers are signed with it as well, until your system knows the new one; then remove it."},
    {0},
};

static struct json_object *file_object(const struct attachment *file)
{
    struct json_object *one = json_object_new_object();
    char url[sizeof("/attachments/") + 2 * SHA256_SIZE];
    snprintf(url, sizeof(url), "/attachments/%s", file->sha256 ? file->sha256 : "");
    payload_text(one, "name", file->name);
    payload_text(one, "type", file->type);
    payload_int(one, "size", file->size);
    payload_text(one, "url", url);
    return one;
}

static struct json_object *message_object(const struct channel_account *account, const struct outbound *out,
                                          const char *id, const char *channel)
{
    struct json_object *data = json_object_new_object(), *to = json_object_new_object();
    struct json_object *files = json_object_new_array();
    payload_text(to, "kind", IDENTITY_KIND_NAMES[channel_reaches(account)]);
    payload_text(to, "value", out->to);
    payload_text(to, "name", out->to_name);
    for (size_t i = 0; i < out->attachments.n; i++)
        json_object_array_add(files, file_object((struct attachment *)out->attachments.items + i));
    payload_text(data, "id", id);
    payload_text(data, "channel_id", channel);
    payload_add(data, "to", to);
    payload_text(data, "author_name", out->agent_name);
    payload_text(data, "text", out->text);
    payload_text(data, "html", out->html);
    payload_add(data, "attachments", files);
    return data;
}

/* One for each secret, with blanks between. */
static const char *signatures(const struct channel_account *account, struct arena *a, const char *id, const char *at,
                              const char *body)
{
    static const char *const SECRETS[] = {"signing_secret", "signing_secret_previous"};
    const char *content = arena_printf(a, "%s.%s.%s", id, at, body), *all = "";
    for (size_t i = 0; i < COUNT_OF(SECRETS); i++) {
        const char *secret = channel_setting(account, SECRETS[i]);
        char text[89];
        if (!secret[0])
            continue;
        crypto_hmac_text(HMAC_SHA256, ENCODE_BASE64, secret, strlen(secret), content, strlen(content), text);
        all = arena_printf(a, "%s%sv1,%s", all, all[0] ? " " : "", text);
    }
    return all;
}

static bool api_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                      struct send_request *ret, struct error *err)
{
    char id[UUID_TEXT_SIZE], channel[UUID_TEXT_SIZE], sent_at[TIME_TEXT_SIZE];
    if (channel_reaches(account) == IDENTITY_NONE)
        return error_set(err, NULL, channel_unusable);
    uuid_format(&out->entry_id, id);
    uuid_format(&account->uuid, channel);
    time_format(out->now, sent_at);
    struct json_object *body = payload_new(a);
    payload_text(body, "type", "message.send");
    payload_text(body, "timestamp", sent_at);
    payload_add(body, "data", message_object(account, out, id, channel));
    *ret = (struct send_request){
        .how = SEND_HTTP, .url = channel_setting(account, "delivery_url"), .body = payload_end(a, body)};
    ret->body_len = strlen(ret->body);
    const char *at = arena_printf(a, "%" PRId64, (int64_t)(out->now / SECOND_MS));
    send_header_add(ret, "Content-Type", "application/json");
    send_header_add(ret, "webhook-id", arena_strdup(a, id));
    send_header_add(ret, "webhook-timestamp", at);
    send_header_add(ret, "webhook-signature", signatures(account, a, id, at, ret->body));
    return true;
}

static bool is_later(int status)
{
    return status == 408 || status == 425 || status == 429 || status >= 500;
}

/* What holds for every answer is the address's fault or the secret's: a redirect is not followed. */
static bool is_of_channel(int status)
{
    return status / 100 == 3 || status == 401 || status == 403 || status == 404 || status == 405 || status == 410;
}

static void api_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                           struct send_result *ret)
{
    (void)account;
    const char *why = line_cut(a, reply->body_len ? reply->body : NULL, REASON_TEXT_MAX);
    const char *refused = said(a, provider_refused, "api", arena_printf(a, "%d %s", reply->status, why ? why : ""));
    if (reply->status == 0) {
        result_no_answer(a, ret, reply, true);
    } else if (reply->status / 100 == 2) {
        struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
        result_set(ret, SEND_DONE, NULL);
        ret->external_id = external_id_text(a, json_text(a, body, "id"));
        json_object_put(body);
    } else if (is_of_channel(reply->status)) {
        result_set(ret, SEND_AGAIN, refused);
        ret->channel_broken = true;
    } else if (is_later(reply->status)) {
        result_set(ret, SEND_AGAIN, said(a, provider_fault, "api", reply->status));
        ret->retry_after_ms = reply->retry_after_ms;
    } else {
        result_set(ret, SEND_NEVER, refused);
    }
}

const struct channel_type CHANNEL_API = {
    .name = "api",
    .label = "Any other shop, app or till",
    .help = "For systems of your own: they put orders, points, visits and other entries by the API with a token, and "
            "may be "
            "handed answers.",
    .medium = MEDIUM_OTHER,
    .settings = SETTINGS,
    .reaches = IDENTITY_EXTERNAL,
    .needs_to_send = "delivery_url",
    .idempotent_from = 1,
    .rich = RICH_HTML,
    .files = {.count = MESSAGE_FILES_MAX, .each = UPLOAD_BYTES_MAX, .total = 100000000},
    .build = api_build,
    .read_reply = api_read_reply,
};
