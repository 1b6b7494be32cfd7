/* Files answers that have left in the mailbox's folder of what was sent (\Sent, RFC 6154), byte by byte as they left. What fails is
 * tried some times, shows at the channel, and holds up nothing. One that is ended in the middle may be filed twice. */
#pragma once

#include "collect/hand.h"

enum look_end file_sent(struct hand *h);
