#include "api/push.h"

#include "api/call.h"
#include "desk/conversation/rules.h"
#include "store/task.h"

#include <string.h>

static SHAPE(ENTRY_PUSH_SHAPE, entry_push, "EntryPush", "An entry is new or has changed. Keep the one with the higher version.",
    UUID_REQ(entry_push, customer_id, "customer_id", "Whose timeline."),
    OBJECT(entry_push, entry, "entry", &ENTRY_SHAPE, "The entry as it is now.", REQUIRED));

static SHAPE(CUSTOMER_PUSH_SHAPE, customer_push, "CustomerPush", "The person's data or identities have changed: read again what is shown. What an entry changes (the counts of its day, orders, pins, the window of the way it came by) follows from the entry.",
    UUID_REQ(customer_push, customer_id, "customer_id", "The person."));

static SHAPE(DRAFT_PUSH_SHAPE, draft_push, "DraftPush", "An agent's draft to a person is another one: their other screens read it again.",
    UUID_REQ(draft_push, customer_id, "customer_id", "The person."),
    UUID_REQ(draft_push, agent_id, "agent_id", "Whose draft."),
    INT_REQ(draft_push, version, "version", 0, 0, "Its version; 0: there is none any more."));

static SHAPE(WATCHER, watcher, "Watcher", "An agent who looks at a person.",
    UUID_REQ(watcher, agent_id, "agent_id", "Who."),
    BOOL(watcher, typing, "typing", "Writes an answer now."));

const char *const VISIT_DEVICE_NAMES[] = {"phone", "tablet", "computer", NULL};

SHAPE(VISIT_SHAPE, visit, "Visit", "Where a visitor of the chat is, as their widget says it. Kept as long as they are there, and no longer.",
    TEXT(visit, url, "url", VISITOR_URL_MAX, "The page that is open."),
    TEXT(visit, title, "title", 200, "Its title."),
    TEXT(visit, before_url, "before_url", VISITOR_URL_MAX, "The page of the site before it."),
    TEXT(visit, referrer, "referrer", VISITOR_URL_MAX, "Whence they came to the site, without what was asked for there."),
    TEXT(visit, language, "language", 16, "Of the browser, as a BCP 47 tag."),
    TEXT(visit, time_zone, "time_zone", 64, "Of the browser, an IANA name."),
    ENUM(visit, device, "device", VISIT_DEVICE_NAMES, "What they hold in their hands."));

static SHAPE(PRESENCE_PUSH_SHAPE, presence_push, "PresencePush", "Who looks at a person now, without the receiver.",
    UUID_REQ(presence_push, customer_id, "customer_id", "The person."),
    LIST(presence_push, agents, "agents", &WATCHER, 0, "Colleagues."),
    BOOL(presence_push, visitor_typing, "visitor_typing", "The person types in the chat."),
    BOOL(presence_push, visitor_here, "visitor_here", "The person has a page with the chat open."),
    LINES(presence_push, visitor_text, "visitor_text", TYPED_TEXT_MAX, "What they type, where the channel shows it (typing_preview); not sent yet."),
    OBJECT(presence_push, visit, "visit", &VISIT_SHAPE, "Where they are; null: nobody is there, or it is not for the receiver."));

static const char *const RELOAD_WHAT_NAMES[] = {"channels", "agents", "attributes", "all", NULL};
NAMES_COUNTED(RELOAD_WHAT_NAMES, RELOAD_WHATS_);

static SHAPE(RELOAD_PUSH_SHAPE, reload_push, "ReloadPush", "Settings have changed.",
    ENUM_REQ(reload_push, what, "what", RELOAD_WHAT_NAMES, "channels, agents or attributes: read the list again. all: pushes may have been missed, read again what is shown, from the versions you have, as after a lost connection."));

static SHAPE(CHAT_PRESENCE_SHAPE, chat_presence_push, "ChatPresencePush", "To a widget: what the other side does.",
    BOOL(chat_presence_push, online, "online", "An agent is online."),
    BOOL(chat_presence_push, typing, "typing", "An agent writes an answer."),
    TEXT(chat_presence_push, name, "name", 200, "Who."));

