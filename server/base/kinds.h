/* Media and kinds of identity: one row is all that is known of one. From these rows come the enums, their names, the tables
 * below and, by `./dev generate`, MEDIA and IDENTITY_KINDS of the console (agent-web/protocol/src/generated.ts).
 *
 * The numbers are stored in the database: a new row takes the next one, and none is ever given again. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Refused by the compiler: a value of the enum without a name, or a name too many. An enum with names ends with how many
 * there are. */
#define NAMES_COUNTED(names, count) _Static_assert(COUNT_OF(names) == (count) + 1, #names ": one each, and NULL")

/* How sure we are that the person stands behind the identity. Only ever rises. */
enum proof {
    PROOF_ANONYMOUS,
    PROOF_CLAIMED,   /* somebody typed it */
    PROOF_PROVEN,    /* a provider, a signature or an answer from it vouches */
    PROOF_CONFIRMED, /* an agent linked it by hand */
    PROOFS_,
};
extern const char *const PROOF_NAMES[];
#define PROOF_NEVER PROOFS_ /* no proof is enough */

/* By what means somebody is reached; decides the icon, the hue and how an entry is drawn. The rows are in the order in which
 * filters list them: number, enumerator, word of the API (its label is medium.<word> in the console's texts), icon (a key of
 * ICONS in agent-web/console/src/ui/icons.ts), hue (--channel-<hue> in its styles/tokens.css). */
#define MEDIA(MEDIUM)                                           \
    MEDIUM(0, NONE, "none", "plug", "other")                    \
    MEDIUM(1, EMAIL, "email", "mail", "email")                  \
    MEDIUM(2, CHAT, "chat", "bubble", "chat")                   \
    MEDIUM(3, PHONE, "phone", "phone", "phone")                 \
    MEDIUM(4, LINE, "line", "line", "line")                     \
    MEDIUM(5, WHATSAPP, "whatsapp", "whatsapp", "whatsapp")     \
    MEDIUM(6, MESSENGER, "messenger", "messenger", "messenger") \
    MEDIUM(7, INSTAGRAM, "instagram", "instagram", "instagram") \
    MEDIUM(8, TELEGRAM, "telegram", "paper_plane", "telegram")  \
    MEDIUM(9, SMS, "sms", "text_bubble", "sms")                 \
    MEDIUM(10, SHOP, "shop", "bag", "shop")                     \
    MEDIUM(12, IN_PERSON, "in_person", "people", "shop")        \
    MEDIUM(13, LETTER, "letter", "letter", "email")             \
    MEDIUM(11, OTHER, "other", "plug", "other")

/* Within which space a value is one person's. */
enum value_space {
    SPACE_EVERYWHERE,
    SPACE_ACCOUNT,   /* one account of a channel: user ids that a provider makes up for each */
    SPACE_CUSTOMERS, /* the customer numbers of a channel, or of all channels with the same customer_space */
};

/* What a value looks like, and so how it is brought into its one form (channel/identity_value.c). */
enum value_form { FORM_ID, FORM_EMAIL, FORM_PHONE, FORM_WHATSAPP };

enum identity_kind_flags {
    KIND_OPAQUE = 1,      /* an id that means nothing to people: the name stands for it */
    KIND_NUMBERED = 2,    /* a number that says nothing without what it numbers */
    KIND_REACHED = 4,     /* one can write to it on one's own account, so that it matters whether one may */
    KIND_SELF_NAMED = 32, /* the name is what the person calls themselves there: when it changes, theirs does */
    KIND_ASKED = 16,      /* webhooks tell no name: the channel is asked for it (channel_type.ask_profile) */
    KIND_PUT = 8,         /* an integration may name people by it; others only the channel that proves them does */
};

/* The kinds of identity: number, enumerator, word of the API (its label is identity.<word> in the console's texts), the column
 * of imports or NOT_IMPORTED, and the rest of struct identity_kind_row. The rows are in the order in which a line of an import
 * is filed under one of those that it names. */
