/* What became of answers that left by Amazon SES, and by which Message-ID they did. */
#pragma once

#include "channel/kit.h"

/* The Message-ID by which a mail leaves that SES has under that id; NULL: it is no id, or there is no such region. */
const char *ses_leaving_id(struct arena *a, const char *region, const char *id);
/* By which answers leave: that of the API, or of the outgoing mail server; "" when neither is Amazon's. */
const char *ses_sending_region(const struct channel_account *account, struct arena *a);

/* An event or a notification of what became of a mail. */
void ses_add_event(const struct channel_account *account, struct json_object *notice, int64_t received_at,
                   struct arena *a, struct inbound_list *ret);
