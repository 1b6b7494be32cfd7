/* customer.*: the person; order.*, orders.put: what was bought. */
#include "api/api.h"
#include "api/shapes.h"
#include "channel/inbound.h"

struct customer_search {
    const char *query;
    int64_t limit;
};

struct customer_hits {
    struct list hits;
};

struct customer_update {
    struct uuid id;
    const char *name;
    const char *language;
    const char *time_zone;
    const char *company;
    const char *about;
};

struct reach_row {
    struct uuid identity_id;
    struct uuid channel_id;
    const char *channel_name;
    int medium;
    const char *address;
    bool usable;
    const char *reason;
    int64_t window_until;
    int64_t text_max;
    const char *text_unit;
    int64_t undo_ms;
    bool has_subject, has_attachments;
    bool best;
};

struct reach {
    struct list ways;
};

struct of_customer {
    struct uuid customer_id;
};

struct order_list {
    struct list orders;
};

struct put_order {
    struct list identities;
    struct order_facts *order;
};

struct put_identity {
    int kind;
    const char *value;
    const char *name;
};

struct orders_put {
    struct uuid channel_id;
    struct list orders;
};

struct put_result {
    int64_t created;
    int64_t repeated;
};

static SHAPE(SEARCH, customer_search, "CustomerSearchParams", "Whom to find.",
             TEXT_REQ(customer_search, query, "query", 200, "Beginning of a name, an address, a phone number in any spelling, or an order number."),
             INT(customer_search, limit, "limit", 1, 100, "At most so many; default 20."));
static SHAPE(HITS, customer_hits, "CustomerHits", "People found.",
             LIST(customer_hits, hits, "hits", &CUSTOMER_HIT_SHAPE, 0, "Last contact first."));
static SHAPE(UPDATE, customer_update, "CustomerUpdateParams", "What is given is changed; an empty text clears.",
             UUID_REQ(customer_update, id, "id", "The person."),
             TEXT(customer_update, name, "name", 200, "Name."),
             TEXT(customer_update, language, "language", 16, "BCP 47 tag."),
             TEXT(customer_update, time_zone, "time_zone", 64, "IANA name."),
             TEXT(customer_update, company, "company", 200, "Company."),
             LINES(customer_update, about, "about", 2000, "What every agent should know at once."));
static SHAPE(REACH_ROW, reach_row, "Way", "One way to write to a person.",
             UUID_REQ(reach_row, identity_id, "identity_id", "To which identity."),
             UUID_REQ(reach_row, channel_id, "channel_id", "By which channel."),
             TEXT_REQ(reach_row, channel_name, "channel_name", 200, "Its name."),
             ENUM_REQ(reach_row, medium, "medium", MEDIUM_NAMES, "By what means."),
             TEXT_REQ(reach_row, address, "address", 254, "Where it goes to, for people."),
             BOOL(reach_row, usable, "usable", "Can be used now."),
             TEXT(reach_row, reason, "reason", 300, "Why not, and what would open it."),
             TIME(reach_row, window_until, "window_until", "Free answers are possible until then; null: always."),
             INT(reach_row, text_max, "text_max", 0, 0, "Longest text; 0: no limit."),
             TEXT_REQ(reach_row, text_unit, "text_unit", 16, "How it is counted: characters, utf16 or bytes."),
             INT(reach_row, undo_ms, "undo_ms", 0, 0, "How long message.cancel is possible; 0: it goes at once."),
             BOOL(reach_row, has_subject, "has_subject", "Has a subject."),
             BOOL(reach_row, has_attachments, "has_attachments", "Takes files."),
             BOOL(reach_row, best, "best", "The one to choose first: usable, and where the person last wrote."));
static SHAPE(REACH, reach, "Reach", "All ways to write to a person.",
             LIST(reach, ways, "ways", &REACH_ROW, 0, "Best first."));
static SHAPE(OF_CUSTOMER, of_customer, "OfCustomer", "Of one person.",
             UUID_REQ(of_customer, customer_id, "customer_id", "The person."));
static SHAPE(ORDER_LIST, order_list, "OrderList", "Orders.",
             LIST(order_list, orders, "orders", &ORDER_SHAPE, 0, "Newest first."));
static SHAPE(PUT_IDENTITY, put_identity, "IdentityRef", "One way of naming a person.",
             ENUM_REQ(put_identity, kind, "kind", IDENTITY_KIND_NAMES, "What the value is."),
             TEXT_REQ(put_identity, value, "value", 254, "Address, number or id; normalised by the server."),
             TEXT(put_identity, name, "name", 200, "What the source calls the person."));
static SHAPE(PUT_ORDER, put_order, "PutOrder", "An order as it is now.",
             ROW(put_order, identities, "identities", .kind = FIELD_LIST, .flags = FIELD_REQUIRED, .shape = &PUT_IDENTITY, .min = 1, .max = 5, .help = "Who bought; the first is what the order is filed under."),
             ROW(put_order, order, "order", .kind = FIELD_OBJECT, .flags = FIELD_REQUIRED, .shape = &ORDER_FACTS_SHAPE, .help = "The snapshot."));
static SHAPE(ORDERS_PUT, orders_put, "OrdersPutParams", "Orders from a shop, app or till.",
             UUID_REQ(orders_put, channel_id, "channel_id", "The shop's channel."),
             LIST(orders_put, orders, "orders", &PUT_ORDER, 200, "In any order: of several snapshots of one order the newest by updated_at counts as now."));
static SHAPE(PUT_RESULT, put_result, "PutResult", "What became of them.",
             INT(put_result, created, "created", 0, 0, "New ones."),
             INT(put_result, repeated, "repeated", 0, 0, "Known already."));

#define RUN(f) NULL

const struct method CUSTOMER_METHODS[] = {
    {"customer.get", "A person with identities.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &CUSTOMER_SHAPE, RUN(get)},
    {"customer.search", "Finds people.", ROLE_AGENT, 0, EFFECT_NONE, &SEARCH, &HITS, RUN(search)},
    {"customer.update", "Changes what is known of a person.", ROLE_AGENT, 0, EFFECT_NONE, &UPDATE, &CUSTOMER_SHAPE,
     RUN(update)},
    {"customer.reach", "All ways to write to a person, with reasons for those that are closed now.", ROLE_AGENT, 0,
     EFFECT_NONE, &OF_CUSTOMER, &REACH, RUN(reach)},
    {"order.list", "A person's orders.", ROLE_AGENT, 0, EFFECT_NONE, &OF_CUSTOMER, &ORDER_LIST, RUN(list_orders)},
    {"orders.put", "Adds orders, or newer states of them.", ROLE_ADMIN, 0, EFFECT_NONE, &ORDERS_PUT, &PUT_RESULT,
     RUN(put_orders)},
    {0},
};
