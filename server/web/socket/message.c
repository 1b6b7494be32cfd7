#include "web/socket/message.h"

#include "base/mem.h"

struct message *message_new(const char *text, size_t n)
{
    struct message *m = mem_alloc(sizeof(*m) + LWS_PRE + n);
    m->references = 1;
    m->n = n;
    memcpy(m->data + LWS_PRE, text, n);
    return m;
}

struct message *message_ref(struct message *m)
{
    m->references++;
    return m;
}

void message_unref(struct message *m)
{
    if (--m->references == 0)
        free(m);
}
