#include "api/push.h"

#include "api/api.h"

SHAPE(ENTRY_PUSH_SHAPE, entry_push, "EntryPush", "An entry is new or has changed. Keep the one with the higher version.",
      UUID_REQ(entry_push, customer_id, "customer_id", "Whose timeline."),
      ROW(entry_push, entry, "entry", .kind = FIELD_OBJECT, .flags = FIELD_REQUIRED, .shape = &ENTRY_SHAPE, .help = "The entry as it is now."));

static SHAPE(CUSTOMER_PUSH, customer_push, "CustomerPush", "The person's data, identities or orders have changed: read again what is shown.",
             UUID_REQ(customer_push, customer_id, "customer_id", "The person."));

static SHAPE(WATCHER, watcher, "Watcher", "An agent who looks at a person.",
             UUID_REQ(watcher, agent_id, "agent_id", "Who."),
             BOOL(watcher, typing, "typing", "Writes an answer now."));

SHAPE(PRESENCE_PUSH_SHAPE, presence_push, "PresencePush", "Who looks at a person now, without the receiver.",
      UUID_REQ(presence_push, customer_id, "customer_id", "The person."),
      LIST(presence_push, agents, "agents", &WATCHER, 0, "Colleagues."),
      BOOL(presence_push, visitor_typing, "visitor_typing", "The person types in the chat."));

static SHAPE(RELOAD_PUSH, reload_push, "ReloadPush", "Settings have changed.",
             TEXT_REQ(reload_push, what, "what", 32, "channels or agents: read the list again."));

SHAPE(CHAT_PRESENCE_SHAPE, chat_presence_push, "ChatPresencePush", "To a widget: what the other side does.",
      BOOL(chat_presence_push, online, "online", "An agent is online."),
      BOOL(chat_presence_push, typing, "typing", "An agent writes an answer."),
      TEXT(chat_presence_push, name, "name", 200, "Who."));

extern const struct shape CHAT_MESSAGE_SHAPE;

const struct notification NOTIFICATIONS[] = {
    {"entry", "To agents who watch the person.", &ENTRY_PUSH_SHAPE},
    {"conversation", "To all agents: a row of the queue is new or has changed.", &CONVERSATION_SHAPE},
    {"customer", "To agents who watch the person.", &CUSTOMER_PUSH},
    {"presence", "To agents who watch the person.", &PRESENCE_PUSH_SHAPE},
    {"reload", "To all agents.", &RELOAD_PUSH},
    {"chat.message", "To the visitor: a message is new or has changed.", &CHAT_MESSAGE_SHAPE},
    {"chat.presence", "To the visitor.", &CHAT_PRESENCE_SHAPE},
    {0},
};
