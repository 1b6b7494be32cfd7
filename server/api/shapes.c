#include "api/shapes.h"

const char *const YES_NO[] = {"no", "yes", NULL};

const struct shape EMPTY_SHAPE = {.name = "Empty", .help = "Nothing.", .size = sizeof(struct empty), .fields = NULL};

SHAPE(ID_SHAPE, by_id, "ById", "Which one.", UUID_REQ(by_id, id, "id", "Its id."));

SHAPE(OF_CUSTOMER_SHAPE, of_customer, "OfCustomer", "Of one person.",
      UUID_REQ(of_customer, customer_id, "customer_id", "The person."));

SHAPE(CUSTOMER_REF_SHAPE, customer_ref, "CustomerRef", "A person in few words.",
      UUID_REQ(customer_ref, id, "id", "Id."), TEXT(customer_ref, name, "name", 254, "Name, or what there is of one."));

static SHAPE(SHARE, share, "Share", "A shared identifier that a person uses.",
             UUID_REQ(share, identity_id, "identity_id", "The identity."),
             UUID_REQ(share, customer_id, "customer_id", "Its own record, where what comes by it arrives."),
             ENUM_REQ(share, kind, "kind", IDENTITY_KIND_NAMES, "What the value is."),
             TEXT_REQ(share, value, "value", 254, "The address or number."),
             INT(share, others, "others", 0, 0, "How many others share it."));

SHAPE(AGENT_SHAPE, agent, "Agent", "Somebody who works here.", UUID_REQ(agent, id, "id", "Id."),
      TEXT_REQ(agent, email, "email", 254, "Log-in name."),
      TEXT_REQ(agent, name, "name", 200, "As customers and colleagues see it."),
      ENUM_REQ(agent, role, "role", ROLE_NAMES, "What they may do; each role includes those before it."),
      TEXT_REQ(agent, language, "language", 16, "Of the console: en or ja."),
      BOOL(agent, active, "active", "False: cannot log in."),
      TIME(agent, created_at, "created_at", "When the account was made."));

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
    INT(channel_row, failures, "failures", 0, 0, "Inputs that could not be understood and wait for a retry."));

SHAPE(IDENTITY_SHAPE, identity, "Identity", "One way of reaching or recognising a person; facts are filed under it.",
      UUID_REQ(identity, id, "id", "Id."), ENUM_REQ(identity, kind, "kind", IDENTITY_KIND_NAMES, "What the value is."),
      TEXT_REQ(identity, value, "value", 254, "Normalised: lower-case address, E.164 number, provider's user id."),
      UUID(identity, channel_id, "channel_id", "The account within which the value is unique; null: everywhere."),
      TEXT(identity, name, "name", 200, "What the provider calls the person."),
      ENUM_REQ(identity, proof, "proof", PROOF_NAMES, "How sure it is that the person stands behind it."),
      INT(identity, version, "version", 0, 0, "Raised by one by every change of an entry under it."),
      TIME(identity, first_at, "first_at", "Its first entry."), TIME(identity, last_at, "last_at", "Its last entry."),
      TIME(identity, last_in_at, "last_in_at", "The last message from the person through it."),
      INT(identity, points, "points", 0, 0, "Loyalty points, as last told."),
      TEXT(identity, tier, "tier", 60, "Loyalty tier, as last told."),
      TIME(identity, linked_at, "linked_at", "Since when it belongs to its customer."),
      TEXT(identity, rule, "rule", 40, "The rule that linked it: first_contact, same_email, same_phone, vouched, …"),
      TEXT(identity, evidence, "evidence", 500, "On what evidence, in words."),
      UUID(identity, linked_by, "linked_by", "The agent who put it here; null: a rule did."),
      UUID(identity, operation_id, "operation_id", "The merge or move that put it here; null: a rule did."),
      BOOL(identity, shared, "shared", "Of several persons: it has a record of its own, and no rule links by it."),
      ENUM_REQ(identity, consent, "consent", CONSENT_NAMES, "Whether we may write to it on our own account."),
      TIME(identity, consent_at, "consent_at", "Since when."),
      TIME(identity, bounced_at, "bounced_at", "What is sent to it comes back since then; null: it does not."),
      TEXT(identity, bounced_reason, "bounced_reason", 500, "Why, in the provider's words."));

