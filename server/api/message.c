/* message.*: answers; note.*: what stays among us; entries.put: history and events from integrators. */
#include "api/api.h"
#include "api/shapes.h"

struct attachment_ref {
    const char *sha256;
    const char *name;
    const char *type;
};

struct send_params {
    struct uuid customer_id;
    struct uuid identity_id;
    struct uuid channel_id;
    struct uuid client_id;
    const char *subject;
    const char *text;
    struct list attachments;
};

struct note_params {
    struct uuid customer_id;
    struct uuid client_id;
    const char *text;
    struct list attachments;
};

struct put_identity {
    int kind;
    const char *value;
    const char *name;
};

struct put_entry {
    struct put_identity *identity;
    struct list also;
    int kind;
    int direction;
    int64_t occurred_at;
    const char *external_id;
    const char *author_name;
    const char *author_email;
    const char *subject;
    const char *text;
    const char *html;
    const char *payload;
    int delivery;
};

struct put_params {
    struct uuid channel_id;
    struct list entries;
    int history;
};

struct put_result {
    int64_t created;
    int64_t repeated;
};

static const char *const YES_NO[] = {"no", "yes", NULL};

static SHAPE(ATTACHMENT_REF, attachment_ref, "AttachmentRef", "A file uploaded by POST /api/v1/attachments.",
             ROW(attachment_ref, sha256, "sha256", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 64, .max = 64,
                 .help = "As the upload answered."),
             TEXT_REQ(attachment_ref, name, "name", 255, "File name."),
             TEXT(attachment_ref, type, "type", 127, "MIME type; default application/octet-stream."));
static SHAPE(SEND, send_params, "SendParams", "An answer to a person.",
             UUID_REQ(send_params, customer_id, "customer_id", "The person."),
             UUID_REQ(send_params, identity_id, "identity_id", "To which of the person's identities; see customer.reach."),
             UUID_REQ(send_params, channel_id, "channel_id", "By which channel; see customer.reach."),
             UUID_REQ(send_params, client_id, "client_id", "Made by the client: a repeat with the same id sends nothing twice."),
             TEXT(send_params, subject, "subject", 250, "Email: default is the conversation's."),
             ROW(send_params, text, "text", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .max = 100000, .help = "The answer; may be empty when there are attachments."),
             LIST(send_params, attachments, "attachments", &ATTACHMENT_REF, 20, "Files."));
static SHAPE(NOTE, note_params, "NoteParams", "A note that only colleagues see.",
             UUID_REQ(note_params, customer_id, "customer_id", "The person."),
             UUID_REQ(note_params, client_id, "client_id", "Made by the client: a repeat with the same id adds nothing."),
             ROW(note_params, text, "text", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .min = 1, .max = 100000, .help = "The note."),
             LIST(note_params, attachments, "attachments", &ATTACHMENT_REF, 20, "Files."));
static SHAPE(PUT_IDENTITY, put_identity, "IdentityRef", "One way of naming a person.",
             ENUM_REQ(put_identity, kind, "kind", IDENTITY_KIND_NAMES, "What the value is."),
             TEXT_REQ(put_identity, value, "value", 254, "Address, number or id; normalised by the server."),
             TEXT(put_identity, name, "name", 200, "What the source calls the person."));
static SHAPE(PUT_ENTRY, put_entry, "PutEntry", "An entry from outside.",
             ROW(put_entry, identity, "identity", .kind = FIELD_OBJECT, .flags = FIELD_REQUIRED, .shape = &PUT_IDENTITY, .help = "Whose timeline."),
             LIST(put_entry, also, "also", &PUT_IDENTITY, 4, "Other names of the same person that the source vouches for."),
             ENUM_REQ(put_entry, kind, "kind", ENTRY_KIND_NAMES, "What it is; orders go by orders.put."),
             ENUM(put_entry, direction, "direction", DIRECTION_NAMES, "Default in."),
             TIME(put_entry, occurred_at, "occurred_at", "When it happened; default now."),
             TEXT_REQ(put_entry, external_id, "external_id", 200, "The source's id: a repeat makes nothing new."),
             TEXT(put_entry, author_name, "author_name", 200, "Who wrote it, when not the person."),
             TEXT(put_entry, author_email, "author_email", 254, "Log-in name of the agent who wrote it, if there is such an account."),
             TEXT(put_entry, subject, "subject", 1000, "Subject."),
             LINES(put_entry, text, "text", 100000, "Plain text."),
             LINES(put_entry, html, "html", 500000, "HTML."),
             JSON(put_entry, payload, "payload", 20000, "Object: what belongs to this kind; see docs/API.md."),
             ENUM(put_entry, delivery, "delivery", DELIVERY_NAMES, "Of an outgoing one; default sent."));
static SHAPE(PUT, put_params, "EntriesPutParams", "Entries from a shop, till, app or another system.",
             UUID_REQ(put_params, channel_id, "channel_id", "The channel they belong to."),
             LIST(put_params, entries, "entries", &PUT_ENTRY, 200, "In any order."),
             ENUM(put_params, history, "history", YES_NO, "yes: an import; conversations older than a week are resolved at once and nobody waits. Default no."));
static SHAPE(PUT_RESULT, put_result, "PutResult", "What became of them.",
             INT(put_result, created, "created", 0, 0, "New ones."),
             INT(put_result, repeated, "repeated", 0, 0, "Known already."));

#define RUN(f) NULL

const struct method MESSAGE_METHODS[] = {
    {"message.send", "Answers a person. It is committed before the call returns; see the entry's delivery for what becomes of it.",
     ROLE_AGENT, 0, EFFECT_NONE, &SEND, &ENTRY_SHAPE, RUN(send)},
    {"message.cancel", "Takes an answer back that has not left yet.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &ENTRY_SHAPE,
     RUN(cancel)},
    {"message.retry", "Sends an answer again that has failed.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &ENTRY_SHAPE,
     RUN(retry)},
    {"note.add", "Adds a note.", ROLE_AGENT, 0, EFFECT_NONE, &NOTE, &ENTRY_SHAPE, RUN(add_note)},
    {"entries.put", "Adds entries from outside.", ROLE_ADMIN, 0, EFFECT_NONE, &PUT, &PUT_RESULT, RUN(put_entries)},
    {0},
};
