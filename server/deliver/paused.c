#include "deliver/paused.h"

void pause_channel(struct paused_channels *p, int64_t channel, int64_t until)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->items[i].channel == channel) {
            p->items[i].until = until;
            return;
        }
    }
    if (p->n < PAUSED_MAX) {
        p->items[p->n].channel = channel;
        p->items[p->n++].until = until;
    }
}

size_t paused_now(struct paused_channels *p, int64_t now, int64_t *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n;) {
        if (p->items[i].until <= now)
            p->items[i] = p->items[--p->n];
        else
            ret[n++] = p->items[i++].channel;
    }
    return n;
}