SHAPE(CUSTOMER_SHAPE, customer, "Customer", "A person, as believed now.", UUID_REQ(customer, id, "id", "Id."),
      TEXT(customer, name, "name", 200, "Name; empty when nobody knows it."),
      TEXT(customer, language, "language", 16, "BCP 47 tag."), TEXT(customer, time_zone, "time_zone", 64, "IANA name."),
      TEXT(customer, company, "company", 200, "Company."),
      LINES(customer, about, "about", 2000, "What every agent should know at once."),
      TIME(customer, created_at, "created_at", "When the record was made."),
      INT(customer, version, "version", 0, 0, "Of the record: higher after every change of it, for customer.update."),
      TIME(customer, erased_at, "erased_at", "When the person was erased."),
      TIME(customer, first_at, "first_at", "First contact."), TIME(customer, last_at, "last_at", "Last contact."),
      INT(customer, points, "points", 0, 0, "Loyalty points over all identities; null: not a member."),
      TEXT(customer, tier, "tier", 60, "Loyalty tier."), JSON(customer, tags, "tags", 0, "List of texts."),
      JSON(customer, attributes, "attributes", 0, "Object: the keys of attribute.list to text, number or boolean."),
      LIST(customer, identities, "identities", &IDENTITY_SHAPE, 0, "All that belong to the person now."),
      LIST(customer, shared_by, "shared_by", &CUSTOMER_REF_SHAPE, 0,
           "Not empty: this is the record of a shared identifier, and what comes may be from any of these."),
      LIST(customer, shares, "shares", &SHARE, 0, "Shared identifiers that the person uses."),
      LIST(customer, moved_to, "moved_to", &ID_SHAPE, 0,
           "When nothing is left here: the persons whom it belongs to now."));

SHAPE(CUSTOMER_HIT_SHAPE, customer_hit, "CustomerHit", "A person found.",
      UUID_REQ(customer_hit, id, "id", "Customer id."), TEXT(customer_hit, name, "name", 200, "Name."),
      TEXT(customer_hit, matched, "matched", 254, "The address, number or order that matched."),
      TEXTS(customer_hit, media, "media", 0, "Means of contact the person has used."),
      TIME(customer_hit, last_at, "last_at", "Last contact."));

SHAPE(CONVERSATION_SHAPE, conversation, "Conversation", "A stretch of work with one person, on whatever channels.",
      UUID_REQ(conversation, id, "id", "Id."), INT(conversation, number, "number", 0, 0, "The number people say."),
      UUID_REQ(conversation, customer_id, "customer_id", "The person."),
      TEXT(conversation, customer_name, "customer_name", 254, "Name, or the identity's name or value when unknown."),
      ENUM_REQ(conversation, status, "status", CONVERSATION_STATUS_NAMES, "Where it stands."),
      UUID(conversation, assignee_id, "assignee_id", "The agent who has it; null: nobody."),
      ENUM_REQ(conversation, priority, "priority", PRIORITY_NAMES, "How urgent it is."),
      TEXT(conversation, subject, "subject", 250, "From the first mail that had one; may be empty."),
      TEXT(conversation, preview, "preview", 250, "The last entry in one line."),
      ENUM_REQ(conversation, last_medium, "last_medium", MEDIUM_NAMES, "Of the last entry."),
      ENUM_REQ(conversation, last_direction, "last_direction", DIRECTION_NAMES, "Of the last entry."),
      TIME(conversation, last_at, "last_at", "When the last entry happened."),
      TIME(conversation, waiting_since, "waiting_since", "The person waits for an answer since then; null: does not."),
      INT(conversation, unread, "unread", 0, 0, "Entries from the person that no agent has seen."),
      TIME(conversation, snoozed_until, "snoozed_until", "Opens again then."),
      TIME(conversation, resolved_at, "resolved_at", "When it was resolved."),
      TIME(conversation, created_at, "created_at", "When it began."),
      JSON(conversation, tags, "tags", 0, "List of texts."),
      INT(conversation, version, "version", 0, 0, "Raised by every change; a lower one is older news."));