SHAPE(CHAT_MESSAGE_SHAPE, chat_message, "ChatMessage", "One message as a visitor sees it.",
    UUID_REQ(chat_message, id, "id", "Id."),
    UUID(chat_message, client_id, "client_id", "The id that the widget gave it."),
    INT(chat_message, version, "version", 0, 0, "Version of the visitor when it last changed."),
    TIME(chat_message, at, "at", "When."),
    BOOL(chat_message, mine, "mine", "The visitor wrote it."),
    TEXT(chat_message, author_name, "author_name", 200, "The agent, or the bot."),
    BOOL(chat_message, bot, "bot", "A program wrote it, and no person: say so."),
    LINES(chat_message, text, "text", 0, "The text."),
    LINES(chat_message, html, "html", 0, "Of a formatted answer: the same with its marks, as p, br, ul, ol, li, blockquote, pre, code, strong, em and a with href."),
    JSON(chat_message, attachments, "attachments", 0, "List of Attachment."),
    ENUM_REQ(chat_message, delivery, "delivery", DELIVERY_NAMES, "State."));

const char *const PUSH_TO_WORDS[] = {"agents who watch the person", "all agents", "supervisors and administrators",
                                     "the visitor", NULL};
NAMES_COUNTED(PUSH_TO_WORDS, PUSH_TO_);

const struct notification NOTIFICATIONS[PUSHES_] = {
    [PUSH_ENTRY] = {"entry", PUSH_TO_WATCHERS, "An entry is new or has changed.", &ENTRY_PUSH_SHAPE},
    [PUSH_CONVERSATION] = {"conversation", PUSH_TO_AGENTS, "A row of the queue is new or has changed.",
                           &CONVERSATION_SHAPE},
    [PUSH_CUSTOMER] = {"customer", PUSH_TO_WATCHERS, "The person has changed.", &CUSTOMER_PUSH_SHAPE},
    [PUSH_PRESENCE] = {"presence", PUSH_TO_WATCHERS, "Who looks or types.", &PRESENCE_PUSH_SHAPE},
    [PUSH_RELOAD] = {"reload", PUSH_TO_AGENTS, "Read again; `all` goes to visitors too.", &RELOAD_PUSH_SHAPE},
    [PUSH_TASK] = {"task", PUSH_TO_SUPERVISORS, "Long work was asked for, goes on, or is over.", &TASK_SHAPE},
    [PUSH_DRAFT] = {"draft", PUSH_TO_WATCHERS, "What an agent has begun to write has changed.", &DRAFT_PUSH_SHAPE},
    [PUSH_CHAT_MESSAGE] = {"chat.message", PUSH_TO_VISITOR, "A message is new or has changed.", &CHAT_MESSAGE_SHAPE},
    [PUSH_CHAT_PRESENCE] = {"chat.presence", PUSH_TO_VISITOR, "What the other side does.", &CHAT_PRESENCE_SHAPE},
};

/* What becomes of a change. */
static const struct {
    enum push push;
    enum reload_what what; /* PUSH_RELOAD */
} CHANGES[] = {
    [CHANGE_ENTRY] = {PUSH_ENTRY, 0},
    [CHANGE_CONVERSATION] = {PUSH_CONVERSATION, 0},
    [CHANGE_CUSTOMER] = {PUSH_CUSTOMER, 0},
    [CHANGE_CHANNELS] = {PUSH_RELOAD, RELOAD_CHANNELS},
    [CHANGE_AGENTS] = {PUSH_RELOAD, RELOAD_AGENTS},
    [CHANGE_ATTRIBUTES] = {PUSH_RELOAD, RELOAD_ATTRIBUTES},
    [CHANGE_SESSIONS] = {PUSH_NONE, 0},
    [CHANGE_OUTBOX] = {PUSH_NONE, 0},
    [CHANGE_TASK] = {PUSH_TASK, 0},
    [CHANGE_DRAFT] = {PUSH_DRAFT, 0},
    [CHANGE_ERASED] = {PUSH_NONE, 0},
};
_Static_assert(COUNT_OF(CHANGES) == CHANGE_KINDS_, "a row for each kind of change");

