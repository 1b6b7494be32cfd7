/* docs.aws.amazon.com/ses: "Amazon SNS notification contents" (notificationType) and "Contents of event data" (eventType), which
 * differ in nothing that is read here. */
#include "channel/ses_event.h"

#include "base/clock.h"
#include "channel/mail_api.h"
#include "channel/mail_event.h"

#include <string.h>

#define ID_MAX 200
#define RECIPIENTS_MAX 50

static const struct ses_outcome {
    const char *type;
    enum mail_outcome outcome;
    const char *of;         /* the member that tells of it */
    const char *recipients; /* its member with them: objects with emailAddress, or addresses; NULL: those of the mail */
    const char *words;      /* theirs: of each recipient, or else of the whole; or NULL */
} OUTCOMES[] = {
    {"Delivery", MAIL_HAS_ARRIVED, "delivery", "recipients", NULL},
    {"DeliveryDelay", MAIL_IS_LATE, "deliveryDelay", "delayedRecipients", "diagnosticCode"},
    {"Bounce", MAIL_HAS_BOUNCED, "bounce", "bouncedRecipients", "diagnosticCode"},
    {"Reject", MAIL_WAS_DROPPED, "reject", NULL, "reason"},
    {"Rendering Failure", MAIL_WAS_DROPPED, "failure", NULL, "errorMessage"},
    {"Complaint", MAIL_WAS_CALLED_SPAM, "complaint", "complainedRecipients", NULL},
};

static const struct ses_outcome *ses_outcome_of(const char *type)
{
    for (size_t i = 0; type && i < COUNT_OF(OUTCOMES); i++)
        if (strcmp(OUTCOMES[i].type, type) == 0)
            return &OUTCOMES[i];
    return NULL;
}

const char *ses_leaving_id(struct arena *a, const char *region, const char *id)
{
    size_t n = id ? strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") : 0;
    if (!region || !region[0] || n == 0 || n > ID_MAX || id[n] != '\0')
        return NULL;
    return arena_printf(a, "<%s@%s.amazonses.com>", id, strcmp(region, "us-east-1") == 0 ? "email" : region);
}

/* "arn:aws:ses:eu-west-1:123456789012:identity/shop.example" */
static const char *region_of_source(struct arena *a, const char *arn)
{
    const char *at = arn;
    for (int colons = 0; at && colons < 3; colons++) {
        at = strchr(at, ':');
        at = at ? at + 1 : NULL;
    }
    return at ? arena_strndup(a, at, strcspn(at, ":")) : NULL;
}

/* smtp://email-smtp.eu-west-1.amazonaws.com:587 */
const char *ses_sending_region(const struct channel_account *account, struct arena *a)
{
    static const char HOST[] = "//email-smtp.";
    const char *region = channel_setting(account, "region");
    const char *server = strstr(channel_setting(account, "smtp_url"), HOST);
    if (region[0] || !server)
        return region;
    server += sizeof(HOST) - 1;
    return arena_strndup(a, server, strcspn(server, "."));
}

/* {"throughline_entry": ["…"]}, which the answer was given by either way. */
static const char *ses_mark(struct arena *a, struct json_object *notice)
{
    struct json_object *tag = json_item(json_at(notice, "mail.tags." MAIL_MARK), 0);
    return json_object_is_type(tag, json_type_string) ? arena_strdup(a, json_object_get_string(tag)) : NULL;
}

/* "Permanent General: smtp; 550 5.1.1 user unknown" */
static const char *ses_words(struct arena *a, const struct ses_outcome *row, struct json_object *of,
                             struct json_object *recipient)
{
    const char *kind = json_text(a, of, "bounceType"), *more = json_text(a, of, "bounceSubType"), *words = NULL;
    if (row->words)
        words = json_object_is_type(recipient, json_type_object) ? json_text(a, recipient, row->words)
                                                                 : json_text(a, of, row->words);
    if (!kind)
        return words;
    return arena_printf(a, "%s%s%s%s%s", kind, more ? " " : "", more ? more : "", words ? ": " : "",
                        words ? words : "");
}

static const char *ses_recipient(struct arena *a, struct json_object *recipient)
{
    if (json_object_is_type(recipient, json_type_object))
        return json_text(a, recipient, "emailAddress");
    return json_object_is_type(recipient, json_type_string) ? arena_strdup(a, json_object_get_string(recipient)) : NULL;
}

void ses_add_event(const struct channel_account *account, struct json_object *notice, int64_t received_at,
                   struct arena *a, struct inbound_list *ret)
{
    const char *type = json_text(a, notice, "eventType");
    type = type ? type : json_text(a, notice, "notificationType");
    const struct ses_outcome *row = ses_outcome_of(type);
    if (!type)
        inbound_problem(ret, said(a, event_untyped));
    if (!row)
        return;
    struct json_object *of = json_at(notice, row->of),
                       *to = row->recipients ? json_at(of, row->recipients) : json_at(notice, "mail.destination");
    const char *region = region_of_source(a, json_text(a, notice, "mail.sourceArn")),
               *when = json_text(a, of, "timestamp");
    struct mail_event event = {
        .outcome = row->outcome,
        .mark = ses_mark(a, notice),
        .message_id =
            ses_leaving_id(a, region ? region : ses_sending_region(account, a), json_text(a, notice, "mail.messageId")),
        .at = received_at,
    };
    if (when && time_parse(when, &event.at))
        event.at = time_believable(event.at, received_at);
    if (!event.mark && !event.message_id)
        inbound_problem(ret, said(a, event_unclear, type));
    for (size_t i = 0; i < json_length(to) && i < RECIPIENTS_MAX; i++) {
        event.recipient = ses_recipient(a, json_item(to, i));
        event.words = ses_words(a, row, of, json_item(to, i));
        mail_event_add(account, &event, a, ret);
    }
}
