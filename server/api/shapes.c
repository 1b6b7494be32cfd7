#include "api/shapes.h"

const char *const YES_NO[] = {"no", "yes", NULL};

const struct shape EMPTY_SHAPE = {.name = "Empty", .help = "Nothing.", .size = sizeof(struct empty), .fields = NULL};

SHAPE(OF_CUSTOMER_SHAPE, of_customer, "OfCustomer", "Of one person.",
    UUID_REQ(of_customer, customer_id, "customer_id", "The person."));

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
    TEXT(stored_attachment, sha256, "sha256", 64, "Of the content, hexadecimal; null: it is not here."),
    TEXT(stored_attachment, cid, "cid", 255, "Content-ID that the mail's HTML refers to."),
    BOOL(stored_attachment, is_inline, "inline", "Part of the text rather than beside it."),
    TEXT(stored_attachment, url, "url", 500, "Path of its content on this server; null: it is not here."),
    ENUM(stored_attachment, fetch, "fetch", FILE_FETCH_NAMES, "Only of one that is not here, because a provider keeps it: waiting, while it is fetched; or why that has failed. entry.fetch tries it again."),
    ENUM(stored_attachment, scan, "scan", FILE_SCAN_NAMES, "What a virus scanner says of it, when that keeps it from being given out, or it was not looked at: waiting, infected or too_large; null: nothing."),
    TEXT(stored_attachment, found, "found", 200, "What it is infected with, as the scanner calls it."));