SHAPE(ATTACHMENT_SHAPE, stored_attachment, "Attachment", "A stored file.",
      TEXT(stored_attachment, name, "name", 255, "File name."),
      TEXT_REQ(stored_attachment, type, "type", 127, "MIME type."),
      INT(stored_attachment, size, "size", 0, 0, "Bytes."),
      TEXT_REQ(stored_attachment, sha256, "sha256", 64, "Of the content, hexadecimal."),
      TEXT(stored_attachment, cid, "cid", 255, "Content-ID that the mail's HTML refers to."),
      BOOL(stored_attachment, is_inline, "inline", "Part of the text rather than beside it."),
      TEXT_REQ(stored_attachment, url, "url", 500, "Path of its content on this server."));

SHAPE(ENTRY_SHAPE, entry, "Entry", "One item of a person's timeline.", UUID_REQ(entry, id, "id", "Id."),
      UUID_REQ(entry, identity_id, "identity_id", "What it is filed under, for ever."),
      INT(entry, version, "version", 0, 0, "The identity's version when the entry last changed."),
      TIME(entry, occurred_at, "occurred_at", "When it happened."),
      TIME(entry, received_at, "received_at", "When this server learned of it."),
      UUID(entry, conversation_id, "conversation_id", "The conversation it belongs to."),
      UUID(entry, channel_id, "channel_id", "The account it came or went by."),
      ENUM_REQ(entry, medium, "medium", MEDIUM_NAMES, "By what means."),
      ENUM_REQ(entry, kind, "kind", ENTRY_KIND_NAMES, "What it is."),
      ENUM_REQ(entry, direction, "direction", DIRECTION_NAMES, "From the person, to the person, or among us."),
      ENUM_REQ(entry, author_kind, "author_kind", AUTHOR_KIND_NAMES, "Who made it."),
      UUID(entry, author_id, "author_id", "The agent."),
      TEXT(entry, author_name, "author_name", 200, "Name of the author when it is not the person's own."),
      TEXT(entry, subject, "subject", 1000, "Subject."), LINES(entry, text, "text", 0, "Plain text."),
      LINES(entry, html, "html", 0, "HTML as it came: not sanitised."),
      JSON(entry, payload, "payload", 0, "What belongs to this kind only; docs/API.md lists it by kind."),
      JSON(entry, attachments, "attachments", 0, "List of Attachment."),
      TEXT(entry, external_id, "external_id", 255, "The provider's id."),
      ENUM_REQ(entry, delivery, "delivery", DELIVERY_NAMES, "What became of an outgoing entry."),
      TEXT(entry, delivery_error, "delivery_error", 500, "Why it was not delivered, and what helps."),
      UUID(entry, journal_id, "journal_id", "The raw input it came from."),
      JSON(entry, moved_to, "moved_to", 0,
           "Filed under the wrong identity; which entry stands for it: {entry_id, customer_id, name, reason, by, at}."),
      TIME(entry, erased_at, "erased_at", "When what was said in it was erased; the entry stays as a mark."),
      JSON(entry, moved_from, "moved_from", 0,
           "Stands for an entry filed under the wrong identity: the same, and undone: true when it was moved back."),
      BOOL(entry, closed, "closed", "The caller may not read it: only what it is, and when, is told."),
      BOOL(entry, pinned, "pinned", "Stays on top of the person's page."));

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
