#include "channel/ses_ask.h"

#include "base/certificate.h"
#include "base/text.h"
#include "channel/mail.h"
#include "channel/sigv4.h"

#include <ctype.h>
#include <string.h>

#define ENCRYPTED_HEADER "x-amz-meta-x-amz-key-v2" /* the key of an object that its writer has encrypted itself */
#define BUCKET_MAX 63

/* ---- handles -------------------------------------------------------------------------------------------------------- */

const char *ses_object_handle(struct arena *a, const struct ses_object *object)
{
    struct json_object *all = payload_new(a), *to = json_object_new_array();
    payload_text(all, "topic", object->topic);
    payload_text(all, "bucket", object->bucket);
    payload_text(all, "key", object->key);
    payload_text(all, "id", object->id);
    payload_text(all, "spf", object->spf);
    payload_text(all, "dkim", object->dkim);
    payload_text(all, "dmarc", object->dmarc);
    payload_text(all, "from", object->from);
    for (size_t i = 0; i < object->recipients.n; i++)
        json_object_array_add(to, json_object_new_string(((const char **)object->recipients.items)[i]));
    payload_add(all, "to", to);
    return payload_end(a, all);
}

static void put_handle_json(void *object)
{
    json_object_put(object);
}

bool ses_object_read(struct arena *a, const char *handle, struct ses_object *ret)
{
    struct json_object *all = json_parse(handle, strlen(handle), NULL), *to = json_at(all, "to");
    arena_on_free(a, put_handle_json, all);
    *ret = (struct ses_object){.topic = json_text(a, all, "topic"),
                               .bucket = json_text(a, all, "bucket"),
                               .key = json_text(a, all, "key"),
                               .id = json_text(a, all, "id"),
                               .spf = json_text(a, all, "spf"),
                               .dkim = json_text(a, all, "dkim"),
                               .dmarc = json_text(a, all, "dmarc"),
                               .from = json_text(a, all, "from")};
    for (size_t i = 0; i < json_length(to); i++)
        if (json_object_is_type(json_item(to, i), json_type_string))
            *(const char **)list_grow(a, &ret->recipients, sizeof(char *)) =
                arena_strdup(a, json_object_get_string(json_item(to, i)));
    return ret->topic && ret->bucket && ret->key;
}

const char *ses_subscription_handle(struct arena *a, const struct sns_message *m)
{
    return arena_printf(a, "%s %s", m->topic, m->token);
}

/* ---- what is asked -------------------------------------------------------------------------------------------------- */

const char *ses_url(const struct channel_account *account, struct arena *a, const char *host, const char *path)
{
    const char *proxy = base_url(account, a, "aws_url");
    return proxy[0] ? arena_printf(a, "%s/%s%s", proxy, host, path) : arena_printf(a, "https://%s%s", host, path);
}

/* The same of an address that has been made, or checked, to be Amazon's. */
static const char *asked_url(const struct channel_account *account, struct arena *a, const char *url)
{
    const char *host = url + strlen("https://"), *path = strchr(host, '/');
    return ses_url(account, a, arena_strndup(a, host, (size_t)(path - host)), path);
}

static bool ask_certificate(const struct channel_account *account, const struct errand *errand, struct arena *a,
                            struct send_request *ret)
{
    struct list topics = {0};
    char *save = NULL, *all = arena_strdup(a, channel_setting(account, "topics"));
    for (char *one = strtok_r(all, " \t\r\n,", &save); one; one = strtok_r(NULL, " \t\r\n,", &save))
        *(const char **)list_grow(a, &topics, sizeof(char *)) = one;
    for (size_t i = 0; i < topics.n; i++) {
        struct aws_place place;
        if (!sns_place(a, ((const char **)topics.items)[i], &place) || !sns_certificate_fits(errand->handle, &place))
            continue;
        *ret = (struct send_request){.url = asked_url(account, a, errand->handle)};
        return true;
    }
    return false;
}

static bool ask_subscription(const struct channel_account *account, const struct errand *errand, struct arena *a,
                             struct send_request *ret)
{
    const char *blank = strchr(errand->handle, ' ');
    const char *topic = blank ? arena_strndup(a, errand->handle, (size_t)(blank - errand->handle)) : "";
    const char *url = blank ? sns_confirm_url(a, channel_setting(account, "topics"), topic, blank + 1) : NULL;
    if (url)
        *ret = (struct send_request){.url = asked_url(account, a, url)};
    return url != NULL;
}

/* docs.aws.amazon.com/AmazonS3, "Bucket naming rules". */
static bool is_bucket(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.");
    return n >= 3 && n <= BUCKET_MAX && name[n] == '\0' && isalnum((unsigned char)name[0]);
}

/* A path that is taken to mean another one on the way would not be the one that is signed. */
static bool is_object_key(const char *key)
{
    const char *path = key;
    for (bool more = true; more; path += strcspn(path, "/") + 1) {
        size_t n = strcspn(path, "/");
        more = path[n] == '/';
        if ((n == 1 && path[0] == '.') || (n == 2 && path[0] == '.' && path[1] == '.'))
            return false;
    }
    return key[0] != '\0';
}

