#include "parser/message.h"

#define FIELD(kind_, type, member)                        \
    {                                                     \
        .kind = (kind_), .offset = offsetof(type, member) \
    }
#define TEXT(type, member) FIELD(RECORD_TEXT, type, member)
#define STRING(type, member) FIELD(RECORD_STRING, type, member)
#define NUMBER(type, member) FIELD(RECORD_NUMBER, type, member)
#define BOOL(type, member) FIELD(RECORD_BOOL, type, member)
#define ENUM(type, member, max_)                                             \
    {                                                                        \
        .kind = RECORD_ENUM, .offset = offsetof(type, member), .max = (max_) \
    }
#define ITEMS(type, items_, n_, record_)                                                                          \
    {                                                                                                             \
        .kind = RECORD_ITEMS, .offset = offsetof(type, items_), .count = offsetof(type, n_), .record = &(record_) \
    }
#define LIST(type, member, record_) ITEMS(type, member.items, member.n, record_)
#define RECORD(type, fields_)                      \
    {                                              \
        sizeof(type), (fields_), COUNT_OF(fields_) \
    }

_Static_assert(sizeof(enum entry_kind) == sizeof(unsigned), "RECORD_ENUM");
_Static_assert(sizeof(size_t) == sizeof(int64_t), "RECORD_DATA");

static const struct record_field IDENTITY_FIELDS[] = {
    ENUM(struct identity_ref, kind, IDENTITY_KIND_COUNT - 1),
    NUMBER(struct identity_ref, space),
    TEXT(struct identity_ref, value),
    TEXT(struct identity_ref, name),
    ENUM(struct identity_ref, proof, PROOFS_ - 1),
    ENUM(struct identity_ref, consent, CONSENTS_ - 1),
};
static const struct record IDENTITY_RECORD = RECORD(struct identity_ref, IDENTITY_FIELDS);

static const struct record_field ATTACHMENT_FIELDS[] = {
    TEXT(struct attachment, name),
    TEXT(struct attachment, type),
    TEXT(struct attachment, cid),
    BOOL(struct attachment, is_inline),
    TEXT(struct attachment, sha256),
    TEXT(struct attachment, remote),
    NUMBER(struct attachment, size), /* also where there are no data */
    {.kind = RECORD_DATA, .offset = offsetof(struct attachment, data), .count = offsetof(struct attachment, size)},
};
static const struct record ATTACHMENT_RECORD = RECORD(struct attachment, ATTACHMENT_FIELDS);

static const struct record_field ITEM_FIELDS[] = {
    TEXT(struct order_item, sku),   TEXT(struct order_item, name),      NUMBER(struct order_item, quantity),
    TEXT(struct order_item, price), TEXT(struct order_item, image_url),
};
static const struct record ITEM_RECORD = RECORD(struct order_item, ITEM_FIELDS);

static const struct record_field REFUND_FIELDS[] = {
    NUMBER(struct order_refund, at),
    TEXT(struct order_refund, amount),
    TEXT(struct order_refund, note),
    LIST(struct order_refund, items, ITEM_RECORD),
};
static const struct record REFUND_RECORD = RECORD(struct order_refund, REFUND_FIELDS);

static const struct record_field TRACKING_FIELDS[] = {
    TEXT(struct order_tracking, carrier),
    TEXT(struct order_tracking, number),
    TEXT(struct order_tracking, url),
};
static const struct record TRACKING_RECORD = RECORD(struct order_tracking, TRACKING_FIELDS);

static const struct record_field ORDER_FIELDS[] = {
    TEXT(struct order_facts, external_id),
    TEXT(struct order_facts, number),
    ENUM(struct order_facts, state, ORDER_STATES_ - 1),
    ENUM(struct order_facts, payment, ORDER_PAYMENTS_ - 1),
    ENUM(struct order_facts, place, ORDER_PLACES_ - 1),
    TEXT(struct order_facts, store),
    NUMBER(struct order_facts, placed_at),
    NUMBER(struct order_facts, updated_at),
    TEXT(struct order_facts, currency),
    TEXT(struct order_facts, total),
    LIST(struct order_facts, items, ITEM_RECORD),
    LIST(struct order_facts, removed, ITEM_RECORD),
    LIST(struct order_facts, refunds, REFUND_RECORD),
    LIST(struct order_facts, tracking, TRACKING_RECORD),
    TEXT(struct order_facts, note),
};
static const struct record ORDER_RECORD = RECORD(struct order_facts, ORDER_FIELDS);

