/* A person's conversations, as answers have them. */
#pragma once

#include "api/call.h"

/* The newest, of what the caller may read; struct conversation. */
struct list call_conversations(struct call *call, const struct uuid *customer, bool *ret_more);