/* A certificate of "*.s3.…" does not hold for a bucket with a dot in its name: such is named in the path. */
static bool ask_object(const struct channel_account *account, const struct errand *errand, int64_t now, struct arena *a,
                       struct send_request *ret, struct error *err)
{
    struct ses_object object;
    struct aws_place place;
    const struct aws_key key = {channel_setting(account, "access_key"), channel_setting(account, "secret_key"),
                                channel_setting(account, "session_token")};
    const char *region = channel_setting(account, "bucket_region");
    if (!ses_object_read(a, errand->handle, &object) || !is_bucket(object.bucket) || !is_object_key(object.key) ||
        !sns_is_listed(channel_setting(account, "topics"), object.topic) || !sns_place(a, object.topic, &place))
        return error_set(err, NULL, not_understood);
    if (!key.id[0] || !key.secret[0])
        return error_set(err, "access_key", errand_no_key, account->type->name);
    region = region[0] ? region : place.region;
    bool dotted = strchr(object.bucket, '.') != NULL;
    const char *path =
        url_encoded(a, arena_printf(a, "/%s%s%s", dotted ? object.bucket : "", dotted ? "/" : "", object.key), "/");
    const char *host =
        arena_printf(a, "%s%ss3.%s.%s", dotted ? "" : object.bucket, dotted ? "" : ".", region, place.suffix);
    *ret = (struct send_request){
        .how = SEND_GET, .url = ses_url(account, a, host, path), .wants_header = ENCRYPTED_HEADER};
    sigv4_sign(&key, &(struct aws_call){.host = host, .path = path, .region = region, .service = "s3", .now = now}, a,
               ret);
    return true;
}

bool ses_ask_errand(const struct channel_account *account, const struct errand *errand, int64_t now, struct arena *a,
                    struct send_request *ret, struct error *err)
{
    switch (errand->kind) {
    case ERRAND_KEPT:
        return ask_certificate(account, errand, a, ret) || error_set(err, NULL, not_understood);
    case ERRAND_VISIT:
        return ask_subscription(account, errand, a, ret) || error_set(err, NULL, not_understood);
    case ERRAND_CONTENT:
        break;
    }
    return ask_object(account, errand, now, a, ret, err);
}

/* ---- what is answered ----------------------------------------------------------------------------------------------- */

/* What stands in the first element of that name: S3 and SNS say what is wrong in XML. */
static const char *xml_words(struct arena *a, const struct send_reply *reply, const char *name)
{
    const char *open = arena_printf(a, "<%s>", name);
    const char *from = reply->body_len ? strstr(reply->body, open) : NULL;
    return from ? line_cut(a, utf8_clean(a, from + strlen(open), strcspn(from + strlen(open), "<"), 0), REASON_MAX / 2)
                : NULL;
}

static const char *aws_words(struct arena *a, const struct send_reply *reply)
{
    const char *code = xml_words(a, reply, "Code"), *message = xml_words(a, reply, "Message");
    return arena_printf(a, "%d %s%s%s", reply->status, code ? code : "…", message ? ": " : "", message ? message : "");
}

static bool is_gateways(int status)
{
    return status >= 500 || status == 408 || status == 429;
}

static void read_certificate_reply(const struct send_reply *reply, int64_t now, struct arena *a,
                                   struct errand_result *ret)
{
    int64_t from = 0, until = 0;
    const char *words = aws_words(a, reply);
    if (reply->status == 200 && certificate_times(reply->body, &from, &until) && from <= now && now < until) {
        *ret = (struct errand_result){.outcome = ERRAND_DONE, .kept_until = until};
        return;
    }
    *ret = (struct errand_result){.outcome = ERRAND_NEVER,
                                  .said = said(a, errand_certificate, words),
                                  .channel_broken = is_gateways(reply->status)};
}

static void read_subscription_reply(const struct errand *errand, const struct send_reply *reply, struct arena *a,
                                    struct errand_result *ret)
{
    const char *topic = arena_strndup(a, errand->handle, strcspn(errand->handle, " "));
    if (reply->status == 200)
        *ret = (struct errand_result){.outcome = ERRAND_DONE};
    else
        *ret = (struct errand_result){.outcome = is_gateways(reply->status) ? ERRAND_AGAIN : ERRAND_NEVER,
                                      .said = said(a, errand_subscription, topic, aws_words(a, reply)),
                                      .channel_broken = true};
}

/* An object may be named some moments before it can be read (404). A wrong key, or region, is mended by somebody; all else passes. */
static void read_object_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                              struct errand_result *ret)
{
    if (reply->status == 200 && reply->header)
        *ret =
            (struct errand_result){.outcome = ERRAND_NEVER, .said = said(a, errand_encrypted), .channel_broken = true};
    else if (reply->status == 200)
        *ret = (struct errand_result){.outcome = ERRAND_DONE};
    else
        *ret = (struct errand_result){.outcome = ERRAND_AGAIN,
                                      .said = said(a, errand_refused, account->type->name, aws_words(a, reply)),
                                      .channel_broken = reply->status != 404 && !is_gateways(reply->status)};
}

void ses_read_errand(const struct channel_account *account, const struct errand *errand, const struct send_reply *reply,
                     int64_t now, struct arena *a, struct errand_result *ret)
{
    switch (errand->kind) {
    case ERRAND_KEPT:
        read_certificate_reply(reply, now, a, ret);
        return;
    case ERRAND_VISIT:
        read_subscription_reply(errand, reply, a, ret);
        return;
    case ERRAND_CONTENT:
        break;
    }
    read_object_reply(account, reply, a, ret);
}