static const struct record_field INBOUND_FIELDS[] = {
    ENUM(struct inbound, type, INBOUND_PERSON),
    {.kind = RECORD_WITHIN, .offset = offsetof(struct inbound, from), .record = &IDENTITY_RECORD},
    {.kind = RECORD_ARRAY,
     .offset = offsetof(struct inbound, also),
     .count = offsetof(struct inbound, n_also),
     .max = INBOUND_ALSO_MAX,
     .record = &IDENTITY_RECORD},
    {.kind = RECORD_WITHIN, .offset = offsetof(struct inbound, passed_on), .record = &IDENTITY_RECORD},
    TEXT(struct inbound, external_id),
    BOOL(struct inbound, other_is_new),
    NUMBER(struct inbound, occurred_at),
    ENUM(struct inbound, kind, ENTRY_KINDS_ - 1),
    ENUM(struct inbound, direction, DIRECTIONS_ - 1),
    TEXT(struct inbound, author_name),
    TEXT(struct inbound, subject),
    TEXT(struct inbound, text),
    TEXT(struct inbound, html),
    TEXT(struct inbound, payload),
    LIST(struct inbound, attachments, ATTACHMENT_RECORD),
    FIELD(RECORD_TEXTS, struct inbound, references),
    {.kind = RECORD_POINTER, .offset = offsetof(struct inbound, order), .record = &ORDER_RECORD},
    NUMBER(struct inbound, rank),
    ENUM(struct inbound, delivery, DELIVERIES_ - 1),
    FIELD(RECORD_UUID, struct inbound, entry_id),
    TEXT(struct inbound, error),
    BOOL(struct inbound, by_program),
    TEXT(struct inbound, signed_from),
    {.kind = RECORD_POINTER, .offset = offsetof(struct inbound, or_entry), .record = &INBOUND_RECORD},
    NUMBER(struct inbound, content_hash),
};
const struct record INBOUND_RECORD = RECORD(struct inbound, INBOUND_FIELDS);

static const struct record_field ERRAND_FIELDS[] = {
    ENUM(struct errand, kind, ERRAND_CONTENT),
    TEXT(struct errand, handle),
    TEXT(struct errand, slot),
};
static const struct record ERRAND_RECORD = RECORD(struct errand, ERRAND_FIELDS);

static const struct record_field INBOUND_LIST_FIELDS[] = {
    ITEMS(struct inbound_list, items, n, INBOUND_RECORD),
    LIST(struct inbound_list, errands, ERRAND_RECORD),
    TEXT(struct inbound_list, problem),
};
const struct record INBOUND_LIST_RECORD = RECORD(struct inbound_list, INBOUND_LIST_FIELDS);

static const struct record_field HEADER_FIELDS[] = {
    STRING(struct web_header, name),
    STRING(struct web_header, value),
};
static const struct record HEADER_RECORD = RECORD(struct web_header, HEADER_FIELDS);

static const struct record_field SIGNER_FIELDS[] = {
    ENUM(struct signer, kind, MAIL_KEY_KINDS_ - 1),
    TEXT(struct signer, label),
    STRING(struct signer, fingerprint),
    STRING(struct signer, material),
    FIELD(RECORD_TEXTS, struct signer, addresses),
};
static const struct record SIGNER_RECORD = RECORD(struct signer, SIGNER_FIELDS);

static const struct record_field SIGNER_FACTS_FIELDS[] = {
    ENUM(struct signer_facts, fault, SIGNER_FAULTS_ - 1),
    ENUM(struct signer_facts, kind, MAIL_KEY_KINDS_ - 1),
    TEXT(struct signer_facts, name),
    TEXT(struct signer_facts, fingerprint),
    NUMBER(struct signer_facts, expires_at),
    FIELD(RECORD_TEXTS, struct signer_facts, addresses),
};
const struct record SIGNER_FACTS_RECORD = RECORD(struct signer_facts, SIGNER_FACTS_FIELDS);

static const struct record_field VERIFY_ANSWER_FIELDS[] = {
    FIELD(RECORD_TEXTS, struct verify_answer, payloads),
};
const struct record VERIFY_ANSWER_RECORD = RECORD(struct verify_answer, VERIFY_ANSWER_FIELDS);

