/* Where the changes of a commit go, once it is made: to the screens, to the other processes, and to whoever has work by them:
 * search, couriers, tasks, the accounts in use. On the loop. */
#pragma once

struct changes;
struct server;

/* What a worker of this process has changed; encoded (api/push.h). The changes stay the caller's. */
void server_publish(struct server *s, const struct changes *changes);
void server_apply(struct server *s, const struct changes *changes); /* the same for what another process has changed */
