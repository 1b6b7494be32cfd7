#include "store/all_records.h"

#include "store/access.h"
#include "store/attribute.h"
#include "store/audit.h"
#include "store/block.h"
#include "store/distinction.h"
#include "store/mail_key.h"
#include "store/mailbox.h"
#include "store/operation.h"
#include "store/records.h"
#include "store/saved_search.h"
#include "store/search_read.h"
#include "store/task.h"

const struct db_record RECORDS[] = {
    {"agent", &AGENT_SHAPE},
    {"channel", &CHANNEL_SHAPE},
    {"mailbox", &MAILBOX_SHAPE},
    {"order", &ORDER_SHAPE},
    {"customer", &CUSTOMER_SHAPE},
    {"besides", &BESIDES_RECORD},
    {"identity", &IDENTITY_SHAPE},
    {"link", &LINK_RECORD},
    {"share", &SHARE_RECORD},
    {"conversation", &CONVERSATION_SHAPE},
    {"entry", &ENTRY_SHAPE},
    {"standing", &STANDING_RECORD},
    {"operation_identity", &OPERATION_IDENTITY_SHAPE},
    {"operation", &OPERATION_SHAPE},
    {"search_entry", &SEARCH_ENTRY_RECORD},
    {"search_identity", &SEARCH_IDENTITY_RECORD},
    {"task", &TASK_SHAPE},
    {"token", &TOKEN_SHAPE},
    {"session", &SESSION_RECORD},
    {"mail_key", &MAIL_KEY_SHAPE},
    {"audit", &AUDIT_EVENT_RECORD},
    {"journal", &JOURNAL_SHAPE},
    {"attribute", &ATTRIBUTE_SHAPE},
    {"distinction", &DISTINCTION_SHAPE},
    {"chat_block", &CHAT_BLOCK_SHAPE},
    {"access_seen", &ACCESS_SEEN_SHAPE},
    {"saved_search", &SAVED_SEARCH_SHAPE},
    {NULL, NULL},
};
