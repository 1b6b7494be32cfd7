#include "web/call/clients.h"

#include "base/clock.h"
#include "web/call/admit.h"
#include "web/call/client.h"
#include "web/call/socket_call.h"
#include "web/hub/hub.h"

static void client_opened(struct socket *socket, const struct socket_hello *hello)
{
    struct server *s = socket->all->owner;
    struct client *k = mem_alloc(sizeof(*k));
    *k = (struct client){.screen = {.socket = socket, .visitor = socket->visitor},
                         .server = s,
                         .serial = socket->serial,
                         .run = socket_call};
    socket->user = k;
    screen_set_caller(&k->screen, &(struct caller){.role = socket->visitor ? ROLE_VISITOR : ROLE_NONE,
                                                   .origin = hello->origin,
                                                   .address = hello->address,
                                                   .agent_name = ""});
    if (loop_stops(&s->loop)) {
        socket_close(socket, 1001, "the server is stopping");
    } else if (socket->visitor) {
        k->authenticated = true;
        hub_join(s->hub, &k->screen);
    } else {
        admit_begin(k, hello);
    }
}

static void client_said(struct socket *socket, const char *text, size_t n)
{
    client_take(socket->user, text, n);
}

static void client_closed(struct socket *socket)
{
    struct client *k = socket->user;
    hub_leave(k->server->hub, &k->screen);
    client_clear(k);
    screen_clear(&k->screen);
    free(k);
}

const struct socket_owner CLIENTS = {.opened = client_opened, .message = client_said, .closed = client_closed};

void clients_recheck(struct screen *k)
{
    admit_recheck(client_of(k));
}

static void sweep_one(void *arg, struct screen *k)
{
    int64_t now = *(int64_t *)arg;
    admit_recheck_due(client_of(k), now);
    socket_keep_alive(k->socket, now);
}

void clients_sweep(struct server *s)
{
    int64_t now = clock_monotonic();
    screens_each(&s->hub->screens, sweep_one, &now);
}
