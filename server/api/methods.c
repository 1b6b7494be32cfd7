#include "api/methods.h"

/* A row each, in the order of the documents. */
#define TABLES(X)           \
    X(SESSION_METHODS)      \
    X(CONVERSATION_METHODS) \
    X(TIMELINE_METHODS)     \
    X(MESSAGE_METHODS)      \
    X(OUTBOX_METHODS)       \
    X(DRAFT_METHODS)        \
    X(CUSTOMER_METHODS)     \
    X(PEOPLE_METHODS)       \
    X(ENTRY_METHODS)        \
    X(SCAN_METHODS)         \
    X(LINK_METHODS)         \
    X(ORDER_METHODS)        \
    X(OVERVIEW_METHODS)     \
    X(ATTRIBUTE_METHODS)    \
    X(CHANNEL_METHODS)      \
    X(MAILBOX_METHODS)      \
    X(SIGN_IN_METHODS)      \
    X(MAIL_KEY_METHODS)     \
    X(AGENT_METHODS)        \
    X(CHAT_METHODS)         \
    X(PRIVACY_METHODS)      \
    X(TASK_METHODS)         \
    X(IMPORT_METHODS)       \
    X(SEARCH_METHODS)       \
    X(VISITOR_METHODS)      \
    X(EVENT_METHODS)        \
    X(READER_METHODS)       \
    X(PERSON_METHODS)       \
    X(REACH_METHODS)        \
    X(SUGGESTION_METHODS)   \
    X(SAVED_SEARCH_METHODS) \
    X(HINT_METHODS)         \
    X(HERE_METHODS)

#define DECLARE(table) extern const struct method table[];
TABLES(DECLARE)

#define AND_NEXT(table) table,
const struct method *const API_TABLES[] = {TABLES(AND_NEXT) NULL};

const struct method *method_find(const char *name)
{
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++)
            if (strcmp(m->name, name) == 0)
                return m;
    return NULL;
}