#define IDENTITY_KINDS(KIND)                                                                                          \
    /* an integrator's own customer number, or what else names somebody at one account alone */                       \
    KIND(11, EXTERNAL, "external", IMPORTED("customer_number", COLUMN_ONE, "C-1001"), .medium = MEDIUM_OTHER,         \
         .space = SPACE_CUSTOMERS, .flags = KIND_OPAQUE | KIND_PUT,                                                   \
         .rule = {"same_customer_number", "claimed_customer_number", PROOF_PROVEN, PROOF_PROVEN, 90, 50,              \
                  "The customer number of an integration"})                                                           \
    KIND(1, EMAIL, "email", IMPORTED("email", COLUMN_NUMBERED, "hanako@example.com"), .medium = MEDIUM_EMAIL,         \
         .form = FORM_EMAIL, .flags = KIND_REACHED | KIND_PUT,                                                        \
         .rule = {"same_email", "claimed_email", PROOF_CLAIMED, PROOF_PROVEN, 85, 60, "The e-mail address"})          \
    /* E.164: +819012345678 */                                                                                        \
    KIND(2, PHONE, "phone", IMPORTED("phone", COLUMN_NUMBERED, "+81 90-1234-5678"), .medium = MEDIUM_PHONE,           \
         .form = FORM_PHONE, .flags = KIND_REACHED | KIND_PUT,                                                        \
         .rule = {"same_phone", "claimed_phone", PROOF_CLAIMED, PROOF_PROVEN, 75, 50, "The telephone number"})        \
    KIND(10, LOYALTY_CARD, "loyalty_card", IMPORTED("loyalty_card", COLUMN_ONE, "9900112233"), .medium = MEDIUM_SHOP, \
         .flags = KIND_NUMBERED | KIND_PUT,                                                                           \
         .rule = {"same_card", "claimed_card", PROOF_PROVEN, PROOF_PROVEN, 85, 50, "The loyalty card"})               \
    KIND(4, LINE, "line", IMPORTED("line_user_id", COLUMN_ONE, ""), .medium = MEDIUM_LINE, .space = SPACE_ACCOUNT,    \
         .flags = KIND_OPAQUE | KIND_REACHED | KIND_PUT | KIND_ASKED | KIND_SELF_NAMED)                               \
    /* wa_id: digits without the plus; or the user id of somebody who keeps the number to themselves */               \
    KIND(5, WHATSAPP, "whatsapp", IMPORTED("whatsapp_number", COLUMN_ONE, ""), .medium = MEDIUM_WHATSAPP,             \
         .form = FORM_WHATSAPP, .flags = KIND_REACHED | KIND_PUT | KIND_SELF_NAMED,                                   \
         .rule = {"same_whatsapp", "claimed_whatsapp", PROOF_PROVEN, PROOF_PROVEN, 90, 50, "The WhatsApp account"})   \
    KIND(8, TELEGRAM, "telegram", IMPORTED("telegram_id", COLUMN_ONE, ""), .medium = MEDIUM_TELEGRAM,                 \
         .flags = KIND_REACHED | KIND_PUT | KIND_SELF_NAMED)                                                          \
    KIND(6, MESSENGER, "messenger", IMPORTED("messenger_id", COLUMN_ONE, ""), .medium = MEDIUM_MESSENGER,             \
         .space = SPACE_ACCOUNT, .flags = KIND_OPAQUE | KIND_REACHED | KIND_PUT | KIND_SELF_NAMED)                    \
    KIND(7, INSTAGRAM, "instagram", IMPORTED("instagram_id", COLUMN_ONE, ""), .medium = MEDIUM_INSTAGRAM,             \
         .space = SPACE_ACCOUNT, .flags = KIND_OPAQUE | KIND_REACHED | KIND_PUT | KIND_SELF_NAMED)                    \
    /* the shop's customer number */                                                                                  \
    KIND(9, SHOP_CUSTOMER, "shop_customer", NOT_IMPORTED, .medium = MEDIUM_SHOP, .space = SPACE_CUSTOMERS,            \
         .flags = KIND_NUMBERED | KIND_PUT,                                                                           \
         .rule = {"same_shop_customer", "claimed_shop_customer", PROOF_PROVEN, PROOF_PROVEN, 90, 50,                  \
                  "The shop's customer number"})                                                                      \
    /* a browser with the chat widget */                                                                              \
    KIND(3, VISITOR, "visitor", NOT_IMPORTED, .medium = MEDIUM_CHAT, .space = SPACE_ACCOUNT, .flags = KIND_OPAQUE,    \
         .rule = {"signed_visitor", "claimed_visitor", PROOF_PROVEN, PROOF_PROVEN, 95, 50,                            \
                  "The site's signature over a visitor"})                                                             \
    /* the address that a mail says it comes from, and that failed authentication */                                  \
    KIND(12, UNVERIFIED_EMAIL, "unverified_email", NOT_IMPORTED, .medium = MEDIUM_EMAIL, .form = FORM_EMAIL,          \
         .rule = {"failed_authentication", "failed_authentication", PROOF_NEVER, PROOF_NEVER, 40, 40,                 \
                  "The address of a mail that failed authentication"})

#define MEDIUM_AS_ENUM(number, WORD, ...) MEDIUM_##WORD = (number),
enum medium { MEDIA(MEDIUM_AS_ENUM) };

#define KIND_AS_ENUM(number, WORD, ...) IDENTITY_##WORD = (number),
enum identity_kind { IDENTITY_NONE, IDENTITY_KINDS(KIND_AS_ENUM) };

#define ROW_AS_ONE(...) +1
enum { MEDIUM_COUNT = 0 MEDIA(ROW_AS_ONE), IDENTITY_KIND_COUNT = 1 IDENTITY_KINDS(ROW_AS_ONE) };

/* NULL-terminated and indexed by the enum: the words of the API. */
extern const char *const MEDIUM_NAMES[], *const IDENTITY_KIND_NAMES[];

/* The rule by which an identity joins the person of another that a source names with it. An order's words count for more
 * than others: the shop sends there, and is paid by them. */
struct link_rule {
    const char *name; /* in identity_link.rule, and the signal of a suggestion when two persons are named; NULL: none */
    const char *claim;    /* the signal when the proof falls short */
    int in_order;         /* enum proof: the least that links when an order names it */
    int elsewhere;        /* the least that links otherwise */
    int confidence;       /* per cent, when two persons are named with proof … */
    int claim_confidence; /* … and when it falls short */
    const char *what;     /* for people */
};

struct medium_row {
    enum medium medium;
    const char *name, *icon, *hue;
};

struct identity_kind_row {
    enum identity_kind kind;
    const char *name;
    const char *column; /* of an import; NULL: it is not imported */
    enum medium medium; /* by which it is reached */
    enum value_space space;
    enum value_form form;
    unsigned flags; /* enum identity_kind_flags */
    struct link_rule rule;
};

/* The row of a kind; of a number that is none, one that says nothing but MEDIUM_OTHER. */
const struct identity_kind_row *identity_kind_row(int kind);

/* The rows in their order, up to one without a name. */
extern const struct medium_row MEDIUM_ROWS[];
extern const struct identity_kind_row IDENTITY_KIND_ROWS[];
