/* What lies in a mailbox, for whoever connects it: how many mails, from when to when, the newest ones, and which folders there are. */
#pragma once

#include "collect/hand.h"

enum look_end survey_mailbox(struct hand *h);

/* It is seen to the end: `found` is what lies there, JSON. */
enum look_end survey_done(struct hand *h, const char *found);
