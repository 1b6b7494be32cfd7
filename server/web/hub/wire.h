/* What goes over the bus, as fields of a frame. Reading gives all or nothing, and bounds every count. */
#pragma once

#include "base/frame.h"
#include "desk/ground/desk.h"

enum wire_kind {
    WIRE_CHANGES = 1, /* changes, encoded for screens */
    WIRE_STATE,       /* how many agents are online here; also the sign of life */
    WIRE_PRESENCE,    /* who looks at some customers here */
    WIRE_HELLO,       /* whoever hears this tells its state and presence */
    WIRE_BYE,         /* this process stops */
};

#define WIRE_PRESENT_MAX 20 /* of a customer; more faces than that say nothing */
#define WIRE_CHANGES_MAX 4096

void wire_change(struct buf *out, const struct change *c);
bool wire_take_changes(struct frame *f,
                       struct changes *ret); /* up to the frame's end; changes_clear also after false */

/* An agent who looks at a person. */
struct present {
    struct uuid agent;
    bool typing;
    const char *name;
};

/* Who looks at one customer at one server. */
struct wire_presence {
    struct uuid customer;
    bool visitor_types, visitor_here;
    int readers;       /* enum role: who may see the next two */
    const char *visit; /* JSON of struct visit, or NULL; as long as the names … */
    const char *says;  /* … and what is being typed */
    size_t n;
    struct present agents[WIRE_PRESENT_MAX];
};

/* Of several pages one is shown: the one where something is typed before the others. Texts are borrowed. */
void wire_add_visitor(struct wire_presence *to, const struct wire_presence *one);

void wire_presence(struct buf *out, const struct wire_presence *p);
bool wire_take_presence(struct frame *f,
                        struct wire_presence *ret); /* the names are malloc'd; clear also after false */
void wire_presence_clear(struct wire_presence *p);
