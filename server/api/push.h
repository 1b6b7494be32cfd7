/* The parameters of what the server pushes on a WebSocket. */
#pragma once

#include "api/shapes.h"
#include "desk/ground/desk.h"

struct entry_push {
    struct uuid customer_id;
    struct entry *entry;
};

struct customer_push {
    struct uuid customer_id;
};

struct draft_push {
    struct uuid customer_id, agent_id;
    int64_t version;
};

struct watcher {
    struct uuid agent_id;
    bool typing;
};

/* Where a visitor is, and whence they came, as their widget says it. */
struct visit {
    const char *url, *title, *before_url, *referrer;
    const char *language, *time_zone;
    int device; /* of VISIT_DEVICE_NAMES; -1: not said */
};
extern const char *const VISIT_DEVICE_NAMES[];
extern const struct shape VISIT_SHAPE;

#define TYPED_TEXT_MAX 500

struct presence_push {
    struct uuid customer_id;
    struct list agents; /* struct watcher */
    bool visitor_typing, visitor_here;
    const char *visitor_text;
    struct visit *visit;
};

enum reload_what { RELOAD_CHANNELS, RELOAD_AGENTS, RELOAD_ATTRIBUTES, RELOAD_ALL, RELOAD_WHATS_ };

struct reload_push {
    int what; /* enum reload_what */
};

struct chat_presence_push {
    bool online;
    bool typing;
    const char *name;
};

/* One message as a visitor sees it. */
struct chat_message {
    struct uuid id;
    struct uuid client_id;
    int64_t version;
    int64_t at;
    bool mine;
    bool bot;
    const char *author_name;
    const char *text;
    const char *html;
    const char *attachments;
    int delivery;
};

struct chat_message chat_message_of(const struct entry *e);

/* The external id of a message that a widget has sent; unique within the channel. */
const char *chat_external_id(struct arena *a, const char *visitor, const struct uuid *client_id);

/* Fills the texts of all changes, while their records are there. */
void changes_encode(struct changes *changes);

extern const struct shape CHAT_MESSAGE_SHAPE;

/* What the server pushes on a WebSocket: JSON-RPC notifications. */
enum push {
    PUSH_NONE,
    PUSH_ENTRY,
    PUSH_CONVERSATION,
    PUSH_CUSTOMER,
    PUSH_PRESENCE,
    PUSH_RELOAD,
    PUSH_TASK,
    PUSH_DRAFT,
    PUSH_CHAT_MESSAGE,
    PUSH_CHAT_PRESENCE,
    PUSHES_
};

enum push_to { PUSH_TO_WATCHERS, PUSH_TO_AGENTS, PUSH_TO_SUPERVISORS, PUSH_TO_VISITOR, PUSH_TO_ };

struct notification {
    const char *name;
    enum push_to to;
    const char *help;
    const struct shape *params;
};
extern const struct notification NOTIFICATIONS[PUSHES_]; /* by enum push */
extern const char *const PUSH_TO_WORDS[];

enum push push_of(enum change_kind kind); /* what agents are told of such a change; PUSH_NONE: nothing */

/* As it goes over the wire. malloc'd. */
char *notification_text(enum push push, const void *params);
