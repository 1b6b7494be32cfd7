#include "api/shapes.h"

const char *const YES_NO[] = {"no", "yes", NULL};

const struct shape EMPTY_SHAPE = {.name = "Empty", .help = "Nothing.", .size = sizeof(struct empty), .fields = NULL};

SHAPE(OF_CUSTOMER_SHAPE, of_customer, "OfCustomer", "Of one person.",
    UUID_REQ(of_customer, customer_id, "customer_id", "The person."));

SHAPE(TOKEN_SHAPE, token_row, "Token", "A bearer token of an integrator.",
    UUID_REQ(token_row, id, "id", "Id."),
    TEXT_REQ(token_row, name, "name", 200, "What it is for."),
    ENUM_REQ(token_row, role, "role", ROLE_NAMES, "What its bearer may see, and do as far as the scopes allow."),
    TEXTS(token_row, scope_names, "scopes", 0, "put: entries and orders, in its channels; read; send: answers and notes, under its name; administer: all that its role may."),
    UUIDS(token_row, channels, "channels", 0, "Where it may put something."),
    TIME(token_row, created_at, "created_at", "When it was made."),
    TIME(token_row, expires_at, "expires_at", "When it ends by itself; null: never."),
    TIME(token_row, used_at, "used_at", "When it was used last, to a minute; null: not yet."),
    TEXT(token_row, used_address, "used_address", 45, "From where."),
    TIME(token_row, revoked_at, "revoked_at", "When it ceased to work; null while it does."));

SHAPE(CUSTOMER_HIT_SHAPE, customer_hit, "CustomerHit", "A person found.",
    UUID_REQ(customer_hit, id, "id", "Customer id."),
    TEXT(customer_hit, name, "name", 200, "Name."),
    TEXT(customer_hit, matched, "matched", 254, "The address, number or order that matched."),
    TEXTS(customer_hit, media, "media", 0, "Means of contact the person has used."),
    TIME(customer_hit, last_at, "last_at", "Last contact."));

SHAPE(ATTACHMENT_SHAPE, stored_attachment, "Attachment", "A stored file.",
    TEXT(stored_attachment, name, "name", 255, "File name."),
    TEXT_REQ(stored_attachment, type, "type", 127, "MIME type."),
    INT(stored_attachment, size, "size", 0, 0, "Bytes."),
    TEXT_REQ(stored_attachment, sha256, "sha256", 64, "Of the content, hexadecimal."),
    TEXT(stored_attachment, cid, "cid", 255, "Content-ID that the mail's HTML refers to."),
    BOOL(stored_attachment, is_inline, "inline", "Part of the text rather than beside it."),
    TEXT_REQ(stored_attachment, url, "url", 500, "Path of its content on this server."));

SHAPE(JOURNAL_SHAPE, journal_row, "JournalRow", "A raw input as it came.",
    UUID_REQ(journal_row, id, "id", "Id."),
    UUID_REQ(journal_row, channel_id, "channel_id", "By which account."),
    TIME(journal_row, received_at, "received_at", "When."),
    ENUM_REQ(journal_row, status, "status", JOURNAL_STATUS_NAMES, "Whether it became entries."),
    TEXT(journal_row, error, "error", 500, "What could not be understood."),
    TEXT_REQ(journal_row, method, "method", 8, "HTTP method."),
    TEXT(journal_row, query, "query", 2000, "HTTP query string."),
    JSON(journal_row, headers, "headers", 0, "The headers that were kept."),
    LINES(journal_row, body, "body", 0, "The body as text (its beginning, when it is long)."),
    INT(journal_row, body_size, "body_size", 0, 0, "Bytes."),
    INT(journal_row, attempts, "attempts", 0, 0, "How often it was tried."));
