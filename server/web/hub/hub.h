/* The hub: which screens are there, what they watch, and what they are told. It puts together screen.h, topic.h, presence.h,
 * publish.h and again.h. All on the loop. */
#pragma once

#include "web/hub/screen.h"
#include "web/hub/topic.h"

struct accounts;
struct again;
struct changes;
struct hub;
struct loop;
struct presence;

struct hub {
    struct screens screens;
    struct topics topics;
    struct presence *presence;
    struct again *again;
    void (*recheck)(struct screen *k);
};

/* `recheck`: an agent's log-in may have ended; the caller asks, and closes its socket when it has. */
struct hub *hub_new(struct loop *loop, void (*recheck)(struct screen *k));
void hub_free(struct hub *hub); /* after the loop has run out; every screen has left */

void hub_join(struct hub *hub, struct screen *k);  /* it is let in */
void hub_leave(struct hub *hub, struct screen *k); /* any screen that closes, let in or not */

void hub_watch(struct hub *hub, struct screen *k, const struct uuid *customer);
void hub_unwatch(struct hub *hub, struct screen *k, const struct uuid *customer);
void hub_typing(struct hub *hub, struct screen *k, const struct uuid *customer,
                bool typing);                        /* an agent, who watches */
void hub_visitor(struct hub *hub, struct screen *k); /* its identity is known now, or another */
void hub_visitor_typing(struct hub *hub, struct screen *k, bool typing, const char *text); /* `text`: or NULL */
void hub_channels_changed(struct hub *hub, const struct accounts *accounts); /* who may see what of a visitor */
bool hub_is_here(const struct hub *hub, const struct uuid *customer);        /* a visitor who is this customer */

void hub_publish(struct hub *hub, const struct changes *changes); /* encoded (api/push.h) */
void hub_close_all(struct hub *hub, int code, const char *text);
