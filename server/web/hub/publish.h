/* Hands the texts of a change to the screens that may have it. They were made once, before (api/push.h). All on the loop. */
#pragma once

struct change;
struct screen;
struct screens;
struct topics;

/* Where changes go. Borrowed. */
struct audience {
    struct topics *topics;
    struct screens *screens;
    void (*recheck)(struct screen *k); /* a log-in of this agent, or a token, has ended; its own may go on */
};

void publish_change(const struct audience *to, const struct change *c);
