#include "channel/sns.h"

#include "base/certificate.h"
#include "base/clock.h"
#include "base/text.h"
#include "channel/sigv4.h"

#include <stdio.h>

#define SIGNED_MAX_MS DAY_MS /* tries go on for an hour at most; and time to mend a clock or a setting by hand */
#define REGION_MAX 40
#define TOKEN_MAX 1000

static const struct type_row {
    const char *name;
    const char *members[8]; /* that are signed, in their order, up to a NULL */
} TYPES[SNS_TYPES_] = {
    [SNS_NOTIFICATION] = {"Notification", {"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}},
    [SNS_SUBSCRIPTION] = {"SubscriptionConfirmation",
                          {"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}},
    [SNS_UNSUBSCRIBED] = {"UnsubscribeConfirmation",
                          {"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}},
};

static const struct {
    const char *name, *suffix;
} PARTITIONS[] = {{"aws", "amazonaws.com"}, {"aws-us-gov", "amazonaws.com"}, {"aws-cn", "amazonaws.com.cn"}};

/* The next part of an ARN, or NULL. */
static const char *arn_part(struct arena *a, const char **at)
{
    size_t n = strcspn(*at, ":");
    if ((*at)[n] != ':')
        return NULL;
    const char *part = arena_strndup(a, *at, n);
    *at += n + 1;
    return part;
}

static bool is_region(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return n >= 3 && n <= REGION_MAX && text[n] == '\0';
}

bool sns_place(struct arena *a, const char *topic, struct aws_place *ret)
{
    const char *arn = arn_part(a, &topic), *partition = arn ? arn_part(a, &topic) : NULL,
               *service = partition ? arn_part(a, &topic) : NULL, *region = service ? arn_part(a, &topic) : NULL;
    if (!region || strcmp(arn, "arn") != 0 || strcmp(service, "sns") != 0 || !is_region(region))
        return false;
    for (size_t i = 0; i < COUNT_OF(PARTITIONS); i++)
        if (strcmp(PARTITIONS[i].name, partition) == 0) {
            *ret = (struct aws_place){region, PARTITIONS[i].suffix};
            return true;
        }
    return false;
}

/* ---- the envelope --------------------------------------------------------------------------------------------------- */

static bool sns_type_of(const char *name, enum sns_type *ret)
{
    for (enum sns_type type = 0; name && type < SNS_TYPES_; type++)
        if (strcmp(TYPES[type].name, name) == 0) {
            *ret = type;
            return true;
        }
    return false;
}

static void fill_members(struct sns_message *m, struct arena *a, struct json_object *body)
{
    const struct {
        const char **to;
        const char *name;
    } members[] = {
        {&m->topic, "TopicArn"},
        {&m->id, "MessageId"},
        {&m->message, "Message"},
        {&m->timestamp, "Timestamp"},
        {&m->signature, "Signature"},
        {&m->version, "SignatureVersion"},
        {&m->subject, "Subject"},
        {&m->token, "Token"},
        {&m->subscribe_url, "SubscribeURL"},
        {&m->certificate_url, "SigningCertURL"},
    };
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        struct json_object *member = json_at(body, members[i].name);
        if (json_object_is_type(member, json_type_string)) /* as it is: it is signed */
            *members[i].to =
                arena_strndup(a, json_object_get_string(member), (size_t)json_object_get_string_len(member));
    }
}

bool sns_read(const struct web_request *request, struct arena *a, struct sns_message *ret, struct error *err)
{
    struct inbound_list none = {0};
    struct json_object *body = body_json(request, a, &none, err);
    if (!body)
        return false;
    *ret = (struct sns_message){0};
    fill_members(ret, a, body);
    bool whole = sns_type_of(json_text(a, body, "Type"), &ret->type) && ret->topic && ret->id && ret->message &&
                 ret->timestamp && ret->signature && ret->version && ret->certificate_url &&
                 (ret->type == SNS_NOTIFICATION || (ret->token && ret->subscribe_url));
    return (whole && sns_place(a, ret->topic, &ret->place)) ||
           error_set(err, "Type", input_lacks, "Type, TopicArn, Signature");
}

/* ---- the signature -------------------------------------------------------------------------------------------------- */

bool sns_certificate_fits(const char *url, const struct aws_place *place)
{
    char begins[REGION_MAX + 80];
    int n =
        snprintf(begins, sizeof(begins), "https://sns.%s.%s/SimpleNotificationService-", place->region, place->suffix);
    return strncmp(url, begins, (size_t)n) == 0 && strspn(url + n, "0123456789abcdef") == 32 &&
           strcmp(url + n + 32, ".pem") == 0;
}

static const char *sns_member(const struct sns_message *m, const char *name)
{
    const struct {
        const char *name, *value;
    } of[] = {
        {"Message", m->message},     {"MessageId", m->id}, {"Subject", m->subject}, {"SubscribeURL", m->subscribe_url},
        {"Timestamp", m->timestamp}, {"Token", m->token},  {"TopicArn", m->topic},  {"Type", TYPES[m->type].name}};
    for (size_t i = 0; i < COUNT_OF(of); i++)
        if (strcmp(of[i].name, name) == 0)
            return of[i].value;
    return NULL;
}

bool sns_signature_holds(const struct sns_message *m, const char *certificate)
{
    static const struct {
        const char *version;
        enum hmac_hash hash;
    } VERSIONS[] = {{"1", HMAC_SHA1}, {"2", HMAC_SHA256}};
    AUTO_BUF struct buf text = {0};
    for (const char *const *name = TYPES[m->type].members; *name; name++)
        if (sns_member(m, *name))
            buf_printf(&text, "%s\n%s\n", *name, sns_member(m, *name));
    for (size_t i = 0; i < COUNT_OF(VERSIONS); i++)
        if (strcmp(VERSIONS[i].version, m->version) == 0)
            return certificate_verifies(certificate, VERSIONS[i].hash, m->signature, text.data, text.len);
    return false;
}

/* ---- who may call --------------------------------------------------------------------------------------------------- */

bool sns_is_listed(const char *topics, const char *topic)
{
    size_t n = strlen(topic);
    for (const char *at = topics; *at;) {
        size_t blanks = strspn(at, " \t\r\n,"), len = strcspn(at + blanks, " \t\r\n,");
        if (len == n && n > 0 && strncmp(at + blanks, topic, n) == 0)
            return true;
        at += blanks + len;
    }
    return false;
}

static bool is_timely(const struct sns_message *m, int64_t now)
{
    int64_t at;
    return time_parse(m->timestamp, &at) && at >= now - SIGNED_MAX_MS;
}

/* All but the signature. */
static bool is_let_in_unsigned(const char *topics, const struct web_request *request, struct arena *a,
                               struct sns_message *m, struct error *err)
{
    if (web_header(request, SNS_RAW_HEADER))
        return error_english(err, ERR_UNAUTHENTICATED, NULL,
                             "Raw message delivery carries no signature; switch it off in the subscription.");
    if (!sns_read(request, a, m, err))
        return false;
    if (!sns_is_listed(topics, m->topic))
        return error_english(err, ERR_UNAUTHENTICATED, NULL, "The topic is none of those in the channel's settings.");
    if (!sns_certificate_fits(m->certificate_url, &m->place))
        return error_english(err, ERR_UNAUTHENTICATED, NULL,
                             "SigningCertURL is not that of Amazon SNS in the topic's region.");
    return is_timely(m, request->received_at) ||
           error_english(err, ERR_UNAUTHENTICATED, NULL, "It was signed more than a day ago, by this server's clock.");
}

bool sns_verify(const struct channel_account *account, const char *topics, const struct web_request *request,
                struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct sns_message m;
    if (!is_let_in_unsigned(topics, request, a, &m, err))
        return false;
    const char *certificate = channel_kept(account, m.certificate_url, request->received_at);
    if (!certificate)
        return error_english(err, ERR_UNAUTHENTICATED, NULL, "The certificate of SNS is not here yet.");
    return sns_signature_holds(&m, certificate) ||
           error_english(err, ERR_UNAUTHENTICATED, NULL, "The signature does not hold.");
}

bool sns_ask_first(const struct channel_account *account, const char *topics, const struct web_request *request,
                   struct arena *a, struct errand *ret)
{
    struct sns_message m;
    struct error err = {0};
    if (!is_let_in_unsigned(topics, request, a, &m, &err) ||
        channel_kept(account, m.certificate_url, request->received_at))
        return false;
    *ret = (struct errand){
        .kind = ERRAND_KEPT, .handle = m.certificate_url, .slot = arena_printf(a, "certificate %s", m.place.region)};
    return true;
}

const char *sns_confirm_url(struct arena *a, const char *topics, const char *topic, const char *token)
{
    struct aws_place place;
    size_t n = strspn(token, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-");
    bool fits =
        sns_is_listed(topics, topic) && sns_place(a, topic, &place) && n > 0 && n <= TOKEN_MAX && token[n] == '\0';
    return fits ? arena_printf(a, "https://sns.%s.%s/?Action=ConfirmSubscription&TopicArn=%s&Token=%s", place.region,
                               place.suffix, url_encoded(a, topic, "/"), token)
                : NULL;
}
