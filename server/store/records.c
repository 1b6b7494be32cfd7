#include "store/records.h"

#include "db/record.h"

const struct db_record DB_RECORDS[] = {
    {"customer", &CUSTOMER_SHAPE},
    {"identity", &IDENTITY_SHAPE},
    {"link", &LINK_RECORD},
    {"share", &SHARE_RECORD},
    {"conversation", &CONVERSATION_SHAPE},
    {"entry", &ENTRY_SHAPE},
    {NULL, NULL},
};
