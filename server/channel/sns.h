/* Amazon SNS over HTTP (docs.aws.amazon.com/sns: "Amazon SNS message and JSON formats", "Verifying the signatures of Amazon SNS
 * messages"): who calls, and what is in the envelope. Shared by channels whose provider notifies by it. Pure. */
#pragma once

#include "channel/kit.h"

#define SNS_RAW_HEADER "x-amz-sns-rawdelivery"

/* Where a topic is: "arn:aws:sns:eu-west-1:123456789012:mail". */
struct aws_place {
    const char *region;
    const char *suffix; /* "amazonaws.com"; in China "amazonaws.com.cn" */
};

enum sns_type { SNS_NOTIFICATION, SNS_SUBSCRIPTION, SNS_UNSUBSCRIBED, SNS_TYPES_ };

/* Members of the envelope; all texts are there, `subject` may be NULL. They live as long as the arena. */
struct sns_message {
    enum sns_type type;
    struct aws_place place; /* of the topic */
    const char *topic, *id, *message, *timestamp, *signature, *version, *certificate_url;
    const char *subject, *token, *subscribe_url;
};

/* False: this is no ARN of a topic. */
bool sns_place(struct arena *a, const char *topic, struct aws_place *ret);

/* False fills *err: this is no envelope of SNS. */
bool sns_read(const struct web_request *request, struct arena *a, struct sns_message *ret, struct error *err);

/* The address is that of a certificate of SNS in that place, and of nothing else: not of a bucket that is called alike. */
bool sns_certificate_fits(const char *url, const struct aws_place *place);

/* The signature holds by the certificate. */
bool sns_signature_holds(const struct sns_message *m, const char *certificate);

/* The whole check. `topics`: those that may call, with blanks between. */
bool sns_verify(const struct channel_account *account, const char *topics, const struct web_request *request,
                struct error *err);
/* What it lacks is the certificate: of a message of such a topic, that is not too old, at an address that fits. */
bool sns_ask_first(const struct channel_account *account, const char *topics, const struct web_request *request,
                   struct arena *a, struct errand *ret);

bool sns_is_listed(const char *topics, const char *topic);

/* The address by which a subscription is confirmed: made from the topic and the token, so that no other is ever asked for. NULL: there
 * is none of such a topic, or no such token. */
const char *sns_confirm_url(struct arena *a, const char *topics, const char *topic, const char *token);