enum push push_of(enum change_kind kind)
{
    return CHANGES[kind].push;
}

const char *chat_external_id(struct arena *a, const char *visitor, const struct uuid *client_id)
{
    char id[UUID_TEXT_SIZE];
    uuid_format(client_id, id);
    return arena_printf(a, "%s:%s", visitor, id);
}

static struct uuid client_id_of(const struct entry *e)
{
    struct uuid id = {{0}};
    const char *colon = e->external_id ? strrchr(e->external_id, ':') : NULL;
    if (colon)
        uuid_parse_text(colon + 1, &id);
    return id;
}

struct chat_message chat_message_of(const struct entry *e)
{
    bool mine = e->direction == DIRECTION_IN;
    return (struct chat_message){.id = e->id,
                                 .client_id = mine ? client_id_of(e) : (struct uuid){{0}},
                                 .version = e->version,
                                 .at = e->occurred_at,
                                 .mine = mine,
                                 .bot = e->author_kind == AUTHOR_BOT,
                                 .author_name = mine ? NULL : e->author_name,
                                 .text = e->text,
                                 .html = !mine && message_is_formatted(e) ? e->html : NULL,
                                 .attachments = e->attachments,
                                 .delivery = e->delivery};
}

char *notification_text(enum push push, const void *params)
{
    struct buf out = {0};
    buf_printf(&out, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":", NOTIFICATIONS[push].name);
    field_encode(NOTIFICATIONS[push].params, params, &out);
    buf_putc(&out, '}');
    return buf_steal(&out);
}

static void encode_entry(struct change *c)
{
    struct entry_push push = {c->customer, (struct entry *)(uintptr_t)c->entry};
    c->json = notification_text(PUSH_ENTRY, &push);
    if (!entry_may_read(c->entry, ROLE_AGENT)) {
        struct entry closed = *c->entry;
        entry_close(&closed);
        push.entry = &closed;
        c->readers = c->entry->readers;
        c->closed_json = notification_text(PUSH_ENTRY, &push);
    }
    if (!c->for_visitor)
        return;
    struct chat_message message = chat_message_of(c->entry);
    c->visitor_json = notification_text(PUSH_CHAT_MESSAGE, &message);
}

static void encode_conversation(struct change *c)
{
    c->json = notification_text(PUSH_CONVERSATION, c->conversation);
    c->readers = conversation_readers(c->conversation);
    if (c->readers <= ROLE_AGENT)
        return;
    struct conversation closed = *c->conversation;
    conversation_close(&closed, ROLE_AGENT);
    c->closed_json = notification_text(PUSH_CONVERSATION, &closed);
}

static void encode(struct change *c)
{
    switch (push_of(c->kind)) {
    case PUSH_ENTRY:
        encode_entry(c);
        break;
    case PUSH_CONVERSATION:
        encode_conversation(c);
        break;
    case PUSH_CUSTOMER:
        c->json = notification_text(PUSH_CUSTOMER, &(struct customer_push){c->customer});
        break;
    case PUSH_DRAFT:
        c->json = notification_text(PUSH_DRAFT, &(struct draft_push){c->customer, c->identity, c->version});
        break;
    case PUSH_RELOAD:
        c->json = notification_text(PUSH_RELOAD, &(struct reload_push){(int)CHANGES[c->kind].what});
        break;
    case PUSH_TASK:
        c->json = notification_text(PUSH_TASK, c->task);
        break;
    default:
        break;
    }
}

void changes_encode(struct changes *changes)
{
    for (size_t i = 0; i < changes->n; i++) {
        struct change *c = &changes->items[i];
        if (c->json)
            continue;
        encode(c);
        c->entry = NULL; /* the records go, the texts stay */
        c->conversation = NULL;
        c->task = NULL;
    }
}
