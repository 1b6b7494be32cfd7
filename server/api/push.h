/* The parameters of what the server pushes on a WebSocket. */
#pragma once

#include "api/shapes.h"

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

extern const struct shape ENTRY_PUSH_SHAPE, PRESENCE_PUSH_SHAPE, CHAT_PRESENCE_SHAPE;
