#include "api/shapes.h"

const char *const YES_NO[] = {"no", "yes", NULL};

const struct shape EMPTY_SHAPE = {.name = "Empty", .help = "Nothing.", .size = sizeof(struct empty), .fields = NULL};

SHAPE(OF_CUSTOMER_SHAPE, of_customer, "OfCustomer", "Of one person.",
      UUID_REQ(of_customer, customer_id, "customer_id", "The person."));

SHAPE(AGENT_SHAPE, agent, "Agent", "Somebody who works here.", UUID_REQ(agent, id, "id", "Id."),
      TEXT_REQ(agent, email, "email", 254, "Log-in name."),
      TEXT_REQ(agent, name, "name", 200, "As customers and colleagues see it."),
      ENUM_REQ(agent, role, "role", ROLE_NAMES, "What they may do; each role includes those before it."),
      TEXT_REQ(agent, language, "language", 16, "Of the console: en or ja."),
      BOOL(agent, active, "active", "False: cannot log in."),
      TIME(agent, created_at, "created_at", "When the account was made."),
      INT(agent, version, "version", 0, 0, "Higher after every change, for agent.update."));

SHAPE(TOKEN_SHAPE, token_row, "Token", "A bearer token of an integrator.", UUID_REQ(token_row, id, "id", "Id."),
      TEXT_REQ(token_row, name, "name", 200, "What it is for."),
      ENUM_REQ(token_row, role, "role", ROLE_NAMES, "What its bearer may see, and do as far as the scopes allow."),
      TEXTS(token_row, scope_names, "scopes", 0,
            "put: entries and orders, in its channels; read; send: answers and notes, under its name; administer: all "
            "that its role may."),
      UUIDS(token_row, channels, "channels", 0, "Where it may put something."),
      TIME(token_row, created_at, "created_at", "When it was made."),
      TIME(token_row, expires_at, "expires_at", "When it ends by itself; null: never."),
      TIME(token_row, used_at, "used_at", "When it was used last, to a minute; null: not yet."),
      TEXT(token_row, used_address, "used_address", 45, "From where."),
      TIME(token_row, revoked_at, "revoked_at", "When it ceased to work; null while it does."));

SHAPE(
    CHANNEL_SHAPE, channel_row, "Channel", "One connected account.", UUID_REQ(channel_row, id, "id", "Id."),
    TEXT_REQ(channel_row, type, "type", 32, "Which kind of account: see channel.types."),
    ENUM_REQ(channel_row, medium, "medium", MEDIUM_NAMES, "By what means it reaches people."),
    TEXT_REQ(channel_row, name, "name", 200, "What agents call it."),
    BOOL(channel_row, active, "active", "False: takes nothing in and sends nothing."),
    JSON(channel_row, settings, "settings", 0, "Its settings by name, without secrets."),
    TEXTS(channel_row, secrets_set, "secrets_set", 0, "Names of the secrets that have a value."),
    TEXT(channel_row, webhook_url, "webhook_url", 500, "Where the provider must send; null when it sends nothing."),
    ENUM_REQ(channel_row, readers, "readers", ROLE_NAMES,
             "The lowest role that may read what comes and goes by it; others see that there is something, and when."),
    TEXTS(channel_row, warnings, "warnings", 0,
          "What works and should be changed: plain_signatures (the chat still takes signatures of the old form)."),
    TEXT(channel_row, problem, "problem", 500, "Why sending is held up, in words; null when all is well."),
    TIME(channel_row, created_at, "created_at", "When it was connected."),
    TIME(channel_row, last_event_at, "last_event_at", "When the provider last sent something."),
    INT(channel_row, failures, "failures", 0, 0, "Inputs that could not be understood and wait for a retry."),
    INT(channel_row, version, "version", 0, 0, "Higher after every change that people make, for channel.update."));

SHAPE(CUSTOMER_HIT_SHAPE, customer_hit, "CustomerHit", "A person found.",
      UUID_REQ(customer_hit, id, "id", "Customer id."), TEXT(customer_hit, name, "name", 200, "Name."),
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

SHAPE(ORDER_SHAPE, order_row, "Order", "An order as it is now.", UUID_REQ(order_row, id, "id", "Id."),
      UUID_REQ(order_row, channel_id, "channel_id", "The shop."),
      UUID_REQ(order_row, identity_id, "identity_id", "Who bought."),
      TEXT_REQ(order_row, number, "number", 64, "As people say it."),
      ENUM_REQ(order_row, state, "state", ORDER_STATE_NAMES, "Where it stands."),
      ENUM_REQ(order_row, place, "place", ORDER_PLACE_NAMES, "Where it was made."),
      TIME(order_row, placed_at, "placed_at", "When it was made."),
      TIME(order_row, updated_at, "updated_at", "When the shop last changed it."),
      TEXT_REQ(order_row, currency, "currency", 8, "ISO 4217."),
      TEXT_REQ(order_row, total, "total", 32, "Decimal text."),
      JSON(order_row, facts, "facts", 0, "The whole snapshot: OrderFacts."));

SHAPE(JOURNAL_SHAPE, journal_row, "JournalRow", "A raw input as it came.", UUID_REQ(journal_row, id, "id", "Id."),
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
