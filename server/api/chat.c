/* chat.*: what the widget on a web page calls. A visitor sees nothing but the own conversation. */
#include "api/api.h"
#include "api/shapes.h"

struct hello_params {
    struct uuid channel_id;
    const char *token;
    int64_t version;
    const char *page_url;
    const char *language;
};

struct chat_message {
    struct uuid id;
    struct uuid client_id;
    int64_t version;
    int64_t at;
    bool mine;
    const char *author_name;
    const char *text;
    const char *attachments;
    int delivery;
};

struct hello_result {
    const char *token;
    struct uuid visitor_id;
    int64_t version;
    struct list messages;
    bool complete;
    const char *title, *accent, *greeting, *away_text;
    bool online;
    const char *name, *email;
};

struct chat_attachment {
    const char *sha256;
    const char *name;
    const char *type;
};

struct chat_send {
    struct uuid client_id;
    const char *text;
    struct list attachments;
    int64_t written_at;
};

struct chat_identify {
    const char *email;
    const char *name;
    const char *user_id;
    const char *signature;
};

struct chat_identified {
    bool proven;
};

struct chat_seen {
    int64_t version;
};

struct chat_typing {
    bool typing;
};

static SHAPE(HELLO, hello_params, "ChatHelloParams", "The first call of a widget on its socket.",
             UUID_REQ(hello_params, channel_id, "channel_id", "The chat channel, from the script tag."),
             TEXT(hello_params, token, "token", 100, "The visitor's, from an earlier hello; without it a new visitor is made when something is sent."),
             INT(hello_params, version, "version", 0, INT64_MAX, "Up to where messages are known: only what was missed is answered."),
             TEXT(hello_params, page_url, "page_url", 1000, "The page the visitor is on."),
             TEXT(hello_params, language, "language", 16, "Of the browser."));
SHAPE(CHAT_MESSAGE_SHAPE, chat_message, "ChatMessage", "One message as a visitor sees it.",
             UUID_REQ(chat_message, id, "id", "Id."),
             UUID(chat_message, client_id, "client_id", "The id that the widget gave it."),
             INT(chat_message, version, "version", 0, 0, "Version of the visitor when it last changed."),
             TIME(chat_message, at, "at", "When."),
             BOOL(chat_message, mine, "mine", "The visitor wrote it."),
             TEXT(chat_message, author_name, "author_name", 200, "The agent."),
             LINES(chat_message, text, "text", 0, "The text."),
             JSON(chat_message, attachments, "attachments", 0, "List of Attachment."),
             ENUM_REQ(chat_message, delivery, "delivery", DELIVERY_NAMES, "State."));
static SHAPE(HELLO_RESULT, hello_result, "ChatHello", "Everything the widget needs.",
             TEXT_REQ(hello_result, token, "token", 100, "Keep it in the browser; it is the visitor's key."),
             UUID(hello_result, visitor_id, "visitor_id", "The visitor's identity."),
             INT(hello_result, version, "version", 0, 0, "Version after these messages."),
             LIST(hello_result, messages, "messages", &CHAT_MESSAGE_SHAPE, 0, "Oldest first."),
             BOOL(hello_result, complete, "complete", "False: forget what is known and show these only."),
             TEXT(hello_result, title, "title", 200, "Name of the channel."),
             TEXT(hello_result, accent, "accent", 32, "Colour."),
             TEXT(hello_result, greeting, "greeting", 500, "Shown before the first message."),
             TEXT(hello_result, away_text, "away_text", 500, "Shown when no agent is online."),
             BOOL(hello_result, online, "online", "An agent is online."),
             TEXT(hello_result, name, "name", 200, "As the visitor gave it."),
             TEXT(hello_result, email, "email", 254, "As the visitor gave it."));
static SHAPE(CHAT_ATTACHMENT, chat_attachment, "ChatAttachmentRef", "A file uploaded by POST /chat/attachments.",
             ROW(chat_attachment, sha256, "sha256", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 64, .max = 64, .help = "As the upload answered."),
             TEXT_REQ(chat_attachment, name, "name", 255, "File name."),
             TEXT(chat_attachment, type, "type", 127, "MIME type."));
static SHAPE(CHAT_SEND, chat_send, "ChatSendParams", "A message from the visitor.",
             UUID_REQ(chat_send, client_id, "client_id", "Made by the widget: a repeat with the same id adds nothing."),
             ROW(chat_send, text, "text", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .max = 20000, .help = "The text; may be empty when there are attachments."),
             LIST(chat_send, attachments, "attachments", &CHAT_ATTACHMENT, 10, "Files."),
             TIME(chat_send, written_at, "written_at", "When it was written, if it had to wait for the network."));
static SHAPE(CHAT_IDENTIFY, chat_identify, "ChatIdentifyParams", "Who the visitor is. Without a signature it is a claim: noted, and nothing more is shown for it.",
             TEXT(chat_identify, email, "email", 254, "Address."),
             TEXT(chat_identify, name, "name", 200, "Name."),
             TEXT(chat_identify, user_id, "user_id", 200, "The site's own customer number."),
             TEXT(chat_identify, signature, "signature", 64, "Hex HMAC-SHA256 with the channel's identity secret over user_id, or over email when there is no user_id: proof."));
static SHAPE(CHAT_IDENTIFIED, chat_identified, "ChatIdentified", "What it was taken for.",
             BOOL(chat_identified, proven, "proven", "The signature held."));
static SHAPE(CHAT_SEEN, chat_seen, "ChatSeenParams", "The visitor has seen all messages.",
             INT(chat_seen, version, "version", 0, INT64_MAX, "Up to this version."));
static SHAPE(CHAT_TYPING, chat_typing, "ChatTypingParams", "The visitor types.",
             BOOL(chat_typing, typing, "typing", "Types now."));

#define RUN(f) NULL

const struct method CHAT_METHODS[] = {
    {"chat.hello", "Begins: settings of the widget and the visitor's own messages.", ROLE_VISITOR, METHOD_SOCKET_ONLY,
     EFFECT_VISITOR, &HELLO, &HELLO_RESULT, RUN(hello)},
    {"chat.send", "A message from the visitor; committed before the call returns.", ROLE_VISITOR, METHOD_SOCKET_ONLY,
     EFFECT_NONE, &CHAT_SEND, &CHAT_MESSAGE_SHAPE, RUN(send)},
    {"chat.identify", "Says who the visitor is.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_NONE, &CHAT_IDENTIFY,
     &CHAT_IDENTIFIED, RUN(identify)},
    {"chat.seen", "The visitor has read everything.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_NONE, &CHAT_SEEN,
     &EMPTY_SHAPE, RUN(seen)},
    {"chat.typing", "The visitor types.", ROLE_VISITOR, METHOD_SOCKET_ONLY, EFFECT_TYPING, &CHAT_TYPING, &EMPTY_SHAPE,
     NULL},
    {0},
};