static const struct record_field PARSE_ORDER_FIELDS[] = {
    STRING(struct parse_order, type),
    STRING(struct parse_order, settings),
    STRING(struct parse_order, webhook_url),
    FIELD(RECORD_BOOL, struct parse_order, plainly),
    LIST(struct parse_order, signers, SIGNER_RECORD),
    STRING(struct parse_order, request.method),
    STRING(struct parse_order, request.query),
    STRING(struct parse_order, request.content_type),
    ITEMS(struct parse_order, request.headers, request.n_headers, HEADER_RECORD),
    NUMBER(struct parse_order, request.received_at),
};
const struct record PARSE_ORDER_RECORD = RECORD(struct parse_order, PARSE_ORDER_FIELDS);

static const struct record_field PARSE_ANSWER_FIELDS[] = {
    BOOL(struct parse_answer, understood),
    TEXT(struct parse_answer, reason),
    {.kind = RECORD_WITHIN, .offset = offsetof(struct parse_answer, list), .record = &INBOUND_LIST_RECORD},
};
const struct record PARSE_ANSWER_RECORD = RECORD(struct parse_answer, PARSE_ANSWER_FIELDS);

static bool is_json_object(const char *text)
{
    struct json_object *object = json_parse(text, strlen(text), NULL);
    bool fine = json_object_is_type(object, json_type_object);
    json_object_put(object);
    return fine;
}

static bool files_are_sound(const struct list *files)
{
    for (size_t i = 0; i < files->n; i++)
        if (((const struct attachment *)files->items)[i].sha256)
            return false;
    return true;
}

static bool references_are_sound(const struct list *references)
{
    for (size_t i = 0; i < references->n; i++)
        if (!((const char *const *)references->items)[i])
            return false;
    return true;
}

bool verify_answer_is_sound(const struct verify_answer *answer, const struct inbound_list *list)
{
    const char *const *payloads = answer->payloads.items;
    bool fine = answer->payloads.n == list->n;
    for (size_t i = 0; fine && i < list->n; i++)
        fine = payloads[i] ? is_json_object(payloads[i]) : !list->items[i].payload;
    return fine;
}

static bool is_hex(const char *text)
{
    return text && strlen(text) <= 64 && strspn(text, "0123456789abcdef") == strlen(text) && text[0];
}

bool signer_facts_are_sound(const struct signer_facts *facts)
{
    return facts->fault != SIGNER_FINE ||
           (facts->name && is_hex(facts->fingerprint) && facts->expires_at >= 0 &&
            facts->addresses.n <= SIGNER_ADDRESSES_MAX && references_are_sound(&facts->addresses));
}

static bool order_is_sound(const struct order_facts *order)
{
    return !order || (order->external_id && order->number && order->currency && order->total);
}

/* As deep as RECORD_DEPTH_MAX. */
static bool inbound_is_sound(const struct inbound *in) // NOLINT(misc-no-recursion)
{
    return (in->external_id || in->type > INBOUND_EDIT) && (!in->payload || is_json_object(in->payload)) &&
           files_are_sound(&in->attachments) && references_are_sound(&in->references) && order_is_sound(in->order) &&
           (!in->or_entry || inbound_is_sound(in->or_entry));
}

static bool errands_are_sound(const struct list *errands)
{
    for (size_t i = 0; i < errands->n; i++) {
        const struct errand *one = (const struct errand *)errands->items + i;
        if (!one->handle || strlen(one->handle) > ERRAND_HANDLE_MAX)
            return false;
    }
    return errands->n <= ERRANDS_MAX;
}

bool parse_answer_is_sound(const struct parse_answer *answer)
{
    if (!errands_are_sound(&answer->list.errands))
        return false;
    for (size_t i = 0; i < answer->list.n; i++)
        if (!inbound_is_sound(&answer->list.items[i]))
            return false;
    return true;
}

const char *settings_without_secrets(struct arena *a, const struct channel_account *account)
{
    struct json_object *open = json_object_new_object();
    for (const struct setting *s = account->type->settings; s && s->name; s++)
        if (s->kind != SETTING_SECRET)
            json_object_object_add(open, s->name, json_object_new_string(channel_setting(account, s->name)));
    const char *text = arena_strdup(a, json_object_to_json_string(open));
    json_object_put(open);
    return text;
}
