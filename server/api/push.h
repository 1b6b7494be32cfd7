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

struct watcher {
    struct uuid agent_id;
    bool typing;
};

struct presence_push {
    struct uuid customer_id;
    struct list agents; /* struct watcher */
    bool visitor_typing;
};

struct reload_push {
    const char *what;
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
    const char *author_name;
    const char *text;
    const char *attachments;
    int delivery;
};

struct chat_message chat_message_of(const struct entry *e);

/* The external id of a message that a widget has sent; unique within the channel. */
const char *chat_external_id(struct arena *a, const char *visitor, const struct uuid *client_id);

/* Fills the texts of all changes, while their records are there. */
void changes_encode(struct changes *changes);

/* A notification as it goes over the wire. malloc'd. */
char *notification_text(const char *name, const struct shape *shape, const void *params);

extern const struct shape CHAT_MESSAGE_SHAPE;
extern const struct shape ENTRY_PUSH_SHAPE, CUSTOMER_PUSH_SHAPE, PRESENCE_PUSH_SHAPE, RELOAD_PUSH_SHAPE,
    CHAT_PRESENCE_SHAPE;

/* What the server pushes on a WebSocket: JSON-RPC notifications. */
struct notification {
    const char *name;
    const char *help;
    const struct shape *params;
};
extern const struct notification NOTIFICATIONS[];
