/* What the files of the channel for Amazon SES share: ses.c (who calls, what comes, what goes out), ses_ask.c (what Amazon is asked) and
 * ses_event.c (what became of answers). */
#pragma once

#include "channel/sns.h"

/* Of an object in S3 that a notice has named, as the handle of its errand. */
struct ses_object {
    const char *topic; /* which named it */
    const char *bucket, *key;
    const char *id;                 /* of the mail, at SES; or NULL */
    const char *spf, *dkim, *dmarc; /* what SES found; each may be NULL */
    struct list recipients;         /* const char *: of ours, for whom it was received */
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

/* The Message-ID by which a mail leaves that SES has under that id; NULL: it is no id, or there is no such region. */
const char *ses_leaving_id(struct arena *a, const char *region, const char *id);
/* By which answers leave: that of the API, or of the outgoing mail server; "" when neither is Amazon's. */
const char *ses_sending_region(const struct channel_account *account, struct arena *a);

/* An event or a notification of what became of a mail. */
void ses_add_event(const struct channel_account *account, struct json_object *notice, int64_t received_at,
                   struct arena *a, struct inbound_list *ret);
