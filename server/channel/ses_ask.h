/* What the channel for Amazon SES asks of Amazon: certificates and confirmations of SNS, objects of S3. */
#pragma once

#include "channel/sns.h"

/* Of an object in S3 that a notice has named, as the handle of its errand. */
struct ses_object {
    const char *topic; /* which named it */
    const char *bucket, *key;
    const char *id;                 /* of the mail, at SES; or NULL */
    const char *spf, *dkim, *dmarc; /* what SES found; each may be NULL */
    const char *from; /* the domain of the one author whom SES has read, which is what DMARC was tested for; or NULL */
    struct list recipients; /* const char *: of ours, for whom it was received */
};
const char *ses_object_handle(struct arena *a, const struct ses_object *object);
bool ses_object_read(struct arena *a, const char *handle, struct ses_object *ret); /* false: that is none */

/* "topic token", of a subscription to be confirmed. */
const char *ses_subscription_handle(struct arena *a, const struct sns_message *m);

bool ses_ask_errand(const struct channel_account *account, const struct errand *errand, int64_t now, struct arena *a,
                    struct send_request *ret, struct error *err);
void ses_read_errand(const struct channel_account *account, const struct errand *errand, const struct send_reply *reply,
                     int64_t now, struct arena *a, struct errand_result *ret);

/* Where the request goes: to Amazon, or to the proxy of the settings with Amazon's host first in the path. */
const char *ses_url(const struct channel_account *account, struct arena *a, const char *host, const char *path);
