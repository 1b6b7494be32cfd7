#include "api/methods.h"

extern const struct method SESSION_METHODS[], CONVERSATION_METHODS[], TIMELINE_METHODS[], MESSAGE_METHODS[],
    CUSTOMER_METHODS[], PEOPLE_METHODS[], ENTRY_METHODS[], ORDER_METHODS[], OVERVIEW_METHODS[], ATTRIBUTE_METHODS[],
    CHANNEL_METHODS[], AGENT_METHODS[], CHAT_METHODS[], PRIVACY_METHODS[], TASK_METHODS[], IMPORT_METHODS[],
    SEARCH_METHODS[], VISITOR_METHODS[], EVENT_METHODS[], READER_METHODS[], PERSON_METHODS[], REACH_METHODS[],
    SUGGESTION_METHODS[], HINT_METHODS[], HERE_METHODS[];

const struct method *const API_TABLES[] = {SESSION_METHODS,    CONVERSATION_METHODS,
                                           TIMELINE_METHODS,   MESSAGE_METHODS,
                                           CUSTOMER_METHODS,   PEOPLE_METHODS,
                                           ENTRY_METHODS,      ORDER_METHODS,
                                           OVERVIEW_METHODS,   ATTRIBUTE_METHODS,
                                           CHANNEL_METHODS,    AGENT_METHODS,
                                           CHAT_METHODS,       PRIVACY_METHODS,
                                           TASK_METHODS,       IMPORT_METHODS,
                                           SEARCH_METHODS,     VISITOR_METHODS,
                                           EVENT_METHODS,      READER_METHODS,
                                           PERSON_METHODS,     REACH_METHODS,
                                           SUGGESTION_METHODS, HINT_METHODS,
                                           HERE_METHODS,       NULL};

const struct method *method_find(const char *name)
{
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++)
            if (strcmp(m->name, name) == 0)
                return m;
    return NULL;
}
